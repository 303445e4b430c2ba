"""Write tables across schemes."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import UnknownLevel, UnknownScheme, UnreadableFile
from services.access.roles import make_operator
from services.queries import get_register
from services.register.code_attach import AttachOptions, attach_codes
from services.register.code_sources import CodeSource
from services.register.code_tables import TableWish, export_code_table, make_code_table
from services.tables.changes import Change, Decree, Lineage
from services.tables.register import Code

DAY = date(2026, 1, 1)
TURN = date(2020, 11, 24)


@pytest.fixture
def iran(session: Session, build: Any) -> Any:
    """Give two of three provinces codes of ISO, old and new."""
    country = build("ir")
    for code, name in (("01", "گیلان"), ("03", "آذربایجان شرقی"), ("30", "=البرز")):
        country.add(code, "province", name=name)
    country.add("0101", "county", parent="01")
    for owner, version, code, valid in (
        ("01", "1998", "IR-19", Range(None, TURN)),
        ("03", "1998", "IR-01", Range(None, TURN)),
        ("01", "2020", "IR-01", Range(TURN, None)),
        ("03", "2020", "IR-03", Range(TURN, None)),
    ):
        own = {"register_id": country.register.id, "division_id": country.ids[owner], "valid": valid}
        session.execute(insert(Code).values(scheme="iso", version=version, code=code, **own))
    return country


def split(session: Session, iran: Any, before: str, after: str) -> None:
    """Say that a division came out of another."""
    own = {"register_id": iran.register.id}
    decree = {"number": "1", "issuer": "cabinet", "signed_on": DAY, "in_force_from": DAY, "recorded_by": "tests"}
    decree_id = session.scalar(insert(Decree).values(**own, **decree).returning(Decree.id))
    change = {"kind": "split", "effective_on": DAY, "state": "applied", "body": {}, "drafted_by": "tests"}
    values = {**own, **change, "decree_id": decree_id, "applied_at": "2026-01-01T00:00:00Z"}
    change_id = session.scalar(insert(Change).values(**values).returning(Change.id))
    for role, code in (("predecessor", before), ("successor", before), ("successor", after)):
        session.execute(insert(Lineage).values(change_id=change_id, role=role, division_id=iran.ids[code]))


def list_rows(session: Session, iran: Any, **wish: Any) -> list[tuple[tuple[str, ...], ...]]:
    table = make_code_table(session, iran.register, TableWish(**{"day": DAY, "level": "province", **wish}))
    return [tuple(row.codes[word] for word in table.schemes) for row in table.rows]


@pytest.mark.parametrize("day", [date(2020, 1, 1), DAY])
def test_every_version_has_a_column_whatever_the_day(session: Session, iran: Any, day: date):
    assert list_rows(session, iran, schemes=("sci", "iso"), day=day) == [
        (("01",), ("IR-01",), ("IR-19",)),
        (("03",), ("IR-03",), ("IR-01",)),
        (("30",), (), ()),
    ]


def test_columns_without_a_code_are_left_out(session: Session, iran: Any):
    table = make_code_table(session, iran.register, TableWish(DAY))
    assert (table.schemes, len(table.rows)) == (("sci/1399", "iso/2020", "iso/1998"), 4)


def test_code_of_the_day_is_taken_while_its_version_is_in_force(session: Session, iran: Any):
    later = {"register_id": iran.register.id, "division_id": iran.ids["30"], "valid": Range(date(2024, 1, 1), None)}
    session.execute(insert(Code).values(scheme="iso", version="2020", code="IR-30", **later))
    assert list_rows(session, iran, schemes=("iso/2020",), day=date(2022, 1, 1))[2] == ((),)
    assert list_rows(session, iran, schemes=("iso/2020",))[2] == (("IR-30",),)


def test_codes_come_through_changes(session: Session, iran: Any):
    split(session, iran, "01", "30")
    found = list_rows(session, iran, schemes=("iso",), through_changes=True)
    assert found[2] == (("IR-01",), ("IR-19",)) == found[0]


def test_row_says_which_codes_came_through_changes(session: Session, iran: Any):
    split(session, iran, "01", "30")
    table = make_code_table(session, iran.register, TableWish(DAY, "province", ("iso/1998",), True))
    assert [row.through_changes for row in table.rows] == [(), (), ("iso/1998",)]


def test_csv_is_written_for_spreadsheets(session: Session, iran: Any, tmp_path: Path):
    out = tmp_path / "codes.csv"
    export_code_table(session, iran.register, out, TableWish(DAY, "province"))
    header, *rows = csv.reader(out.read_text(encoding="utf-8").splitlines())
    assert header == ["level", "name", "sci/1399", "iso/2020", "iso/1998", "through_changes"]
    assert rows[0] == ["province", "گیلان", "01", "IR-01", "IR-19", ""]
    assert rows[2][1] == "'=البرز"


def test_json_holds_the_same(session: Session, iran: Any, tmp_path: Path):
    out = tmp_path / "codes.json"
    report = export_code_table(session, iran.register, out, TableWish(DAY, "province", ("iso/1998",)))
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (report.rows, found["as_of"], found["schemes"]) == (3, "2026-01-01", ["iso/1998"])
    assert found["rows"][1]["codes"] == {"iso/1998": ["IR-01"]}


def test_written_table_can_be_attached_again(session: Session, iran: Any, tmp_path: Path):
    out = tmp_path / "codes.csv"
    export_code_table(session, iran.register, out, TableWish(DAY, "province"))
    register = get_register(session, iran.register.name)
    caller = make_operator("tests")
    report = attach_codes(session, register, CodeSource(path=out), AttachOptions(), caller=caller, today=DAY)
    assert {word: counts["same"] for word, counts in report.counts.items()} == {"iso/1998": 2, "iso/2020": 2}
    assert report.refused == 0


@pytest.mark.parametrize(
    ("wish", "name", "error"),
    [
        (TableWish(DAY, "moon"), "a.csv", UnknownLevel),
        (TableWish(DAY, None, ("moon",)), "a.csv", UnknownScheme),
        (TableWish(DAY), "a.exe", UnreadableFile),
    ],
)
def test_bad_wish_is_refused(
    session: Session, iran: Any, tmp_path: Path, wish: TableWish, name: str, error: type[Exception]
):
    with pytest.raises(error):
        export_code_table(session, iran.register, tmp_path / name, wish)
    assert list(tmp_path.iterdir()) == []
