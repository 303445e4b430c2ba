"""Check half-open periods."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InvalidPeriod
from geo.register import ALWAYS, Period


def day(number: int | None) -> date | None:
    """Give a day of one month; None stays unbounded."""
    return None if number is None else date(2025, 3, number)


def days(start: int | None, end: int | None) -> Period:
    """Give a period of days of one month."""
    return Period(day(start), day(end))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5)])
def test_period_without_a_day_is_refused(start: int, end: int) -> None:
    with pytest.raises(InvalidPeriod):
        days(start, end)


def test_period_before_all_days_is_refused() -> None:
    with pytest.raises(InvalidPeriod):
        Period(None, date.min)


@pytest.mark.parametrize(
    ("start", "end", "inside"), [(1, 5, True), (4, 6, True), (1, 4, False), (5, 9, False), (None, None, True)]
)
def test_first_day_belongs_and_last_does_not(start: int | None, end: int | None, inside: bool) -> None:
    assert days(start, end).contains(date(2025, 3, 4)) is inside


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ((1, 5), (5, 9), None),
        ((1, 6), (5, 9), (5, 6)),
        ((1, None), (5, 9), (5, 9)),
        ((None, 3), (None, 9), (None, 3)),
        ((None, None), (None, None), (None, None)),
        ((1, 2), (8, None), None),
    ],
)
def test_common_days(one: tuple, other: tuple, common: tuple | None) -> None:
    assert days(*one).intersect(days(*other)) == (days(*common) if common else None)
    assert days(*one).overlaps(days(*other)) is (common is not None)


@pytest.mark.parametrize(
    ("one", "other", "meets"), [((1, 5), (5, 9), True), ((1, 5), (6, 9), False), ((1, None), (None, 3), False)]
)
def test_periods_meet_on_a_shared_day(one: tuple, other: tuple, meets: bool) -> None:
    assert days(*one).meets(days(*other)) is meets


@pytest.mark.parametrize(
    ("one", "other", "covers"), [((1, 9), (1, 9), True), ((1, 9), (2, None), False), ((2, None), (1, 3), False)]
)
def test_covering(one: tuple, other: tuple, covers: bool) -> None:
    assert days(*one).covers(days(*other)) is covers


def test_split_leaves_no_day_out() -> None:
    before, after = days(1, 9).split(date(2025, 3, 4))
    assert (before, after) == (days(1, 4), days(4, 9))


def test_open_period_goes_on() -> None:
    assert ALWAYS.is_open
    assert not days(1, 2).is_open
