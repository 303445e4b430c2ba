"""Check that polygons of a coverage join along their shared edges."""

from __future__ import annotations

import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from fixtures.letters import draw
from fixtures.sheets import list_vertices
from geo.coverage import join_ground
from geo.errors import GroundNotExact


@pytest.mark.parametrize(
    ("drawing", "parts", "holes"),
    [("AB", 1, 0), ("A.B", 2, 0), ("A.\n.B", 2, 0), ("AAA\nB.B\nBBB", 1, 1), ("AAA\nACA\nAAA", 1, 0)],
)
def test_grounds_join_into_what_they_cover(drawing: str, parts: int, holes: int) -> None:
    shapes = list(draw(drawing).values())
    whole = join_ground(shapes)
    assert whole.is_valid
    assert whole.area == sum(shape.area for shape in shapes)
    rings = [len(part.interiors) for part in shapely.get_parts(whole)]
    assert (len(rings), sum(rings)) == (parts, holes)


def test_no_vertex_is_made_or_moved() -> None:
    shapes = list(draw("AAB\nACB").values())
    assert list_vertices([join_ground(shapes)]) <= list_vertices(shapes)


def test_vertex_on_an_edge_of_another_leaves_no_slit() -> None:
    whole = join_ground([box(0, 0, 1, 2), box(1, 0, 2, 1), box(1, 1, 2, 2)])
    assert (whole.area, len(whole.interiors)) == (4.0, 0)


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 2, 1), box(1, 0, 3, 1)],
        [box(0, 0, 1, 1), box(0, 0, 1, 1)],
        [box(0, 0, 3, 3), box(1, 1, 2, 2)],
        [box(0, 0, 2, 2), Polygon([(0, 0), (2, 0), (1, 1)])],
    ],
    ids=["across", "twice", "inside", "along an edge"],
)
def test_overlaps_are_refused(shapes: list[BaseGeometry]) -> None:
    with pytest.raises(GroundNotExact):
        join_ground(shapes)


def test_nothing_joins_into_nothing() -> None:
    assert join_ground([]).is_empty
