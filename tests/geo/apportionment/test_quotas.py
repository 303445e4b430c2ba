"""Test the rounds of quotas, floors, caps and largest remainders."""

from __future__ import annotations

from fractions import Fraction

import pytest

from geo.apportionment import Method, SeatRule, SeatUnit, apportion

ARTICLE = (9100, 700, 150, 50)


def test_article_49_shows_both_rounds(share):
    first, second = share("article-49", 20, ARTICLE, floor=2).rounds
    assert [line.given for line in first.lines] == [None, None, 2, 2]
    assert [line.quota for line in first.lines] == [Fraction(91, 5), Fraction(7, 5), Fraction(3, 10), Fraction(1, 10)]
    assert (second.seats, second.people, second.left_over) == (16, 9800, 1)
    assert [(line.whole, line.seats) for line in second.lines] == [(14, 15), (1, 1)]


@pytest.mark.parametrize(("trigger", "expected"), [(1, [15, 1, 2, 2]), (2, [14, 2, 2, 2])])
def test_trigger_decides_who_is_too_small(count, trigger, expected):
    assert count("article-49", 20, ARTICLE, trigger=trigger) == expected


def test_article_49_with_trigger_at_the_floor_is_hamilton_with_a_floor(count):
    assert count("article-49", 20, ARTICLE, floor=2, trigger=2) == count("hamilton", 20, ARTICLE, floor=2)


def test_unit_that_becomes_too_small_leaves_in_a_later_round(share):
    found = share("article-49", 10, (700, 101, 100, 99), floor=2)
    assert [len(one.lines) for one in found.rounds] == [4, 3, 1]
    assert found.by_code() == {"a": 4, "b": 2, "c": 2, "d": 2}


def test_quota_exactly_at_the_trigger_stays(share):
    assert len(share("article-49", 10, (900, 100), floor=2).rounds) == 1


@pytest.mark.parametrize(
    ("people", "rule", "expected"),
    [
        ((98, 1, 1), {"floor": 1}, [8, 1, 1]),
        ((98, 1, 1), {"cap": 5}, [5, None, None]),
        ((50, 30, 20), {"floor": 3, "cap": 4}, [4, 3, 3]),
        ((90, 6, 4), {"floor": 1, "cap": 6}, [6, 2, 2]),
    ],
)
def test_floors_and_caps_hold_together(count, people, rule, expected):
    found = count("hamilton", 10, people, **rule)
    assert all(wanted in (None, got) for wanted, got in zip(expected, found, strict=True))


def test_cap_of_one_unit_leaves_the_rest_to_the_others():
    units = [SeatUnit("a", 80, cap=2), SeatUnit("b", 10), SeatUnit("c", 10, floor=1)]
    found = apportion(units, SeatRule(Method.HAMILTON, 8))
    assert found.by_code() == {"a": 2, "b": 3, "c": 3}


def test_tie_at_the_last_remainder_is_reported(share):
    found = share("hamilton", 4, (5, 5, 10))
    assert (found.is_decided, found.ties) == (True, ())
    tied = share("hamilton", 2, (5, 5, 10))
    assert (tied.by_code(), tied.undecided) == ({"a": 0, "b": 0, "c": 1}, 1)
    assert tied.ties[0].codes == ("a", "b")


@pytest.mark.parametrize(("lot", "winner"), [(("b", "a"), "b"), (("a", "b"), "a")])
def test_lot_breaks_a_tie_and_stays_visible(share, lot, winner):
    found = share("hamilton", 1, (5, 5), lot=lot)
    assert found.by_code()[winner] == 1
    assert (found.is_decided, found.ties[0].winners) == (True, (winner,))


def test_lot_that_misses_a_tied_unit_decides_nothing(share):
    assert not share("hamilton", 1, (5, 5), lot=("a",)).is_decided


def test_quotas_near_a_whole_are_told_apart_exactly(count):
    huge = 9_999_999_999
    assert count("hamilton", 3, (huge, huge - 1)) == [2, 1]
