"""Measure what a plan does with votes, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from geo.districting import VoteMeasures, measure_votes
from geo.errors import InvalidValue


def measure(*pairs: tuple[int, int]) -> VoteMeasures:
    first, second = zip(*pairs, strict=True)
    return measure_votes(np.arange(1, len(pairs) + 1), first, second)


@pytest.mark.parametrize(
    ("pairs", "gap"),
    [
        # wasted by the first 20 + 30 + 30, by the second 30 + 20 + 20: (70 - 80) / 300
        (((70, 30), (30, 70), (30, 70)), -10 / 300),
        (((55, 45), (55, 45)), (90 - 10) / 200),
        (((60, 40), (40, 60)), 0.0),
        (((50, 50), (50, 50)), 0.0),
    ],
)
def test_efficiency_gap(pairs: tuple[tuple[int, int], ...], gap: float):
    assert measure(*pairs).efficiency_gap == pytest.approx(gap, abs=1e-6)


def test_efficiency_gap_of_equal_turnout_follows_seats_and_votes():
    found = measure((70, 30), (60, 40), (35, 65), (55, 45))
    assert found.efficiency_gap == pytest.approx(found.seats / 4 - 0.5 - 2 * (found.share - 0.5))


def test_mean_median():
    assert measure((30, 70), (60, 40), (60, 40)).mean_median == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("pairs", "bias"), [(((60, 40), (40, 60)), 0.0), (((30, 70), (60, 40), (60, 40)), 2 / 3 - 0.5)]
)
def test_bias_is_what_half_of_the_votes_win(pairs: tuple[tuple[int, int], ...], bias: float):
    assert measure(*pairs).bias == pytest.approx(bias, abs=1e-5)


def test_seats_grow_with_votes():
    seats = [share for _, share in measure((30, 70), (50, 50), (60, 40)).curve]
    assert seats == sorted(seats) and seats[0] < seats[-1]


def test_ties_count_half():
    assert measure((50, 50), (60, 40)).seats == 1.5


def test_districts_without_votes_are_refused():
    with pytest.raises(InvalidValue) as raised:
        measure((50, 50), (0, 0))
    assert raised.value.params["value"] == 2
