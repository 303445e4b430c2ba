"""Place a plan among many."""

from __future__ import annotations

import numpy as np
import pytest

from geo.districting import place_plan


@pytest.mark.parametrize(
    ("value", "percentile"),
    [(0, 0.0), (1, 0.1), (3, 0.7), (9, 1.0)],
)
def test_percentile_counts_ties_half(value: float, percentile: float):
    assert place_plan("cut_edges", value, [1, 2, 2, 3, 4]).percentile == pytest.approx(percentile)


def test_few_whole_numbers_have_bars_of_their_own():
    found = place_plan("cut_edges", 2, [1, 2, 2, 4])
    assert (found.counts, found.edges) == ((1, 2, 0, 1), (0.5, 1.5, 2.5, 3.5, 4.5))


@pytest.mark.parametrize("values", [np.linspace(0, 1, 100), np.arange(100), [5, 5, 5], [0.25]])
def test_every_plan_stands_in_a_bar(values):
    found = place_plan("deviation", 0.5, values)
    assert sum(found.counts) == found.plans == len(values)
    assert found.least <= found.median <= found.most
