"""Test distances from lines and markers to boundaries against geodesics."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.coverage.departures import measure_departure, measure_distances

GEOD = Geod(ellps="WGS84")


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


@pytest.mark.parametrize("latitude", [0.0, 25.3, 39.7, -33.0, 62.0])
@pytest.mark.parametrize("away", [1e-5, 1e-3, 0.05])
def test_a_parallel_is_as_far_as_the_geodesic_says(latitude: float, away: float):
    border = line((51, latitude), (52, latitude))
    distance, foot = measure_distances(np.array([[51.5, latitude + away]]), [border])
    # to a parallel straight in longitude and latitude the nearest way runs along the meridian
    due = GEOD.inv(51.5, latitude + away, 51.5, latitude)[2]
    assert distance[0] == pytest.approx(due, abs=max(0.001, 1e-4 * due))
    assert foot[0] == pytest.approx((51.5, latitude), abs=1e-3)


def test_the_nearest_spot_is_no_farther_than_any_other():
    dice = np.random.default_rng(7)
    border = shapely.LineString(dice.uniform((51, 35), (51.2, 35.2), (40, 2)))
    spots = dice.uniform((51, 35), (51.2, 35.2), (25, 2))
    distance, _ = measure_distances(spots, [border])
    along = shapely.get_coordinates(shapely.segmentize(border, 1e-4))
    for spot, found in zip(spots, distance, strict=True):
        every = GEOD.inv(np.full(len(along), spot[0]), np.full(len(along), spot[1]), along[:, 0], along[:, 1])[2]
        assert found <= every.min() + 0.01


def test_a_long_edge_hides_nothing_between_its_ends():
    border = line((51, 35), (51.5, 35.1), (52, 35))
    away = measure_departure(line((51, 35), (52, 35)), [border], accuracy_m=100)
    # the way to the broken border is shorter than that along the meridian
    assert 10_500 < away.farthest_m < GEOD.inv(51.5, 35, 51.5, 35.1)[2]
    assert away.point[0] == pytest.approx(51.5, abs=0.001)
    assert away.error_m <= 5


@pytest.mark.parametrize(("accuracy_m", "share"), [(1, 1.0), (55, 0.5), (120, 0.0)])
def test_the_stretch_is_what_is_farther_than_the_accuracy(accuracy_m: float, share: float):
    away = measure_departure(line((51, 35), (51.1, 35.001)), [line((51, 35), (51.1, 35))], accuracy_m=accuracy_m)
    assert away.stretch_m / away.length_m == pytest.approx(share, abs=0.02)
    assert away.stretch.is_empty == (share == 0)


def test_the_worst_of_several_borders_counts():
    near, far = line((51, 35), (51.1, 35)), line((51, 35.001), (51.1, 35.001))
    away = measure_departure(line((51, 35), (51.1, 35)), [near, far], accuracy_m=10)
    assert away.farthest_m == pytest.approx(110.94, abs=0.05)


def test_a_polygon_counts_by_its_border():
    distance, _ = measure_distances(np.array([[51.05, 35.05]]), [shapely.box(51, 35, 51.1, 35.1)])
    assert distance[0] == pytest.approx(GEOD.inv(51.05, 35.05, 51, 35.05)[2], rel=1e-3)


def test_a_line_in_parts_is_measured_as_one():
    parts = shapely.MultiLineString([[(51, 35), (51.02, 35)], [(51.05, 35.002), (51.06, 35.002)]])
    away = measure_departure(parts, [line((51, 35), (51.1, 35))], accuracy_m=10)
    assert away.farthest_m == pytest.approx(221.9, abs=0.1)
    assert away.stretch_m == pytest.approx(912.5, rel=0.01)
