"""Test the commands of repairs and of the control against decrees."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from typer.testing import Result

from fixtures.registers import invent_register
from fixtures.torn import tear_register
from geo.errors import InvalidValue, RepairNotFound, RowsRefused, SameRepairOfficer
from services.access.roles import make_operator
from services.cli.repairs import read_numbers
from services.queries import RegisterState
from services.register.decrees import DecreeText, record_decree
from services.tables.repairs import RepairProposal

PROPOSE = ("repairs", "propose", "dehestan", "-r", "drawn", "--as-of", "2022-03-21")
MARKERS = "number,first,second,accuracy_m,source,lon,lat\n7,0101010001,0101010002,{accuracy},survey,51.01,35.0201\n"


@pytest.fixture(autouse=True)
def decree(session: Session, store_states: Callable[..., RegisterState]) -> int:
    """Store the torn register with a decree."""
    state = store_states(session, tear_register(invent_register()))
    text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    return record_decree(session, state, text, caller=make_operator("tests")).id


@pytest.fixture
def number(session: Session, read_json: Callable[..., Any]) -> str:
    """Propose repairs as another officer than the one in the shell."""
    key = read_json(*PROPOSE)["id"]
    session.execute(update(RepairProposal).values(proposed_by="somebody"))
    return str(key)


def test_a_proposal_goes_into_the_register(read_json, run_in_store, number: str, decree: int):
    accepted = read_json("repairs", "accept", number, "--decree", str(decree), "-r", "drawn")
    assert (accepted["state"], accepted["accepted"]) == ("accepted", 3)
    assert run_in_store("repairs", "apply", number, "-r", "drawn").exit_code == 0
    assert read_json("repairs", "list", "-r", "drawn", "--state", "applied")[0]["id"] == int(number)


def test_some_moves_are_accepted(read_json, number: str, decree: int):
    accepted = read_json("repairs", "accept", number, "--decree", str(decree), "-r", "drawn", "--moves", "1,3")
    assert accepted["accepted"] == 2


@pytest.mark.parametrize("options", [(), ("--left",), ("--limit", "1")])
def test_a_proposal_prints_for_people(run_in_store: Callable[..., Result], number: str, options: tuple[str, ...]):
    result = run_in_store("repairs", "show", number, "-r", "drawn", *options)
    assert (result.exit_code, "proposed" in result.output or "پیشنهادشده" in result.output) == (0, True)


def test_who_proposed_may_not_accept(read_json, run_in_store, decree: int):
    key = str(read_json(*PROPOSE)["id"])
    with pytest.raises(SameRepairOfficer):
        run_in_store("repairs", "accept", key, "--decree", str(decree), "-r", "drawn")


def test_a_proposal_is_refused_with_a_reason(read_json, run_in_store, number: str):
    assert run_in_store("repairs", "refuse", number, "--reason", "later", "-r", "drawn").exit_code == 0
    assert read_json("repairs", "show", number, "-r", "drawn")["proposal"]["reason"] == "later"


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg"])
def test_every_line_is_exported(run_in_store, number: str, tmp_path: Path, ending: str):
    out = tmp_path / f"repairs.{ending}"
    assert run_in_store("repairs", "export", number, "--out", out, "-r", "drawn").exit_code == 0
    if ending == "csv":
        rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
        assert [row["repair"] for row in rows] == ["border", "border", "vertex"]
    else:
        assert pyogrio.read_info(out)["features"] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("repairs", "propose", "dehestan", "-r", "drawn", "--first", "guess"),
        ("repairs", "propose", "dehestan", "-r", "drawn", "--most-area", "10001"),
        ("repairs", "propose", "dehestan", "-r", "drawn", "--most-move", "nan"),
        ("repairs", "export", "1", "-r", "drawn", "--out", "a.shp"),
        ("decrees", "describe", "a.csv", "--as", "marks", "-r", "drawn"),
    ],
)
def test_what_cannot_be_done_is_refused(run_in_store: Callable[..., Result], arguments: tuple[str, ...]):
    with pytest.raises(InvalidValue):
        run_in_store(*arguments)


def test_an_unknown_proposal_is_not_found(run_in_store: Callable[..., Result]):
    with pytest.raises(RepairNotFound):
        run_in_store("repairs", "show", "4711", "-r", "drawn")


@pytest.mark.parametrize(
    ("text", "numbers"), [("1", [1]), ("1,3", [1, 3]), ("2-4", [2, 3, 4]), ("۱،۳-۴", [1, 3, 4]), ("4-2", [])]
)
def test_numbers_are_read(text: str, numbers: list[int]):
    assert read_numbers(text) == numbers


@pytest.mark.parametrize("text", ["", "a", "1,,2", "1-", "-1", "1.5", "99999999"])
def test_numbers_that_are_none_are_refused(text: str):
    with pytest.raises(InvalidValue):
        read_numbers(text)


def test_decrees_are_held_against_the_register(read_json, run_in_store, decree: int, tmp_path: Path):
    table, out = tmp_path / "markers.csv", tmp_path / "control.csv"
    table.write_text(MARKERS.format(accuracy=5), encoding="utf-8")
    kept = read_json("decrees", "describe", str(table), "--as", "markers", "--decree", str(decree), "-r", "drawn")
    assert kept["kept"] == 1
    findings = read_json("decrees", "control", "-r", "drawn", "--out", str(out))["findings"]
    assert [one["kind"] for one in findings] == ["marker_off", "unused_decree"]
    assert "marker_off" in out.read_text(encoding="utf-8-sig")
    assert "11" in run_in_store("decrees", "control", "-r", "drawn").output.translate({0x6F1: "1"})


def test_wrong_rows_are_printed(run_in_store: Callable[..., Result], decree: int, tmp_path: Path):
    table = tmp_path / "markers.csv"
    table.write_text(MARKERS.format(accuracy=0), encoding="utf-8")
    with pytest.raises(RowsRefused):
        run_in_store("decrees", "describe", table, "--as", "markers", "--decree", decree, "-r", "drawn")
