"""Test that values of indices come in whole or not at all, and that divisions are graded by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, MissingColumn, NotPermitted, RowsRefused, UnknownLevel
from services.access.log import list_entries
from services.access.roles import ANONYMOUS, make_operator
from services.queries import RegisterState
from services.register.indices import IndexReport, grade_level, import_values
from services.tables.indices import IndexValue

DAY = date(2026, 1, 1)
WHOLE = "code,people,growth,schools,distance\nA,10,1,1,40\nB,20,3,2,30\nC,30,2,3,20\nD,40,2,4,10\n"
Bring = Callable[..., IndexReport]


@pytest.fixture
def bring(session: Session, register: RegisterState, tmp_path: Path) -> Bring:
    def put(text: str, **more: Any) -> IndexReport:
        path = tmp_path / "values.csv"
        path.write_text(text, encoding="utf-8")
        terms = {"indices": "example", "caller": make_operator("tests"), "day": DAY} | more
        return import_values(session, register, path, **terms)

    return put


def count_values(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IndexValue).where(func.upper_inf(IndexValue.recorded))) or 0


def test_whole_table_comes_in(bring: Bring, session: Session) -> None:
    report = bring(WHOLE)
    assert (report.rows, report.new, report.changed, report.same) == (4, 16, 0, 0)
    assert count_values(session) == 16


def test_import_is_in_the_log(bring: Bring, session: Session, register: RegisterState) -> None:
    bring(WHOLE)
    entry = list_entries(session)[-1]
    assert (entry.action, entry.subject, entry.detail["values"]) == ("record_indices", register.name, 16)


def test_second_import_keeps_what_was_said_before(bring: Bring, session: Session) -> None:
    bring(WHOLE)
    report = bring(WHOLE.replace("A,10", "A,15"))
    assert (report.new, report.changed, report.same) == (0, 1, 15)
    told = session.execute(
        select(IndexValue.value, func.upper_inf(IndexValue.recorded)).where(
            IndexValue.leaf == "people", IndexValue.value.in_([10, 15])
        )
    )
    assert sorted(told.all()) == [(10, False), (15, True)]


def test_columns_may_be_called_by_names_in_any_language(bring: Bring) -> None:
    report = bring("کد;شمار جمعیت;école;دسترسی\nA;۱۲٬۳۴۵٫۵;;1\n")
    assert (report.leaves, report.passed_over, report.new) == (("people",), ("école", "دسترسی"), 1)


def test_empty_cells_are_missing_and_not_zero(bring: Bring, session: Session) -> None:
    assert bring("code,people,growth\nA,10,\nB,,3\n").new == 2


@pytest.mark.parametrize(
    ("text", "row", "field", "rule"),
    [
        ("code,people\nA,ten\n", 1, "people", "index_not_number"),
        ("code,people\nA,nan\n", 1, "people", "index_not_number"),
        ("code,people\nA,1e999\n", 1, "people", "index_too_large"),
        ("code,people\nA,1\nA,2\n", 2, "code", "index_code_twice"),
        ("code,people\n,1\n", 1, "code", "index_code_empty"),
        ("code,people\nZ,1\n", 1, "code", "index_code_unknown"),
    ],
)
def test_bad_rows_are_refused_by_row_and_field(
    bring: Bring, session: Session, text: str, row: int, field: str, rule: str
) -> None:
    with pytest.raises(RowsRefused) as caught:
        bring(text)
    (problem,) = caught.value.params["report"].problems  # type: ignore[attr-defined]
    assert (problem.row, problem.field, problem.rule) == (row, field, rule)
    assert count_values(session) == 0


def test_refused_rows_may_be_left_out(bring: Bring, session: Session) -> None:
    report = bring("code,people,growth\nA,ten,1\nB,20,2\n", skip_refused=True)
    assert (report.new, len(report.problems), count_values(session)) == (2, 1, 2)


@pytest.mark.parametrize(
    ("text", "error"),
    [("name,people\nA,1\n", MissingColumn), ("code,wealth\nA,1\n", InvalidValue)],
)
def test_useless_tables_are_refused(bring: Bring, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        bring(text)


def test_public_may_not(bring: Bring) -> None:
    with pytest.raises(NotPermitted):
        bring(WHOLE, caller=ANONYMOUS)


def test_unknown_set_is_refused(bring: Bring) -> None:
    with pytest.raises(InvalidValue, match="unknown_index_set"):
        bring(WHOLE, indices="other")


def grade(session: Session, register: RegisterState, level: str = "commune") -> list[tuple[str, float | None, Any]]:
    answer = grade_level(session, register, indices="example", level=level, day=DAY)
    return [
        (line.division.code, line.graded.score, line.graded.grade and line.graded.grade.key) for line in answer.lines
    ]


def test_divisions_are_graded_best_first(bring: Bring, session: Session, register: RegisterState) -> None:
    bring(WHOLE)
    graded = grade(session, register)
    assert [code for code, _, _ in graded] == ["D", "C", "B", "A"]
    # people: rank 2/3; growth 0.5; distance (40 - 20) / 30; schools by the normal curve
    assert graded[0][2] == "first"


def test_incomplete_divisions_come_last_with_what_is_missing(
    bring: Bring, session: Session, register: RegisterState
) -> None:
    bring(WHOLE.replace("D,40,2,4,10", "D,40,2,,10"))
    answer = grade_level(session, register, indices="example", level="commune", day=DAY)
    last = answer.lines[-1]
    assert (last.division.code, last.graded.grade, last.graded.missing, answer.incomplete) == (
        *("D", None),
        *(("schools",), 1),
    )


def test_index_without_values_is_refused(bring: Bring, session: Session, register: RegisterState) -> None:
    bring("code,people\nA,1\n")
    with pytest.raises(InvalidValue) as caught:
        grade(session, register)
    assert caught.value.params["value"] == "growth, schools, distance"


def test_unknown_level_is_refused(session: Session, register: RegisterState) -> None:
    with pytest.raises(UnknownLevel):
        grade(session, register, "ostan")
