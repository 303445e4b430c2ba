"""Test that changes brought in by decrees are found again in the register through time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.periods import Period
from services.access.roles import Caller, RoleGrant
from services.database.recorded import KNOWN_AT
from services.queries import RegisterState, get_register
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.register.history import describe_history
from services.register.lineages import LineageAnswer, trace_lineage
from services.register.timelines import list_between, list_days

DAY, EVE = date(2021, 3, 21), date(2021, 3, 20)
TODAY = date(2026, 1, 1)
FIRST, SECOND = (Caller(key, str(key), (RoleGrant("national_officer"),)) for key in (1, 2))
COMMON = {"effective_on": "1400-01-01"}
SPLIT = {
    "kind": "split",
    "divisions": ["0102"],
    "founded": [{"label": "new", "level": "county", "names": {"fa": "نو"}, "children": ["010202"]}],
}
TRANSFER = {"kind": "transfer", "divisions": ["010201"], "to": "0101"}
MERGE = {"kind": "merge", "divisions": ["0101"], "to": "0102"}
RENAME = {"kind": "rename", "divisions": ["0101"], "names": {"fa": "نو"}}

Carry = Callable[[dict[str, Any]], int]


@pytest.fixture
def carry(session: Session, drawn: RegisterState) -> Carry:
    """Give the way to bring a change from its draft into the register."""

    def bring(body: dict[str, Any]) -> int:
        number = f"{body['kind']} {get_register(session, drawn.name).version}"
        text = DecreeText(number, "هیئت وزیران", EVE, DAY)
        key = record_decree(session, drawn, text, caller=FIRST).id
        change = draft_change(session, drawn, {**COMMON, **body}, decree_id=key, caller=FIRST).id
        check_change(session, drawn, change, based_on=1, caller=FIRST)
        approve_change(session, drawn, change, based_on=2, caller=SECOND)
        apply_change(session, get_register(session, drawn.name), change, based_on=3, caller=SECOND)
        return change

    return bring


def tell_kin(answer: LineageAnswer) -> dict[str, float | None]:
    return {kin.division.code: kin.area_share for kin in answer.successors}


@pytest.mark.parametrize(
    ("body", "code", "successors"),
    [
        (SPLIT, "0102", {"0102": 0.5, "0103": 0.5}),
        (SPLIT, "0101", {"0101": 1.0}),
        (TRANSFER, "0102", {"0101": 0.5, "0102": 0.5}),
        (TRANSFER, "010201", {"010103": 1.0}),
        (MERGE, "0101", {"0102": 1.0}),
        (RENAME, "0101", {"0101": 1.0}),
    ],
)
def test_successors_hold_the_ground(
    session: Session, drawn: RegisterState, carry: Carry, body: dict[str, Any], code: str, successors: dict[str, float]
):
    carry(body)
    found = trace_lineage(session, drawn, code, day=EVE, until=TODAY)
    assert tell_kin(found) == pytest.approx(successors, rel=0.2)
    assert sum(share or 0 for share in tell_kin(found).values()) == pytest.approx(1)


def test_what_ended_names_the_change_that_ended_it(session: Session, drawn: RegisterState, carry: Carry):
    change = carry(MERGE)
    found = describe_history(session, drawn, "0101", day=TODAY, last=True)
    assert (found.day, found.periods) == (EVE, (Period(None, DAY),))
    assert {(one.kind, one.change) for one in found.events} == {("ended", change)}


def test_resized_division_tells_its_change(session: Session, drawn: RegisterState, carry: Carry):
    change = carry(TRANSFER)
    found = describe_history(session, drawn, "0102", day=EVE)
    assert [one.id for one in found.changes] == [change]
    assert [one.aspect for one in found.events] == ["boundary"]


def test_changes_between_are_those_in_force(session: Session, drawn: RegisterState, carry: Carry):
    split = carry(SPLIT)
    window = Period(DAY, date(2022, 1, 1))
    assert [one.id for one in list_between(session, drawn, window, code="0102").changes] == [split]
    carry({"kind": "undo", "change": split})
    after = list_between(session, drawn, window)
    assert (after.changes, after.events, list_days(session, drawn).days) == ((), (), ())


def test_change_counts_until_its_taking_back_was_recorded(session: Session, drawn: RegisterState, carry: Carry):
    split = carry(SPLIT)
    session.info[KNOWN_AT] = session.scalar(select(func.clock_timestamp()))
    carry({"kind": "undo", "change": split})
    assert [one.id for one in trace_lineage(session, drawn, "0102", day=EVE, until=TODAY).later] == [split]
    session.info[KNOWN_AT] = None
    assert trace_lineage(session, drawn, "0102", day=EVE, until=TODAY).later == ()


def test_events_name_their_change(session: Session, drawn: RegisterState, carry: Carry):
    change = carry(SPLIT)
    found = list_between(session, drawn, Period(DAY, date(2022, 1, 1)))
    assert {one.change for one in found.events} == {change}
