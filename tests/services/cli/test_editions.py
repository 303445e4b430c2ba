"""Test that editions are commanded from a shell."""

from __future__ import annotations

import json

import pytest

from geo.errors import FolderUnfit, InvalidDate, InvalidValue, RegisterNotFound

ROWS = "code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n"


@pytest.fixture
def office(run_in_store, tmp_path, monkeypatch):
    """Import two divisions, and give the way to run commands on them."""
    monkeypatch.setenv("TAQSIMAT_DATA_FOLDER", str(tmp_path / "data"))
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    run_in_store("import", tmp_path / "a.csv", "--country", "ir", "--register", "trial", "--commit")
    return lambda command, *more: run_in_store(*command.split(), *more, "--register", "trial")


def test_edition_is_published_copied_and_verified(office, run, tmp_path):
    assert office("publish", "--out", tmp_path / "out").exit_code == 0
    assert run("editions", "verify", tmp_path / "out").exit_code == 0
    assert json.loads(office("editions list", "--json").stdout)[0]["number"] == 1


def test_altered_copy_ends_with_one(office, run, tmp_path):
    office("publish", "--out", tmp_path / "out")
    (tmp_path / "out" / "divisions.csv").write_text("x", encoding="utf-8")
    result = run("editions", "verify", tmp_path / "out")
    assert (result.exit_code, "divisions.csv" in result.stdout) == (1, True)


def test_second_publication_says_that_it_is_the_same(office):
    first, second = (json.loads(office("publish", "--json").stdout) for _ in range(2))
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["edition"] == second["edition"]


@pytest.mark.parametrize("command", ["publish", "publish --as-of 1404-01-01", "editions list", "statistics"])
def test_people_are_answered(office, command):
    result = office(command)
    assert (result.exit_code, "trial" in result.stdout) == (0, True)


def test_statistics_are_counted(office):
    told = json.loads(office("statistics", "--json").stdout)
    assert (told["levels"], told["rows"][0]["counts"]) == (["county"], [1])


@pytest.mark.parametrize(
    ("more", "error"), [(("--as-of", "1450-01-01"), InvalidValue), (("--as-of", "1404-12-30"), InvalidDate)]
)
def test_bad_days_are_refused(office, more, error):
    with pytest.raises(error):
        office("publish", *more)


def test_taken_folder_is_refused_before_anything_is_written(office, tmp_path):
    with pytest.raises(FolderUnfit):
        office("publish", "--out", tmp_path)
    assert not (tmp_path / "data" / "editions").exists()


def test_unknown_register_is_refused(run_in_store):
    with pytest.raises(RegisterNotFound):
        run_in_store("publish", "--register", "nowhere")
