"""Check the largest circle in shapes whose width is known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.coverage.widths import inscribe_circle

WINDING = LineString([(0, 0), (3000, 900), (6000, -700), (10_000, 0)])


@pytest.mark.parametrize(
    ("ground", "radius"),
    [
        (box(0, 0, 4, 2), 1.0),
        (Polygon([(0, 0), (3, 0), (0, 4)]), 1.0),
        (MultiPolygon([box(0, 0, 1, 1), box(5, 0, 8, 9)]), 1.5),
        (box(0, 0, 9, 9).difference(box(1, 1, 8, 9)), 2**0.5 / (1 + 2**0.5)),
        (box(0, 0, 1e5, 0.01), 0.005),
        (WINDING.buffer(2), 2.0),
        (WINDING.buffer(0.02), 0.02),
    ],
    ids=["box", "triangle", "parts", "frame", "strip", "winding", "winding strip"],
)
def test_radius_is_that_of_the_largest_circle(ground: Polygon, radius: float) -> None:
    assert inscribe_circle(ground)[0] == pytest.approx(radius, rel=0.1)


def test_widest_place_of_a_long_strip_is_found() -> None:
    x = np.linspace(0, 20_000, 200)
    breadth = 0.5 + np.exp(-(((x - 15_000) / 800) ** 2))
    strip = Polygon([*zip(x, x * 0.3, strict=True), *zip(x[::-1], (x * 0.3 + breadth)[::-1], strict=True)])
    radius, centre = inscribe_circle(strip)
    assert radius == pytest.approx(0.72, rel=0.1)
    assert centre[0] == pytest.approx(15_000, abs=800)


@pytest.mark.parametrize("width", [0.001, 1.0, 300.0])
def test_centre_lies_inside(width: float) -> None:
    ground = WINDING.buffer(width)
    assert shapely.distance(ground, Point(inscribe_circle(ground)[1])) == 0
