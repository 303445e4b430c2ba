"""Check who stands above whom on a sheet, and that boundaries get vertices edge by edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from fixtures.sheets import draw_sheet
from geo.coverage import Sheet
from geo.coverage.sheets import Cuts
from geo.errors import GroundNotExact

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("ZZZZ", "PPQQ", "ABCD", cell=1.0, origin=(0.0, 0.0))
CUTS = Cuts(np.array([[0.0, 0, 1, 0], [0.0, 0, 0, 1]]), (np.array([[0.25, 0], [0.5, 0]]), np.array([[0.0, 0.5]])))


def test_line_above_runs_to_the_top() -> None:
    assert SHEET.list_above(B) == [B, P, Z]


def test_circle_is_told() -> None:
    with pytest.raises(GroundNotExact):
        Sheet({}, {1: 2, 2: 1}, {}).list_above(1)


def test_home_is_the_nearest_above_with_a_boundary() -> None:
    bare = Sheet({key: SHEET.shapes[key] for key in (A, B, Z)}, SHEET.parents, SHEET.levels)
    assert (bare.find_home(A), SHEET.find_home(A), SHEET.find_home(Z)) == (Z, P, None)
    assert list(bare.list_bounded(Z)) == [A, B]


def test_boxes_choose_the_shapes() -> None:
    assert SHEET.find_shapes(np.array([0.2, 0.2]), np.array([0.8, 0.8])) == [A, P, Z]


@pytest.mark.parametrize(
    "shape",
    [box(0, 0, 1, 1), shapely.reverse(box(0, 0, 1, 1)), MultiPolygon([box(4, 4, 5, 5), box(0, 0, 1, 1)])],
    ids=["forward", "backward", "second part"],
)
def test_edges_get_their_vertices_in_the_order_of_the_ring(shape: BaseGeometry) -> None:
    grown = CUTS.insert(shape)
    assert grown.is_valid
    assert grown.equals(shape)
    assert shapely.get_num_coordinates(grown) == shapely.get_num_coordinates(shape) + 3


def test_shape_without_the_edges_is_itself() -> None:
    shape = Polygon([(0, 0), (1, 1), (0, 1)], [])
    other = box(5, 5, 6, 6)
    assert CUTS.insert(other) is other
    assert shapely.get_num_coordinates(CUTS.insert(shape)) == 5


def test_step_from_ring_to_ring_is_no_edge() -> None:
    outer = Polygon([(1, 0), (3, 0), (3, 3), (0, 3), (0, 2), (-3, 2), (1, 0)])
    parts = MultiPolygon([outer, Polygon([(0, 0), (-1, -1), (1, -1)])])
    assert CUTS.insert(parts) is parts
