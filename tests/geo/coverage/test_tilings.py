"""Check that a family whose edges are not answered as before is refused."""

from __future__ import annotations

import pytest
from shapely import Polygon, box

from geo.coverage.tilings import Family, check_family, check_shapes, is_balanced
from geo.errors import GroundNotExact

LEFT, RIGHT = box(0, 0, 1, 1), box(1, 0, 2, 1)
BOTH = Polygon([(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1)])


def test_children_answer_their_parent() -> None:
    assert is_balanced([(LEFT, 1), (RIGHT, 1), (BOTH, -1)])
    assert is_balanced([])


@pytest.mark.parametrize("parent", [box(0, 0, 2, 1), LEFT, box(0, 0, 2, 1.000000001)])
def test_edge_without_an_answer_is_seen(parent: Polygon) -> None:
    assert not is_balanced([(LEFT, 1), (RIGHT, 1), (parent, -1)])


def test_family_may_grow_by_what_is_expected() -> None:
    check_family(Family(None, ((LEFT, 1), (RIGHT, 1)), ((LEFT, 1), (RIGHT, 1))))
    with pytest.raises(GroundNotExact):
        check_family(Family(7, ((LEFT, 1), (RIGHT, 1)), ((LEFT, 1),)))


@pytest.mark.parametrize(
    ("shape", "area"), [(Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 0.0), (LEFT, 1.000001)], ids=["bow tie", "area"]
)
def test_wrong_shape_is_refused_by_its_division(shape: Polygon, area: float) -> None:
    with pytest.raises(GroundNotExact) as refused:
        check_shapes({4: RIGHT, 5: shape}, {5: area})
    assert refused.value.params["divisions"] == (5,)


def test_right_and_empty_shapes_pass() -> None:
    check_shapes({1: LEFT, 2: Polygon()}, {1: 1.0, 2: 0.0})
