"""Check that drawn lines are taken in, pulled to what is near and noded on every level."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Polygon, box

from fixtures.sheets import draw_sheet, list_vertices
from geo.coverage.drawings import draw_grounds, draw_lines
from geo.errors import InvalidGeometry

A, B, P, Z = map(ord, "ABPZ")
SHEET = draw_sheet("ZZ", "PP", "AB", cell=1.0, origin=(0.0, 0.0))
METRE = 1 / 111_000


def draw(*line: tuple[float, float], tolerance_m: float = 0.0) -> list[list[float]]:
    drawn: list[list[float]] = draw_lines(SHEET, [np.array(line)], tolerance_m=tolerance_m).lines[0].tolist()
    return drawn


@pytest.mark.parametrize(
    ("spot", "tolerance_m", "pulled"),
    [
        ((1 + 3 * METRE, 0.0), 5.0, [1.0, 0.0]),
        ((1 + 3 * METRE, 0.5), 5.0, [1.0, 0.5]),
        ((1 + 0.001 * METRE, 1.0), 0.0, [1.0, 1.0]),
        ((1 + 0.001 * METRE, 0.5), 0.0, [1.0, 0.5]),
    ],
    ids=["vertex", "edge", "one place with a vertex", "one place with an edge"],
)
def test_near_vertices_are_pulled(spot: tuple[float, float], tolerance_m: float, pulled: list[float]) -> None:
    assert draw((0.2, 0.3), spot, tolerance_m=tolerance_m)[-1] == pytest.approx(pulled, abs=1e-9)


def test_far_vertices_only_come_to_the_grid() -> None:
    assert draw((0.12345678949, 0.3), (0.2, 0.4)) == [[0.123456789, 0.3], [0.2, 0.4]]


def test_sheet_without_anything_to_do_is_the_same() -> None:
    assert draw_lines(SHEET, [np.array([[0.2, 0.2], [0.4, 0.4]])], tolerance_m=0.0).sheet is SHEET


def test_every_level_gets_the_vertex() -> None:
    drawing = draw_lines(SHEET, [np.array([[0.5, -1], [0.5, 2]])], tolerance_m=0.0)
    assert all((0.5, 0.0) in list_vertices([drawing.sheet.shapes[key]]) for key in (A, P, Z))
    assert drawing.sheet.shapes[B] is SHEET.shapes[B]


def test_folded_spike_leaves_no_vertex() -> None:
    spike = Polygon([(0, 0), (1, 0), (1, 0.5), (0.5, 0.5), (0.5, 1), (0.5 - 1e-12, 0.5), (0, 0.5)])
    drawing, (tract,) = draw_grounds(SHEET, [spike], tolerance_m=0.0)
    assert tract.shape.equals(box(0, 0, 1, 0.5))
    assert (0.5, 1.0) not in list_vertices(list(drawing.sheet.shapes.values()))


@pytest.mark.parametrize("width", [1e-12, 1e-10])
def test_ground_thinner_than_the_grid_is_refused(width: float) -> None:
    with pytest.raises(InvalidGeometry):
        draw_grounds(SHEET, [box(0.2, 0.2, 0.2 + width, 0.8)], tolerance_m=0.0)
