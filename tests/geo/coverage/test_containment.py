"""Check how ground lies to a boundary."""

from __future__ import annotations

import pytest
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage.containment import Relation, Tract, relate_ground

WHOLE = Polygon([(0, 0), (1, 0), (2, 0), (3, 0), (3, 3), (0, 3)], [box(1, 1, 2, 2).exterior.coords])


@pytest.mark.parametrize(
    ("ground", "relation"),
    [
        (WHOLE, Relation.WITHIN),
        (Polygon([(1, 0), (2, 0), (1.5, 0.5)]), Relation.WITHIN),
        (Polygon([(1, 0), (2, 0), (1.5, -0.5)]), Relation.APART),
        (box(0.2, 0.2, 0.8, 0.8), Relation.WITHIN),
        (box(1, 1, 2, 2), Relation.APART),
        (box(1.2, 1.2, 1.8, 1.8), Relation.APART),
        (box(0.5, 0.5, 2.5, 2.5), Relation.ACROSS),
        (Polygon([(0, 0), (1, 0), (2, 0), (3, 0), (3, 3), (0, 3)]), Relation.ACROSS),
        (box(-1, -1, 4, 4), Relation.ACROSS),
        (box(5, 5, 6, 6), Relation.APART),
        (MultiPolygon([box(0.2, 0.2, 0.8, 0.8), box(5, 5, 6, 6)]), Relation.ACROSS),
        (Polygon(), Relation.APART),
    ],
)
def test_relation_is_told_from_the_edges(ground: BaseGeometry, relation: Relation) -> None:
    assert relate_ground(Tract(ground), Tract(WHOLE)) is relation
