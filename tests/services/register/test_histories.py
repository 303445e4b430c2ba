"""Test the life of single divisions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound
from geo.register.periods import Period
from services.queries import RegisterState
from services.register.history import describe_history, list_grounds

TODAY = date(2026, 1, 1)
SPLIT, RENAMED, MERGED = (date(year, 1, 1) for year in (2019, 2020, 2021))


def tell(session: Session, register: RegisterState, code: str, day: date = TODAY) -> list[tuple[object, ...]]:
    found = describe_history(session, register, code, day=day, last=True)
    return [(one.day, one.aspect, one.kind, one.before, one.after) for one in found.events]


@pytest.mark.usefixtures("story")
def test_rename_is_told_with_its_decree(session: Session, register: RegisterState):
    found = describe_history(session, register, "A", day=TODAY)
    assert tell(session, register, "A") == [(RENAMED, "name", "changed", "A", "Zohra")]
    assert [(one.kind, one.decree.number, one.effective_on) for one in found.changes] == [
        ("rename", "rename-2020", RENAMED)
    ]
    assert found.events[0].change == found.changes[0].id


@pytest.mark.usefixtures("story")
def test_parents_are_told_by_code(session: Session, register: RegisterState):
    assert tell(session, register, "B") == [
        (SPLIT, "parent", "changed", "P", "N"),
        (MERGED, "parent", "changed", "N", "Q"),
    ]


@pytest.mark.usefixtures("story")
def test_boundary_is_told_with_both_areas(session: Session, register: RegisterState):
    (event,) = describe_history(session, register, "P", day=TODAY).events
    assert (event.aspect, event.area_before_m2, event.area_after_m2) == ("boundary", 1e8, 5e7)


@pytest.mark.usefixtures("story")
def test_division_that_is_gone_is_found_by_its_last_day(session: Session, register: RegisterState):
    found = describe_history(session, register, "N", day=TODAY, last=True)
    assert (found.day, found.periods) == (date(2020, 12, 31), (Period(SPLIT, MERGED),))
    assert [one.kind for one in found.changes] == ["split", "merge"]
    assert {(one.day, one.kind) for one in found.events} == {(SPLIT, "begun"), (MERGED, "ended")}


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("code", ["N", "nobody", "a\0"])
def test_nobody_is_made_up(session: Session, register: RegisterState, code: str):
    with pytest.raises(DivisionNotFound):
        describe_history(session, register, code, day=TODAY, last=code != "N")


@pytest.mark.usefixtures("story")
def test_grounds_come_in_the_order_of_time(session: Session, register: RegisterState):
    division = describe_history(session, register, "P", day=TODAY).division
    grounds = list_grounds(session, division)
    assert [one.period for one in grounds] == [Period(None, SPLIT), Period(SPLIT, None)]
    assert grounds[0].shape.area == pytest.approx(2 * grounds[1].shape.area)


def test_division_without_a_story_has_no_events(session: Session, register: RegisterState):
    found = describe_history(session, register, "A", day=TODAY)
    assert (found.events, found.changes, found.periods) == ((), (), (Period(),))
