"""Test what is told from the periods of facts."""

from __future__ import annotations

from datetime import date

import pytest

from geo.register.periods import Period
from geo.register.timeline import Aspect, FactSpan, is_abolished, is_created, list_events

FIRST, SECOND, THIRD = (date(year, 1, 1) for year in (2000, 2010, 2020))


def fact(value: str, start: date | None, end: date | None, aspect: Aspect = Aspect.NAME, **given: object) -> FactSpan:
    what = "fa" if aspect in (Aspect.NAME, Aspect.VARIANT) else ""
    return FactSpan(1, aspect, what, value, Period(start, end), **given)  # type: ignore[arg-type]


def tell(*facts: FactSpan, window: Period | None = None) -> list[tuple[object, ...]]:
    return [
        (one.day, one.kind, one.before.value if one.before else "", one.after.value if one.after else "")
        for one in list_events(facts, window)
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ([fact("a", None, None)], []),
        ([fact("a", FIRST, None)], [(FIRST, "begun", "", "a")]),
        ([fact("a", None, FIRST)], [(FIRST, "ended", "a", "")]),
        ([fact("b", FIRST, None), fact("a", None, FIRST)], [(FIRST, "changed", "a", "b")]),
        ([fact("a", None, FIRST), fact("a", FIRST, None)], []),
        ([fact("a", None, FIRST), fact("b", SECOND, None)], [(FIRST, "ended", "a", ""), (SECOND, "begun", "", "b")]),
        ([], []),
    ],
)
def test_facts_that_meet_are_one_change(facts: list[FactSpan], told: list[tuple[object, ...]]):
    assert tell(*facts) == told


def test_variants_hold_side_by_side():
    both = [fact("a", FIRST, SECOND, Aspect.VARIANT), fact("b", FIRST, None, Aspect.VARIANT)]
    assert tell(*both) == [(FIRST, "begun", "", "a"), (FIRST, "begun", "", "b"), (SECOND, "ended", "a", "")]


@pytest.mark.parametrize(
    ("window", "days"),
    [(Period(FIRST, SECOND), [FIRST]), (Period(SECOND, None), [SECOND]), (Period(date(2001, 1, 1), SECOND), [])],
)
def test_window_is_half_open(window: Period, days: list[date]):
    assert [one[0] for one in tell(fact("a", FIRST, SECOND), window=window)] == days


def test_aspects_of_a_day_come_in_their_order():
    events = list_events([fact("x", FIRST, None), fact("county", FIRST, None, Aspect.LEVEL)])
    assert [one.aspect for one in events] == [Aspect.LEVEL, Aspect.NAME]


def test_cause_is_that_of_what_began_or_else_of_what_ended():
    (changed,) = list_events([fact("a", None, FIRST, change=1, source=3), fact("b", FIRST, None, change=2, source=4)])
    (ended,) = list_events([fact("a", None, FIRST, change=1, source=3)])
    assert [(one.change, one.source) for one in (changed, ended)] == [(2, 4), (None, None)]


def test_division_begins_and_ends_with_its_level():
    begun, ended = list_events([fact("county", FIRST, THIRD, Aspect.LEVEL)])
    assert (is_created([begun]), is_abolished([ended]), is_created([ended]), is_abolished([begun])) == (1, 1, 0, 0)
