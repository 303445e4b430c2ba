"""Check which vertices lack a counterpart on a neighbour's edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.coverage.measures import Earth
from geo.coverage.residual import Runs
from geo.coverage.vertices import find_unmatched, group_places

MM = 1 / 111_320_000
"""A millimetre in degrees at the equator."""


def runs_of(*lines: list[tuple[float, float]]) -> Runs:
    return Runs(np.array([shapely.LineString(line) for line in lines], dtype=object), np.arange(len(lines)))


@pytest.mark.parametrize(
    ("away", "found"), [(0.0, [(0, 1)]), (1.5 * MM, [(0, 1)]), (3 * MM, [])], ids=["on", "near", "off"]
)
def test_vertex_on_an_edge_is_found(away: float, found: list[tuple[int, int]]) -> None:
    runs = runs_of([(0.5, away), (0.5, 1)], [(0, 0), (1, 0)])
    unmatched = find_unmatched(runs, earth=Earth(), width_m=0.002)
    assert list(zip(unmatched.owner.tolist(), unmatched.neighbour.tolist(), strict=True)) == found


def test_vertex_the_neighbour_has_is_matched() -> None:
    runs = runs_of([(0.5, 0), (0.5, 1)], [(0, 0), (0.5, 0), (1, 0)])
    assert len(find_unmatched(runs, earth=Earth(), width_m=0.002).xy) == 0


def test_own_edges_need_no_counterpart() -> None:
    runs = Runs(runs_of([(0.5, 0), (0.5, 1)], [(0, 0), (1, 0)]).lines, np.array([0, 0]))
    assert len(find_unmatched(runs, earth=Earth(), width_m=0.002).xy) == 0


def test_counterpart_in_another_piece_of_the_border_counts() -> None:
    border = [(place / 12, 0.0) for place in range(30)]
    runs = runs_of([(1.0, 0), (1.0, 1)], border)
    assert len(find_unmatched(runs, earth=Earth(), width_m=0.002).xy) == 0


def test_nothing_has_no_vertices() -> None:
    nothing = Runs(np.empty(0, dtype=object), np.empty(0, dtype=np.int64))
    assert len(find_unmatched(nothing, earth=Earth(), width_m=0.002).xy) == 0


@pytest.mark.parametrize(("away", "places"), [(0.0, 1), (MM, 1), (9 * MM, 2)])
def test_vertices_that_nearly_coincide_are_one_place(away: float, places: int) -> None:
    spots = np.array([[0.5, 0.0], [0.5, away]])
    assert len(set(group_places(spots, earth=Earth(), width_m=0.002).tolist())) == places
