"""Test that units whose figures cannot be are refused by name."""

from __future__ import annotations

import pytest

from geo.apportionment import MOST_PEOPLE, SeatUnit
from geo.apportionment.units import sort_units
from geo.errors import InvalidValue


@pytest.mark.parametrize("people", [0, -1, MOST_PEOPLE + 1, float("nan"), 2.5, True, None])
def test_senseless_population_is_refused(people):
    with pytest.raises(InvalidValue) as caught:
        sort_units([SeatUnit("AF01", people)])
    assert caught.value.params["field"] == "population (AF01)"


@pytest.mark.parametrize(
    ("unit", "field"),
    [
        (SeatUnit(" ", 5), "code"),
        (SeatUnit("a", 5, floor=-1), "floor (a)"),
        (SeatUnit("a", 5, floor=2, cap=1), "floor"),
        (SeatUnit("a", 5, floor=2, fixed=1), "fixed"),
        (SeatUnit("a", 5, cap=99_999), "cap (a)"),
    ],
)
def test_senseless_limits_are_refused(unit, field):
    with pytest.raises(InvalidValue) as caught:
        sort_units([unit])
    assert caught.value.params["field"] == field


@pytest.mark.parametrize("units", [[], [SeatUnit("a", 5), SeatUnit("a", 6)]])
def test_no_units_and_doubled_ones_are_refused(units):
    with pytest.raises(InvalidValue):
        sort_units(units)


def test_units_are_sorted_by_code():
    assert [unit.code for unit in sort_units([SeatUnit("b", 1), SeatUnit("a", 1)])] == ["a", "b"]
