"""Test that distances are those of PROJ."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geo.elections.distances import find_nearest, measure_distances

GEOD = Geod(ellps="WGS84")


def compare(lon, lat, lons, lats):
    lons, lats = np.array(lons, dtype=float), np.array(lats, dtype=float)
    expected = GEOD.inv(np.full(len(lons), lon), np.full(len(lons), lat), lons, lats)[2]
    return np.abs(measure_distances(lon, lat, lons, lats) - expected).max()


@pytest.mark.parametrize("reach", [1e-5, 0.01, 0.5, 20.0, 170.0])
def test_distances_are_those_of_proj(reach):
    dice = np.random.default_rng(1)
    lons, lats = 51.0 + dice.uniform(-reach, reach, 500), np.clip(35.0 + dice.uniform(-reach, reach, 500), -90, 90)
    assert compare(51.0, 35.0, lons, lats) < 1e-4


@pytest.mark.parametrize(
    ("point", "site"),
    [
        ((51.0, 35.0), (51.0, 35.0)),
        ((0.0, 0.0), (90.0, 0.0)),
        ((0.0, 90.0), (40.0, 90.0)),
        ((179.9, 1.0), (-179.9, 1.0)),
    ],
)
def test_odd_places_are_measured(point, site):
    assert compare(*point, [site[0]], [site[1]]) < 1e-4


@pytest.mark.parametrize("site", [(180.0, 0.0), (179.7, 0.3), (-179.9, 0.0)])
def test_points_opposite_on_the_globe_are_measured(site):
    assert compare(0.0, 0.0, [site[0], 1.0], [site[1], 1.0]) < 1e-4


def test_no_sites_have_no_distances():
    assert measure_distances(0.0, 0.0, np.empty(0), np.empty(0)).tolist() == []


@pytest.mark.parametrize("reach", [1e-4, 0.05, 1.0, 5.0, 100.0])
@pytest.mark.parametrize("lat", [0.0, 35.0, 70.0, 80.0])
@pytest.mark.parametrize("count", [1, 3, 50])
def test_no_nearer_site_is_left_out(reach, lat, count):
    dice = np.random.default_rng(5)
    lons, lats = dice.uniform(-reach, reach, 300), np.clip(lat + dice.uniform(-reach, reach, 300), -90, 90)
    rows, distances = find_nearest(0.0, lat, lons, lats, count=count)
    whole = measure_distances(0.0, lat, lons, lats)
    assert sorted(distances)[:count] == sorted(whole)[:count]
    assert (distances == whole[rows]).all()


def test_few_sites_are_all_near():
    rows, _ = find_nearest(0.0, 0.0, np.array([1.0, 2.0]), np.array([1.0, 2.0]), count=3)
    assert rows.tolist() == [0, 1]
