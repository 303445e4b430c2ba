"""Test what became of divisions, and what they came from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.queries import RegisterState
from services.register.lineages import LineageAnswer, trace_lineage

TODAY = date(2026, 1, 1)
BEFORE = date(2018, 1, 1)


def trace(session: Session, register: RegisterState, code: str, day: date, until: date = TODAY) -> LineageAnswer:
    return trace_lineage(session, register, code, day=day, until=until, last=True)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("until", "successors"),
    [
        (BEFORE, {"P": 1.0}),
        (date(2019, 1, 1), {"P": 0.5, "N": 0.5}),
        (TODAY, {"P": 0.5, "Q": 0.5}),
    ],
)
def test_split_division_lives_on_in_its_successors(
    session: Session, register: RegisterState, until: date, successors: dict[str, float]
):
    found = trace(session, register, "P", BEFORE, until)
    assert {kin.division.code: kin.area_share for kin in found.successors} == pytest.approx(successors)
    assert {kin.division.code: kin.people_share for kin in found.successors} == pytest.approx(successors)


@pytest.mark.usefixtures("story")
def test_way_is_told_by_changes_with_decrees(session: Session, register: RegisterState):
    later = trace(session, register, "P", BEFORE).later
    assert [(one.kind, one.decree.number) for one in later] == [("split", "57/1"), ("merge", "merge-2021")]
    assert [[one.code for one in side] for side in (later[0].predecessors, later[0].successors)] == [["P"], ["N", "P"]]


@pytest.mark.usefixtures("story")
def test_origins_are_found(session: Session, register: RegisterState):
    found = trace(session, register, "Q", TODAY)
    assert [kin.division.code for kin in found.origins] == ["P", "Q"]
    assert [one.kind for one in found.earlier] == ["merge", "split"]
    assert (found.successors[0].division.code, found.later) == ("Q", ())


@pytest.mark.usefixtures("story")
def test_code_of_a_division_that_is_gone_is_followed(session: Session, register: RegisterState):
    found = trace(session, register, "N", TODAY)
    assert (found.day, [kin.division.code for kin in found.successors]) == (date(2020, 12, 31), ["Q"])


def test_abolished_division_has_no_successors(session: Session, register: RegisterState, chronicler: Any):
    chronicler.change("abolish", date(2019, 1, 1), "D", "")
    found = trace(session, register, "D", BEFORE)
    assert (found.successors, [one.kind for one in found.later]) == ((), ["abolish"])


def test_change_that_was_taken_back_is_not_on_the_way(session: Session, register: RegisterState, chronicler: Any):
    abolished = chronicler.change("abolish", date(2019, 1, 1), "D", "")
    chronicler.change("undo", date(2019, 1, 1), "D", "D", undoes=abolished, number="2")
    found = trace(session, register, "D", BEFORE)
    assert ([kin.division.code for kin in found.successors], found.later) == (["D"], ())


def test_neighbour_of_another_piece_is_no_successor(session: Session, register: RegisterState, chronicler: Any):
    chronicler.change("rebound", date(2019, 1, 1), "AB", "AB")
    chronicler.change("rebound", date(2020, 1, 1), "BC", "BC")
    assert [kin.division.code for kin in trace(session, register, "A", BEFORE).successors] == ["A"]
