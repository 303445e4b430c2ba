"""Test what must hold for every apportionment."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from hypothesis import assume, given
from hypothesis import strategies as st

from geo.apportionment import CHOICES, Apportionment, Method, SeatRule, SeatUnit, apportion
from geo.apportionment.methods import DIVISORS
from geo.errors import Infeasible

PEOPLE = st.lists(st.integers(1, 10**10) | st.integers(1, 50), min_size=1, max_size=12)
DIVISOR_METHODS = st.sampled_from(sorted(DIVISORS))
METHODS = st.sampled_from(CHOICES)


def make_units(people: list[int]) -> list[SeatUnit]:
    return [SeatUnit(f"{number:02}", figure) for number, figure in enumerate(people)]


def try_sharing(units: list[SeatUnit], rule: SeatRule) -> Apportionment | None:
    try:
        return apportion(units, rule)
    except Infeasible:
        return None


@given(people=PEOPLE, seats=st.integers(1, 300), method=METHODS)
def test_every_seat_is_held_or_open(people: list[int], seats: int, method: Method):
    found = try_sharing(make_units(people), SeatRule(method, seats))
    assume(found is not None)
    assert sum(found.by_code().values()) + found.undecided == seats
    assert all(unit.seats >= 0 for unit in found.units)


@given(people=PEOPLE, seats=st.integers(1, 200), method=DIVISOR_METHODS)
def test_divisor_methods_never_take_a_seat_from_a_larger_house(people: list[int], seats: int, method: Method):
    units = make_units(people)
    assume(seats >= len(units))
    lot = tuple(unit.code for unit in units)
    small, large = (apportion(units, SeatRule(method, size, lot=lot)).by_code() for size in (seats, seats + 1))
    assert all(large[code] >= small[code] for code in small)


@given(people=PEOPLE, seats=st.integers(1, 300))
def test_hamilton_stays_within_the_quota(people: list[int], seats: int):
    units = make_units(people)
    seated = apportion(units, SeatRule(Method.HAMILTON, seats, lot=tuple(unit.code for unit in units))).by_code()
    quotas = {unit.code: Fraction(unit.people * seats, sum(people)) for unit in units}
    assert all(floor(quotas[code]) <= seated[code] <= ceil(quotas[code]) for code in seated)


@given(people=PEOPLE, seats=st.integers(1, 200), method=METHODS, data=st.data())
def test_floors_and_caps_hold_wherever_they_can(people: list[int], seats: int, method: Method, data: st.DataObject):
    assume(method is not Method.ARTICLE_49)
    limits = data.draw(st.tuples(st.integers(0, 5), st.integers(1, 60)))
    low, high = min(limits), max(limits)
    lot = tuple(unit.code for unit in make_units(people))
    least = max(low, 1) if DIVISORS.get(method, lambda _: 1)(0) == 0 else low
    found = try_sharing(make_units(people), SeatRule(method, seats, low, high, lot=lot))
    assert (found is not None) == (least * len(people) <= seats <= high * len(people))
    assert found is None or all(low <= unit.seats <= high for unit in found.units)


@given(people=PEOPLE, seats=st.integers(1, 200), method=METHODS)
def test_more_people_never_have_fewer_seats(people: list[int], seats: int, method: Method):
    found = try_sharing(make_units(people), SeatRule(method, seats))
    assume(found is not None and found.is_decided and method is not Method.ARTICLE_49)
    ranked = [unit.seats for unit in sorted(found.units, key=lambda unit: unit.people)]
    equal = {unit.people for unit in found.units}
    assume(len(equal) == len(ranked))
    assert ranked == sorted(ranked)


@given(people=PEOPLE, seats=st.integers(1, 200), method=METHODS, factor=st.integers(2, 50))
def test_only_proportions_count(people: list[int], seats: int, method: Method, factor: int):
    assume(max(people) * factor <= 10**10)
    scaled = [figure * factor for figure in people]
    pair = [try_sharing(make_units(figures), SeatRule(method, seats)) for figures in (people, scaled)]
    assert (pair[0] and pair[0].by_code()) == (pair[1] and pair[1].by_code())
