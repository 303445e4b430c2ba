"""Test the sharing of seats by answers that are known."""

from __future__ import annotations

import pytest

from geo.apportionment import CHOICES, Method, Reserve, SeatRule, SeatUnit, apportion
from geo.errors import Infeasible, InvalidValue


@pytest.mark.parametrize(
    ("method", "seats", "people", "expected"),
    [
        ("hamilton", 10, (6, 6, 2), [4, 4, 2]),
        ("hamilton", 11, (6, 6, 2), [5, 5, 1]),
        ("dhondt", 7, (53, 24, 23), [4, 2, 1]),
        ("sainte-lague", 7, (53, 24, 23), [3, 2, 2]),
        ("hamilton", 7, (53, 24, 23), [4, 2, 1]),
        ("article-49", 20, (9100, 700, 150, 50), [15, 1, 2, 2]),
        ("dhondt", 8, (100_000, 80_000, 30_000, 20_000), [4, 3, 1, 0]),
        ("sainte-lague", 8, (100_000, 80_000, 30_000, 20_000), [3, 3, 1, 1]),
    ],
)
def test_known_answers(count, method, seats, people, expected):
    assert count(method, seats, people) == expected


# Balinski and Young's example of the five methods: 26 seats among six states of 10,000 people.
SIX = (9061, 7179, 5259, 3319, 1182)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("adams", [9, 7, 5, 3, 2]),
        ("dean", [9, 7, 5, 4, 1]),
        ("huntington-hill", [9, 7, 6, 3, 1]),
        ("sainte-lague", [9, 8, 5, 3, 1]),
        ("dhondt", [10, 7, 5, 3, 1]),
    ],
)
def test_five_divisor_methods_give_five_answers(count, method, expected):
    assert count(method, 26, SIX) == expected


def test_reserved_and_fixed_seats_are_taken_first():
    units = [SeatUnit("a", 600), SeatUnit("b", 400), SeatUnit("tehran", 9_000_000, fixed=3)]
    found = apportion(units, SeatRule(Method.HAMILTON, 18, reserved=(Reserve("kuchi", 5),)))
    assert (found.by_code(), found.shared) == ({"a": 6, "b": 4, "tehran": 3}, 10)


@pytest.mark.parametrize("method", CHOICES)
def test_single_unit_gets_everything(count, method):
    assert count(method, 7, (12,)) == [7]


@pytest.mark.parametrize("method", CHOICES)
def test_order_of_the_units_decides_nothing(method):
    units = [SeatUnit(code, people) for code, people in (("x", 503), ("a", 211), ("m", 97), ("c", 41))]
    rule = SeatRule(method, 23)
    assert apportion(units, rule) == apportion(units[::-1], rule)


@pytest.mark.parametrize(
    ("method", "seats", "rule", "reason"),
    [
        ("hamilton", 3, {"floor": 2}, "floors_over_seats"),
        ("hamilton", 9, {"cap": 2}, "caps_under_seats"),
        ("adams", 2, {}, "floors_over_seats"),
        ("dhondt", 9, {"cap": 2}, "caps_under_seats"),
        ("hamilton", 3, {"reserved": (Reserve("kuchi", 4),)}, "set_aside_over_seats"),
        ("article-49", 3, {"trigger": 2}, "small_need_more"),
    ],
)
def test_impossible_rules_are_certified(share, method, seats, rule, reason):
    with pytest.raises(Infeasible) as caught:
        share(method, seats, (100, 100, 100), **rule)
    assert caught.value.params["reason"].key == reason


def test_seats_that_nobody_may_take_are_certified():
    with pytest.raises(Infeasible):
        apportion([SeatUnit("a", 5, fixed=2)], SeatRule(Method.HAMILTON, 3))


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (SeatRule(Method.HAMILTON, 0), "seats"),
        (SeatRule(Method.HAMILTON, -1), "seats"),
        (SeatRule(Method.HAMILTON, 10_001), "seats"),
        (SeatRule(Method.HAMILTON, True), "seats"),
        (SeatRule(Method.HAMILTON, 5, floor=3, cap=2), "floor (a)"),
        (SeatRule(Method.ADAMS, 5, trigger=1), "trigger"),
        (SeatRule(Method.ARTICLE_49, 5, floor=2, trigger=3), "trigger"),
        (SeatRule(Method.HAMILTON, 5, lot=("b",)), "lot"),
        (SeatRule(Method.HAMILTON, 5, lot=("a", "a")), "lot"),
        (SeatRule(Method.HAMILTON, 5, reserved=(Reserve("k", 1), Reserve("k", 1))), "reserve"),
        (SeatRule(Method.HAMILTON, 5, reserved=(Reserve("k", 0),)), "reserve (k)"),
        (SeatRule(Method.BANDS, 5), "method"),
    ],
)
def test_senseless_rules_are_refused(rule, field):
    with pytest.raises(InvalidValue) as caught:
        apportion([SeatUnit("a", 5)], rule)
    assert caught.value.params["field"] == field
