"""Check that boxes hold all ground whose owner has changed."""

from __future__ import annotations

import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage.alterations import Former, list_moved

BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def find(old: BaseGeometry | None, new: BaseGeometry | None) -> list[tuple[float, ...]]:
    return sorted(tuple(one) for one in list_moved({"A": Former(old)}, {"A": new}).tolist())


@pytest.mark.parametrize(
    ("old", "new", "boxes"),
    [
        (box(0, 0, 4, 4), box(0, 0, 4, 4), []),
        (box(0, 0, 4, 4), shapely.reverse(box(0, 0, 4, 4)), []),
        (box(0, 0, 4, 4), box(0, 0, 5, 4), [(0, 0, 5, 4)]),
        (None, box(0, 0, 1, 1), [(0, 0, 1, 1)]),
        (box(0, 0, 1, 1), None, [(0, 0, 1, 1)]),
        (None, None, []),
        (box(0, 0, 1, 1), BOW, [(0, 0, 1, 1), (0, 0, 2, 2)]),
        (MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), box(0, 0, 1, 1), [(5, 5, 6, 6)]),
    ],
)
def test_boxes_are_around_what_moved(
    old: BaseGeometry | None, new: BaseGeometry | None, boxes: list[tuple[float, ...]]
) -> None:
    assert find(old, new) == boxes


def test_changes_far_apart_have_boxes_of_their_own() -> None:
    notches = [box(1, 0, 2, 1), box(7, 0, 8, 1)]
    edge = box(0, 0, 10, 5)
    whole = shapely.segmentize(edge, 1.0)
    moved = find(whole, shapely.difference(whole, shapely.union_all(notches)))
    assert moved == [(1, 0, 2, 1), (7, 0, 8, 1)]


def test_a_vertex_put_into_an_edge_is_told() -> None:
    assert find(box(0, 0, 4, 4), Polygon([(0, 0), (2, 0), (4, 0), (4, 4), (0, 4)])) == [(0, 0, 4, 0)]
