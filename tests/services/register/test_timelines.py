"""Test what changed between two dates."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from geo.errors import InvalidValue
from geo.register.periods import Period
from services.queries import RegisterState
from services.register.timelines import list_between, list_days

SPLIT, RENAMED, MERGED = (date(year, 1, 1) for year in (2019, 2020, 2021))
ALL = Period(date(2018, 1, 1), date(2026, 1, 1))


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("code", "window", "kinds"),
    [
        (None, ALL, ["split", "rename", "merge"]),
        ("X", ALL, ["split", "rename", "merge"]),
        ("Y", ALL, ["merge"]),
        ("R", ALL, []),
        (None, Period(SPLIT, RENAMED), ["split"]),
        (None, Period(date(2019, 1, 2), MERGED), ["rename"]),
    ],
)
def test_changes_are_those_of_the_window_and_the_ground(
    session: Session, register: RegisterState, code: str | None, window: Period, kinds: list[str]
):
    assert [one.kind for one in list_between(session, register, window, code=code).changes] == kinds


@pytest.mark.usefixtures("story")
def test_events_are_told_by_day_and_division(session: Session, register: RegisterState):
    found = list_between(session, register, Period(SPLIT, MERGED))
    told = {(one.day, one.division.code, one.aspect, one.kind) for one in found.events}
    assert {
        (SPLIT, "B", "parent", "changed"),
        (RENAMED, "A", "name", "changed"),
        (SPLIT, "N", "level", "begun"),
    } <= told
    assert found.counts["standing"] == {"begun": 2, "ended": 1}


@pytest.mark.usefixtures("story")
def test_pages_follow_each_other(session: Session, register: RegisterState):
    whole = list_between(session, register, ALL)
    pages = [list_between(session, register, ALL, limit=1, offset=at) for at in range(whole.total)]
    assert [event for page in pages for event in page.events] == list(whole.events)
    assert {page.total for page in pages} == {7}


@pytest.mark.usefixtures("story")
def test_what_left_the_ground_in_between_belongs_to_it(session: Session, register: RegisterState):
    found = list_between(session, register, Period(MERGED, date(2022, 1, 1)), code="X")
    assert ("B", "parent", "Q") in {(one.division.code, one.aspect, one.after) for one in found.events}


@pytest.mark.usefixtures("story")
def test_days_are_listed_with_what_happened(session: Session, register: RegisterState):
    found = list_days(session, register)
    assert [(line.day, line.changes, line.divisions) for line in found.days] == [
        (MERGED, 1, 3),
        (RENAMED, 1, 1),
        (SPLIT, 1, 3),
    ]
    assert found.days[1].counts == {"name": {"begun": 1, "ended": 1}}


def test_still_register_has_no_days(session: Session, register: RegisterState):
    assert list_days(session, register).days == ()


@pytest.mark.parametrize("limit", [0, 1001])
def test_pages_have_a_size(session: Session, register: RegisterState, limit: int):
    with pytest.raises(InvalidValue):
        list_between(session, register, ALL, limit=limit)
