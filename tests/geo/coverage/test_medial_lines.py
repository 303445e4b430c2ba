"""Check the line half-way between two borders."""

from __future__ import annotations

import pytest
from shapely import Polygon, box

from geo.coverage import DisputedFace, Sheet, lay_face
from geo.coverage.medial_lines import find_medial_line
from geo.errors import Infeasible

A, B = 1, 2
EAST = box(10, 0, 20, 10)


def lay_gap(strip: list[tuple[float, float]]) -> DisputedFace:
    """Lay a gap between a western district that ends at the strip and one that begins at x = 10."""
    west = Polygon([(0, 0), *strip, (0, 10)])
    ground = Polygon([*strip, (10, 10), (10, 0)])
    return lay_face(Sheet({A: west, B: EAST}, {}, {}), ground, [A, B])


@pytest.mark.parametrize(
    ("strip", "x"),
    [([(8.0, 0.0), (8.0, 10.0)], 9.0), ([(9.0, 0.0), (9.0, 10.0)], 9.5), ([(9.9, 0.0), (9.9, 10.0)], 9.95)],
)
def test_line_runs_in_the_middle(strip: list[tuple[float, float]], x: float) -> None:
    line = find_medial_line(lay_gap(strip))
    inside = [spot for spot in line.coords if 0 < spot[1] < 10]
    assert [spot[0] for spot in inside] == pytest.approx([x] * len(inside), abs=1e-6)
    assert (line.bounds[1] <= 0, line.bounds[3] >= 10) == (True, True)


def test_line_begins_where_the_borders_meet() -> None:
    line = find_medial_line(lay_gap([(10, 0), (8, 5), (10, 10)]))
    assert {line.coords[0], line.coords[-1]} == {(10.0, 0.0), (10.0, 10.0)}


def test_line_lies_on_the_grid() -> None:
    line = find_medial_line(lay_gap([(10, 0), (8.3, 3), (9.1, 7), (10, 10)]))
    assert all(value == round(value, 9) for spot in line.coords for value in spot)


def test_ring_has_no_line_from_end_to_end() -> None:
    hole = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior])
    ring = Polygon(box(2, 2, 8, 8).exterior, [box(3, 3, 7, 7).exterior])
    with pytest.raises(Infeasible):
        find_medial_line(lay_face(Sheet({A: hole, B: box(3, 3, 7, 7)}, {}, {}), ring, [A, B]))
