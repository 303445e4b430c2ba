"""Test that seats are shared from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from geo.errors import InvalidMapping, InvalidValue, UnknownCountry
from services.cli.app import app
from services.queries import RegisterState


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write the table of the known answer."""
    path = tmp_path / "people.csv"
    path.write_text("code,population\nA,9100\nB,700\nC,150\nD,50\n", encoding="utf-8")
    return path


@pytest.fixture
def share(run: Callable[..., Result], table: Path) -> Callable[..., Any]:
    """Share seats among the rows of the table, and read the answer."""
    return lambda *asked: json.loads(run("apportion", "--population", table, *asked, "--json").stdout)


@pytest.mark.parametrize(
    ("asked", "seats"),
    [
        (("--method", "article-49", "--floor", "2"), [15, 1, 2, 2]),
        (("--method", "article-49", "--trigger", "2"), [14, 2, 2, 2]),
        (("--method", "hamilton"), [18, 2, 0, 0]),
        (("--method", "hamilton", "--cap", "10"), [10, 8, 2, 0]),
        (("--method", "hamilton", "--reserve", "kuchi=10"), [9, 1, 0, 0]),
    ],
)
def test_seats_are_shared_among_the_rows(share, asked, seats):
    assert list(share("--seats", 20, *asked)["seats"].values()) == seats


def test_body_of_a_pack_brings_its_rule(share):
    answer = share("--body", "wolesi_jirga", "--country", "af")
    assert (answer["total"], answer["reserved"]) == (249, {"kuchi": 10})


def run_bare(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_infeasible_seats_come_with_a_certificate(table: Path):
    result = run_bare("apportion", "--population", table, "--method", "adams", "--seats", "3", "--json")
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["certificate"]["reason"]) == ("infeasible", "floors_over_seats")
    assert type(result.exception).__name__ == "Infeasible"


@pytest.mark.parametrize(("lot", "code"), [((), 4), (("--lot", "y,x"), 0)])
def test_tie_is_an_answer_with_an_exit_code_of_its_own(tmp_path: Path, lot, code):
    path = tmp_path / "equal.csv"
    path.write_text("code,population\nx,5\ny,5\n", encoding="utf-8")
    result = run_bare("apportion", "--population", path, "--method", "dhondt", "--seats", "3", "--json", *lot)
    assert result.exit_code == code
    assert json.loads(result.stdout)["ties"][0]["codes"] == ["x", "y"]


def test_steps_are_printed_for_people(run, table: Path):
    shown = run("apportion", "--population", table, "--method", "article-49", "--seats", "20").stdout
    assert "14" in shown or "۱۴" in shown


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("--seats", "5"), InvalidValue),
        (("--method", "hamilton"), InvalidValue),
        (("--method", "best", "--seats", "5"), InvalidValue),
        (("--method", "hamilton", "--seats", "5", "--reserve", "kuchi"), InvalidValue),
        (("--method", "hamilton", "--seats", "5", "--reserve", "kuchi=-1"), InvalidValue),
        (("--method", "hamilton", "--seats", "5", "--map", "code"), InvalidMapping),
        (("--body", "wolesi_jirga"), InvalidMapping),
        (("--body", "wolesi_jirga", "--country", "xx"), UnknownCountry),
        (("--register", "dz", "--method", "hamilton", "--seats", "5"), InvalidValue),
    ],
)
def test_what_cannot_be_asked_is_refused(run, table: Path, asked, error):
    with pytest.raises(error):
        run("apportion", "--population", table, *asked)


def test_table_or_register_is_needed(run):
    with pytest.raises(InvalidValue):
        run("apportion", "--method", "hamilton", "--seats", "5")


def test_divisions_of_a_register_share_seats(read_json: Callable[..., Any], register: RegisterState):
    asked = ("--register", register.name, "--level", "commune", "--method", "dhondt", "--seats", "8")
    assert read_json("apportion", *asked)["seats"] == {"A": 2, "B": 2, "C": 2, "D": 2}
