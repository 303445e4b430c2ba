"""Test that tables are carried over crosswalks with nothing lost."""

from __future__ import annotations

from math import fsum

import pytest

from geo.errors import InvalidValue
from geo.register.aggregates import re_aggregate, share_people
from geo.register.crosswalks import Cell, make_crosswalk

THIRDS = make_crosswalk([("X", "A", 1.0), ("X", "B", 1.0), ("X", "C", 1.0), ("Y", "C", 5.0)])
PARTLY = make_crosswalk([("X", "A", 3.0)], {"X": 4.0})


@pytest.mark.parametrize(
    ("people", "weights", "parts"),
    [
        (0, [1.0, 2.0], [0, 0]),
        (1, [1.0, 1.0], [1, 0]),
        (7, [0.0, 2.0, 0.0], [0, 7, 0]),
        (10, [1.0, 1.0, 1.0], [4, 3, 3]),
        (10, [0.15, 0.35, 0.5], [2, 3, 5]),
        (10**30 + 1, [1.0, 1.0], [(10**30) // 2 + 1, (10**30) // 2]),
    ],
)
def test_people_are_shared_whole(people: int, weights: list[float], parts: list[int]):
    assert share_people(people, weights) == parts


def test_whole_numbers_stay_whole():
    carried = re_aggregate(THIRDS, {"X": 100, "Y": 7})
    assert carried.values == {"A": 34, "B": 33, "C": 40}
    assert all(isinstance(value, int) for value in carried.values.values())
    assert carried.total == 107


def test_targets_without_anything_are_listed():
    assert re_aggregate(THIRDS, {"Y": 7}).values == {"A": 0, "B": 0, "C": 7}


@pytest.mark.parametrize(
    ("values", "remainder"), [({"X": 100}, {"X": 25}), ({"X": 1}, {}), ({"X": 0}, {}), ({"Z": 9}, {"Z": 9})]
)
def test_remainder_is_told_and_kept(values: dict[str, int], remainder: dict[str, int]):
    carried = re_aggregate(PARTLY, values)
    assert carried.remainder == remainder
    assert carried.total == sum(values.values())


@pytest.mark.parametrize("value", [0.1, 1e300, 5e-324, 2.5])
def test_other_numbers_keep_their_sum(value: float):
    carried = re_aggregate(THIRDS, {"X": value, "Y": 0.7})
    assert carried.total == fsum([value, 0.7])


@pytest.mark.parametrize("value", [-1, -0.5, float("nan"), float("inf"), True])
def test_bad_values_are_refused_with_their_source(value: float):
    with pytest.raises(InvalidValue) as caught:
        re_aggregate(THIRDS, {"X": value})
    assert caught.value.params["field"] == "X"


def test_the_way_back_returns_every_value():
    values = {"X": 101, "Y": 7}
    carried = re_aggregate(THIRDS, values)
    assert carried.flows[0] == Cell("X", "A", 34)
    assert re_aggregate(carried.way_back(), carried.values).values == values
