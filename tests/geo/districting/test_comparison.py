"""Compare two plans."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import Comparison, DistrictPlan, compare_plans

GRID = make_rook_grid(3, 2, [1, 2, 3, 4, 5, 6])


def compare(before: tuple[int, ...], after: tuple[int, ...]) -> Comparison:
    return compare_plans(*(DistrictPlan(GRID, np.array(districts)) for districts in (before, after)))


@pytest.mark.parametrize("after", [(1, 1, 1, 2, 2, 2), (2, 2, 2, 1, 1, 1)])
def test_the_same_districts_with_other_numbers_move_nobody(after: tuple[int, ...]):
    found = compare((1, 1, 1, 2, 2, 2), after)
    assert (found.units_moved, found.people_moved, found.flows) == (0, 0, ())


def test_who_moves_is_told():
    found = compare((1, 1, 1, 2, 2, 2), (2, 2, 1, 1, 1, 1))
    assert found.matches == ((1, 2), (2, 1))
    assert (found.units_moved, found.people_moved, found.share_moved) == (1, 3, pytest.approx(3 / 21, abs=1e-6))
    assert [(flow.before, flow.after, flow.units) for flow in found.flows] == [(1, 1, ("000002",))]


@pytest.mark.parametrize(("after", "moved"), [((1, 1, 3, 2, 2, 3), 9), ((1, 1, 1, 1, 1, 1), 6)])
def test_districts_that_come_or_go_are_counted(after: tuple[int, ...], moved: int):
    assert compare((1, 1, 1, 2, 2, 2), after).people_moved == moved
