"""Check measures against known sizes of the earth."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import Point, Polygon, box

from geo.coverage import measure_area, measure_many
from geo.coverage.measures import Earth, measure_ground

TO_LONLAT = Transformer.from_crs(32639, 4326, always_xy=True).transform


@pytest.mark.parametrize("latitude", [0.0, 35.0, -60.0, 85.0])
def test_quick_areas_are_geodesic_where_edges_are_short(latitude: float) -> None:
    shape = box(51, latitude, 51.01, latitude + 0.01).difference(
        box(51.002, latitude + 0.002, 51.004, latitude + 0.004)
    )
    assert measure_many(np.array([shape]))[0] == pytest.approx(measure_area(shape), rel=1e-7)


def test_area_of_the_whole_earth() -> None:
    whole = measure_many(np.array([box(-180, -90, 180, 90)]))[0]
    assert whole == pytest.approx(5.10065621724e14, rel=1e-4)


def test_pieces_add_up_to_the_whole_however_long_their_edges() -> None:
    whole, left, right = [(0, 0), (6, 5), (0, 9)], [(0, 0), (3, 2.5), (0, 9)], [(3, 2.5), (6, 5), (0, 9)]
    areas = measure_many(np.array([Polygon(corners) for corners in (whole, left, right)]))
    assert areas[0] == pytest.approx(areas[1] + areas[2], rel=1e-9)


def test_what_is_no_polygon_has_no_area() -> None:
    assert measure_many(np.array([Point(0, 0), Polygon(), None, box(0, 0, 1, 1)]))[:3].tolist() == [0, 0, 0]


def test_width_is_that_of_the_largest_circle_inside() -> None:
    measure = measure_ground(box(51, 35, 51.001, 35.1))
    width, _ = Geod(ellps="WGS84").line_length([51, 51.001], [35.05, 35.05]), None
    assert measure.width_m == pytest.approx(width, rel=1e-3)


@pytest.mark.parametrize("shape", [box(0, 0, 1, 1), box(0, 0, 1, 1e-8), Polygon([(0, 0), (9, 0), (9, 9), (8, 1)])])
def test_point_lies_inside(shape: Polygon) -> None:
    assert shape.contains(Point(measure_ground(shape).point))


def test_square_is_compact_and_strip_is_not() -> None:
    assert measure_ground(box(0, 0, 0.01, 0.01)).compactness == pytest.approx(0.785, abs=0.01)
    assert measure_ground(box(0, 0, 1, 0.001)).compactness < 0.01


def test_scale_of_a_plane_is_near_one_metre() -> None:
    earth = Earth(lambda xy: np.column_stack(TO_LONLAT(xy[:, 0], xy[:, 1])))
    assert earth.find_scale(np.array([[500_000.0, 4_000_000.0]])) == pytest.approx(np.ones((1, 2)), rel=1e-3)


def test_scale_of_degrees_follows_the_latitude() -> None:
    scale = Earth().find_scale(np.array([[0.0, 0.0], [0.0, 60.0]]))
    assert scale == pytest.approx(np.array([[111_319, 110_574], [55_800, 111_412]]), rel=1e-4)
