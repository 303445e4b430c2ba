"""Count which divisions a plan splits."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import DistrictPlan, measure_splits

GRID = make_rook_grid(2, 2)
ROWS = {"row": ("1", "1", "2", "2")}


@pytest.mark.parametrize(
    ("districts", "split", "pieces"),
    [((1, 1, 2, 2), 0, 2), ((1, 2, 1, 2), 2, 4), ((1, 1, 1, 2), 1, 3), ((1, 1, 1, 1), 0, 2)],
)
def test_splits_and_pieces_are_counted(districts: tuple[int, ...], split: int, pieces: int):
    found = measure_splits(DistrictPlan(GRID, np.array(districts)), ROWS)[0]
    assert (found.level, found.divisions, found.split, found.pieces) == ("row", 2, split, pieces)


def test_split_divisions_are_named_with_their_districts():
    plan = DistrictPlan(GRID, np.array([1, 1, 1, 2]))
    assert measure_splits(plan, ROWS)[0].parts == {"2": (1, 2)}


def test_levels_come_in_order():
    plan = DistrictPlan(GRID, np.array([1, 1, 1, 2]))
    assert [found.level for found in measure_splits(plan, ROWS | {"all": ("x",) * 4})] == ["all", "row"]
