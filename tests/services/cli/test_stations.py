"""Test the commands of polling stations and elections."""

from __future__ import annotations

import pytest

from geo.errors import InvalidMapping, InvalidValue, StationNotFound

MAP = ("--map", "code=code", "--map", "division=in", "--map", "lon=x", "--map", "lat=y", "--map", "any=n")


@pytest.fixture
def kept(run_in_store, read_json, register, tmp_path):
    """Bring two stations into the drawn register."""
    path = tmp_path / "stations.csv"
    path.write_text("code,in,x,y,n\na,A,0.5,0.5,2\nb,D,0.6,0.5,1\n", encoding="utf-8")
    asked = (str(path), "-r", register.name, "--level", "commune", *MAP)
    return read_json("stations", "import", *asked, "--commit"), asked


def test_import_tells_where_stations_stand(kept):
    report, _ = kept
    assert (report["stations"], report["branches"]) == (2, 3)
    assert [stray["station"] for stray in report["levels"][-1]["strays"]] == ["b"]


def test_import_is_printed_for_people(kept, run_in_store):
    printed = run_in_store("stations", "import", *kept[1]).stdout
    assert "stations.csv" in printed and "b:" in printed


def test_notices_are_given_and_listed(kept, run_in_store, read_json, register):
    asked = ("a", "-r", register.name)
    run_in_store("stations", "notice", *asked, "--status", "closed", "--reason", "flood", "--replacement", "b")
    assert [one["replacement"] for one in read_json("stations", "notices", *asked)] == ["b"]
    assert run_in_store("stations", "notices", *asked).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("notice", "a", "--status", "gone"), InvalidValue),
        (("notice", "nowhere", "--status", "closed"), StationNotFound),
        (("notices", "nowhere"), StationNotFound),
        (("import", "missing.csv", "--map", "code"), InvalidMapping),
    ],
)
def test_useless_commands_are_refused(kept, run_in_store, register, arguments, error):
    with pytest.raises(error):
        run_in_store("stations", *arguments, "-r", register.name)


def test_election_of_an_unknown_kind_is_refused(run_in_store, register):
    with pytest.raises(InvalidValue):
        run_in_store("elections", "record", "senate", "--held-on", "2024-01-01", "--name", "x", "-r", register.name)


def test_register_without_elections(run_in_store, read_json, register):
    assert read_json("elections", "list", "-r", register.name) == []
    assert run_in_store("elections", "list", "-r", register.name).exit_code == 0
