"""Attach codes from tables to a small country."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import (
    InvalidMapping,
    MissingColumn,
    NotPermitted,
    RowsRefused,
    StaleVersion,
    UnknownColumn,
    UnknownScheme,
)
from geo.register.periods import Period
from services.access.roles import ANONYMOUS, make_operator
from services.queries import get_register, is_current
from services.register.code_attach import AttachOptions, AttachReport, attach_codes, split_columns
from services.register.code_sources import CodeSource
from services.tables.access import AuditLog
from services.tables.register import Code, ImportRun

TODAY = date(2026, 11, 21)
WRITE = AttachOptions(commit=True)
TURN = date(2020, 11, 24)


@pytest.fixture
def iran(build: Any) -> Any:
    """Name four provinces."""
    country = build("ir")
    for code in ("00", "01", "03", "09"):
        country.add(code, "province")
    return country


@pytest.fixture
def attach(session: Session, iran: Any, tmp_path: Path) -> Any:
    """Attach a text, or the table of the pack, to the small country."""

    def attach(text: str | None, options: AttachOptions = WRITE, **source: Any) -> AttachReport:
        if text is not None:
            source["path"] = tmp_path / "codes.csv"
            source["path"].write_text(text, encoding="utf-8")
        register = get_register(session, iran.register.name)
        caller = make_operator("tests")
        return attach_codes(session, register, CodeSource(**source), options, caller=caller, today=TODAY)

    return attach


def list_codes(session: Session, iran: Any, scheme: str) -> list[tuple[str, str, date | None, date | None]]:
    names = {division: code for code, division in iran.ids.items()}
    rows = session.execute(
        select(Code.division_id, Code.code, func.lower(Code.valid), func.upper(Code.valid))
        .where(Code.register_id == iran.register.id, Code.scheme == scheme, is_current(Code))
        .order_by(Code.code, func.lower(Code.valid))
    )
    return [(names[division], *values) for division, *values in rows]


def test_table_is_attached(session: Session, iran: Any, attach: Any):
    report = attach("sci/1399,iso/2020\n01,IR-01\n03,IR-03\n")
    assert report.counts == {"iso/2020": {"new": 2, "changed": 0, "same": 0, "refused": 0}}
    assert list_codes(session, iran, "iso") == [("01", "IR-01", TURN, None), ("03", "IR-03", TURN, None)]


def test_preview_writes_nothing(session: Session, iran: Any, attach: Any):
    report = attach("sci/1399,iso/2020\n01,IR-01\n", AttachOptions())
    assert (report.committed, report.counts["iso/2020"]["new"]) == (False, 1)
    assert list_codes(session, iran, "iso") == []


def test_commit_is_recorded(session: Session, iran: Any, attach: Any):
    report = attach("sci/1399,iso/2020\n01,IR-01\n")
    run = session.scalars(select(ImportRun).where(ImportRun.register_id == iran.register.id)).one()
    logged = session.scalars(select(AuditLog).order_by(AuditLog.id.desc()).limit(1)).one()
    assert (run.source, run.counts["iso/2020"]["new"], report.version) == ("codes.csv", 1, iran.register.version + 1)
    assert (logged.action, logged.subject) == ("import_divisions", iran.register.name)


def test_same_table_again_writes_nothing(iran: Any, attach: Any):
    attach("sci/1399,iso/2020\n01,IR-01\n")
    again = attach("sci/1399,iso/2020\n01,IR-01\n")
    assert (again.counts["iso/2020"]["same"], again.version) == (1, iran.register.version + 1)


def test_pack_has_tables(session: Session, iran: Any, attach: Any):
    report = attach(None, AttachOptions(commit=True, skip_refused=True), table="iso/1998")
    assert report.counts["iso/1998"] == {"new": 4, "changed": 0, "same": 0, "refused": 0}
    assert report.counts["sci/1399"]["refused"] == 27
    assert ("03", "IR-01", date(1998, 12, 15), TURN) in list_codes(session, iran, "iso")


def test_correction_keeps_other_days(session: Session, iran: Any, attach: Any):
    attach("sci/1399,iso/2020\n01,IR-03\n")
    report = attach("sci/1399,iso/2020\n01,IR-01\n", AttachOptions(Period(date(2022, 1, 1), None), commit=True))
    assert report.counts["iso/2020"]["changed"] == 1
    assert list_codes(session, iran, "iso") == [
        ("01", "IR-01", date(2022, 1, 1), None),
        ("01", "IR-03", TURN, date(2022, 1, 1)),
    ]


def test_record_of_a_correction_is_kept(session: Session, iran: Any, attach: Any):
    attach("sci/1399,iso/2020\n01,IR-03\n")
    attach("sci/1399,iso/2020\n01,IR-01\n")
    own = select(func.count()).where(Code.register_id == iran.register.id, Code.scheme == "iso")
    assert (session.scalar(own), session.scalar(own.where(is_current(Code)))) == (2, 1)


def test_two_divisions_exchange_codes(session: Session, iran: Any, attach: Any):
    attach("sci/1399,iso/2020\n01,IR-03\n03,IR-01\n")
    attach("sci/1399,iso/2020\n01,IR-01\n03,IR-03\n")
    assert [row[:2] for row in list_codes(session, iran, "iso")] == [("01", "IR-01"), ("03", "IR-03")]


@pytest.mark.parametrize(
    ("rows", "field", "rule"),
    [
        ("77,IR-01", "sci/1399", "code_of_nobody"),
        ("7x,IR-01", "sci/1399", "code_no_level"),
        ("05,IR-01", "sci/1399", "code_of_nobody"),
        (",IR-01", "sci/1399", "code_key_missing"),
        ("01,IR-99", "iso/2020", "code_range"),
        ("01,AF-01", "iso/2020", "code_starts"),
        ("01,IR-01\n03,IR-01", "iso/2020", "code_rows_differ"),
        ("01,IR-01\n01,IR-03", "iso/2020", "code_rows_differ"),
        ("01,x" + "9" * 300, "iso/2020", "code_length"),
    ],
)
def test_bad_row_is_named(attach: Any, rows: str, field: str, rule: str):
    report = attach(f"sci/1399,iso/2020\n{rows}\n", AttachOptions())
    assert {(one.field, one.rule) for one in report.problems} == {(field, rule)}
    assert report.problems[0].row == 1


@pytest.mark.parametrize(
    ("rows", "rule"),
    [("1,IR-01", "zeros_restored"), ("۰۱,IR-01", "zeros_restored"), ("01,IR-۰۱", "code_foreign_digits")],
)
def test_restored_text_is_told(session: Session, iran: Any, attach: Any, rows: str, rule: str):
    report = attach(f"sci/1399,iso/2020\n{rows}\n")
    assert [(one.rule, str(one.weight)) for one in report.problems] == [(rule, "restored")]
    assert [row[:2] for row in list_codes(session, iran, "iso")] == [("01", "IR-01")]


def test_refused_rows_stop_a_commit(session: Session, iran: Any, attach: Any):
    with pytest.raises(RowsRefused) as raised:
        attach("sci/1399,iso/2020\n01,IR-01\n77,IR-03\n")
    assert (raised.value.params["refused"], list_codes(session, iran, "iso")) == (1, [])


def test_refused_rows_can_be_left_out(session: Session, iran: Any, attach: Any):
    attach("sci/1399,iso/2020\n01,IR-01\n77,IR-03\n", AttachOptions(commit=True, skip_refused=True))
    assert [row[:2] for row in list_codes(session, iran, "iso")] == [("01", "IR-01")]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ({"columns": {"iso/2020": "b"}}, MissingColumn),
        ({"columns": {"iso/2020": "z", "sci": "a"}}, UnknownColumn),
        ({"columns": {"moon": "b", "sci": "a"}}, UnknownScheme),
        ({"columns": {"iso/2020": "b", "sci": "a"}, "key": "pcode"}, MissingColumn),
    ],
)
def test_columns_must_be_there(attach: Any, source: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        attach("a,b\n01,IR-01\n", **source)


def test_declared_columns_are_read(session: Session, iran: Any, attach: Any):
    report = attach("a,b,c\n01,IR-01,x\n", columns={"iso/2020": "b", "sci": "a"}, key="sci")
    assert report.columns == {"sci/1399": "a", "iso/2020": "b"}
    assert [row[:2] for row in list_codes(session, iran, "iso")] == [("01", "IR-01")]


@pytest.mark.parametrize(
    ("table", "error"), [("osm", InvalidMapping), ("moon", UnknownScheme), ("sci", InvalidMapping)]
)
def test_pack_without_the_table(attach: Any, table: str, error: type[Exception]):
    with pytest.raises(error):
        attach(None, table=table)


def test_stale_version_is_refused(attach: Any):
    with pytest.raises(StaleVersion):
        attach("sci/1399,iso/2020\n01,IR-01\n", AttachOptions(based_on=99))


def test_caller_must_be_allowed(session: Session, iran: Any):
    with pytest.raises(NotPermitted):
        attach_codes(session, iran.register, CodeSource(table="iso"), WRITE, caller=ANONYMOUS, today=TODAY)


@pytest.mark.parametrize("pairs", [["iso"], ["sci=a", "b"]])
def test_pair_without_a_mark_is_refused(pairs: list[str]):
    with pytest.raises(InvalidMapping):
        split_columns(pairs)
