"""Measure from one point to many sites on the WGS 84 ellipsoid, fast enough for every question of a voter."""

from __future__ import annotations

from math import atan, atan2, cos, radians, sin, sqrt, tan

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geo.coverage.edges import Floats
from geo.locate.orientation import compiled

Rows = NDArray[np.int64]

AXIS_M, FLATTENING = 6378137.0, 1 / 298.257223563
"""The WGS 84 ellipsoid."""
MOST_STEPS, CLOSE = 100, 1e-13
"""Steps until the longitudes on the auxiliary sphere agree; points nearly opposite on the globe never come to it."""
SPARE, ROUGH_M = 1.1, 200_000.0
"""How much farther than the last may still be nearer in truth, and up to where the quick measure is that good."""
ELLIPSOID = Geod(ellps="WGS84")


def measure_distances(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Measure the geodesics from a point to sites, in metres, within a tenth of a millimetre.

    By Vincenty (1975), "Direct and inverse solutions of geodesics on the ellipsoid"; sites nearly opposite on the
    globe, where that finds no answer, are left to PROJ.

    >>> measure_distances(51.389, 35.689, np.array([51.668]), np.array([32.654])).round().tolist()
    [337659.0]
    """
    found = np.empty(len(lons))
    if _measure_all(lon, lat, lons, lats, found):
        far = np.flatnonzero(np.isnan(found))
        starts = np.full(len(far), lon), np.full(len(far), lat)
        found[far] = ELLIPSOID.inv(*starts, lons[far], lats[far])[2]
    return found


def find_nearest(lon: float, lat: float, lons: Floats, lats: Floats, *, count: int) -> tuple[Rows, Floats]:
    """Find the `count` nearest sites or more, in no order, with their distances.

    A quick measure leaves out what is surely farther; those that are left are measured exactly.
    """
    rows = _list_near(lon, lat, lons, lats, count) if len(lons) > count else np.arange(len(lons))
    return rows, measure_distances(lon, lat, lons[rows], lats[rows])


@compiled
def _list_near(lon: float, lat: float, lons: Floats, lats: Floats, count: int) -> Rows:
    """List all sites that may be among the nearest; where the quick measure is too rough, that is all."""
    rough = np.empty(lons.size)
    per_lon = AXIS_M * radians(cos(radians(lat)))
    per_lat = AXIS_M * radians(1.0)
    for site in range(lons.size):
        turn = abs(lons[site] - lon)
        x, y = min(turn, 360.0 - turn) * per_lon, (lats[site] - lat) * per_lat
        rough[site] = sqrt(x * x + y * y)
    most = np.partition(rough, count - 1)[count - 1] * SPARE + 1.0
    if most > ROUGH_M or abs(lat) > 75.0:
        most = np.inf
    return np.flatnonzero(rough <= most)


@compiled
def _measure_all(lon: float, lat: float, lons: Floats, lats: Floats, found: Floats) -> int:
    """Write the distance of each site, or not-a-number; give how many have none."""
    lost = 0
    for site in range(lons.size):
        found[site] = _measure(lat, lats[site], radians(lons[site] - lon))
        lost += np.isnan(found[site])
    return lost


@compiled
def _measure(lat_1: float, lat_2: float, turn: float) -> float:
    """Iterate to the turn on the auxiliary sphere whose geodesic has the given turn on the ellipsoid."""
    one, other = atan((1.0 - FLATTENING) * tan(radians(lat_1))), atan((1.0 - FLATTENING) * tan(radians(lat_2)))
    sin_1, cos_1, sin_2, cos_2 = sin(one), cos(one), sin(other), cos(other)
    sphere = turn
    for _ in range(MOST_STEPS):
        across, along = cos_2 * sin(sphere), cos_1 * sin_2 - sin_1 * cos_2 * cos(sphere)
        sin_arc, cos_arc = sqrt(across * across + along * along), sin_1 * sin_2 + cos_1 * cos_2 * cos(sphere)
        if sin_arc == 0.0:
            return 0.0 if cos_arc > 0.0 else np.nan
        arc, sin_course = atan2(sin_arc, cos_arc), cos_1 * cos_2 * sin(sphere) / sin_arc
        rest = 1.0 - sin_course * sin_course
        middle = cos_arc - 2.0 * sin_1 * sin_2 / rest if rest > 0.0 else 0.0
        bend = FLATTENING / 16.0 * rest * (4.0 + FLATTENING * (4.0 - 3.0 * rest))
        twist = arc + bend * sin_arc * (middle + bend * cos_arc * (2.0 * middle * middle - 1.0))
        before, sphere = sphere, turn + (1.0 - bend) * FLATTENING * sin_course * twist
        if abs(sphere - before) < CLOSE:
            return _lengthen(arc, rest, middle)
    return np.nan


@compiled
def _lengthen(arc: float, rest: float, middle: float) -> float:
    """Give the metres on the ellipsoid of an arc on the auxiliary sphere."""
    polar = AXIS_M * (1.0 - FLATTENING)
    share = rest * (AXIS_M * AXIS_M - polar * polar) / (polar * polar)
    grow = 1.0 + share / 16384.0 * (4096.0 + share * (share * (320.0 - 175.0 * share) - 768.0))
    wave = share / 1024.0 * (256.0 + share * (share * (74.0 - 47.0 * share) - 128.0))
    twice = 2.0 * middle * middle - 1.0
    third = wave / 6.0 * middle * (4.0 * sin(arc) * sin(arc) - 3.0) * (4.0 * middle * middle - 3.0)
    return polar * grow * (arc - wave * sin(arc) * (middle + wave / 4.0 * (cos(arc) * twice - third)))
