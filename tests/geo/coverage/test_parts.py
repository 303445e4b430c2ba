"""Check twins, detached parts, clashing keys and neighbours of a gap."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, box

from geo.coverage.neighbours import find_neighbours
from geo.coverage.parts import find_twins, list_clashes, list_detached
from geo.coverage.residual import Runs


@pytest.mark.parametrize(
    ("overlaps", "twins"),
    [
        ({(0, 1): 4.0}, {(0, 1)}),
        ({(0, 1): 3.0}, set()),
        ({(0, 1): 2.0, (0, 1, 2): 2.0}, {(0, 1)}),
        ({(0, 2): 4.0}, set()),
    ],
)
def test_twins_hold_each_other_whole(overlaps: dict[tuple[int, ...], float], twins: set[tuple[int, ...]]) -> None:
    assert find_twins(overlaps, np.array([4.0, 4.0, 9.0])) == twins


def test_every_part_but_the_largest_is_detached() -> None:
    parts = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 5, 1)])
    found = list(list_detached(np.array([box(9, 9, 10, 10), parts], dtype=object)))
    assert [(row, part.bounds) for row, part in found] == [(1, (0, 0, 1, 1))]


@pytest.mark.parametrize(("keys", "clashes"), [("AB", []), ("BABA", ["A", "B"]), ("", [])])
def test_keys_used_twice_clash(keys: str, clashes: list[str]) -> None:
    assert list_clashes(keys) == clashes


def test_neighbours_share_an_edge_and_not_only_a_corner() -> None:
    lines = [LineString([(0, 0), (4, 0)]), LineString([(1, 0), (1, 1), (2, 1), (2, 0)]), LineString([(2, 1), (5, 5)])]
    runs = Runs(np.array(lines, dtype=object), np.array([7, 8, 9]))
    assert find_neighbours(runs, np.array([box(1, 0, 2, 1)], dtype=object)) == [[7, 8]]


def test_no_gaps_have_no_neighbours() -> None:
    runs = Runs(np.asarray(shapely.boundary([box(0, 0, 1, 1)])), np.array([0]))
    assert find_neighbours(runs, np.empty(0, dtype=object)) == []
