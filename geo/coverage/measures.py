"""Measure small geometries on the ground: geodesic area and length, width, a point inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import fsum, pi

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import POLYGONAL, Floats, Shapes, unfold_rings
from geo.coverage.widths import inscribe_circle

ToLonLat = Callable[[Floats], Floats]
"""Turn an array of x, y in the file's own system into longitude and latitude."""

GEOD = Geod(ellps="WGS84")
_RADIAN = pi / 180
_GRID_DIGITS = 9
_GAUSS = ((0.5 - 0.15**0.5, 5 / 18), (0.5, 8 / 18), (0.5 + 0.15**0.5, 5 / 18))
"""Where to look along an edge, and how much each look counts."""


@dataclass(frozen=True)
class Earth:
    """Say where on the earth the coordinates of a coverage lie."""

    to_lonlat: ToLonLat | None = None
    """How to reach longitude and latitude; None when the coordinates are just that."""

    def locate(self, xy: Floats) -> Floats:
        """Give the longitude and latitude of each vertex."""
        return xy if self.to_lonlat is None else np.asarray(self.to_lonlat(xy), dtype=np.float64)

    def place(self, geometries: Shapes) -> Shapes:
        """Move geometries to EPSG:4326 vertex by vertex."""
        return geometries if self.to_lonlat is None else np.asarray(shapely.transform(geometries, self.locate))

    def find_scale(self, xy: Floats) -> Floats:
        """Give the metres that one unit of x and one unit of y span at each vertex."""
        lonlat = self.locate(xy)
        metres = _metres_per_degree(lonlat[:, 1])
        if self.to_lonlat is None:
            return metres
        steps = [(self.locate(xy + step) - lonlat) * metres for step in np.eye(2)]
        return np.stack([np.hypot(step[:, 0], step[:, 1]) for step in steps], axis=1)


def _metres_per_degree(latitude: Floats) -> Floats:
    sine = np.sin(latitude * _RADIAN)
    bend = 1 - GEOD.es * sine * sine
    across = GEOD.a / np.sqrt(bend) * np.cos(latitude * _RADIAN)
    along = GEOD.a * (1 - GEOD.es) / bend**1.5
    return np.stack([across, along], axis=1) * _RADIAN


@dataclass(frozen=True)
class Measure:
    """Hold the size of one geometry on the ground."""

    area_m2: float
    """Geodesic area."""
    length_m: float
    """Geodesic length of the border, holes included."""
    width_m: float
    """Diameter of the largest inscribed circle."""
    point: tuple[float, float]
    """Longitude and latitude of a point inside: the centre of that circle."""

    @property
    def compactness(self) -> float:
        """Give the Polsby-Popper compactness, 1 for a circle."""
        return 4 * pi * self.area_m2 / self.length_m**2 if self.length_m else 0.0


def measure_area(geometry: BaseGeometry) -> float:
    """Measure the geodesic area of a polygonal geometry in EPSG:4326, in square metres.

    Examples
    --------
    >>> round(measure_area(shapely.box(0, 0, 1, 1)) / 1e6)
    12309
    """
    return _measure_rings(geometry)[0]


def measure_ground(geometry: BaseGeometry) -> Measure:
    """Measure a polygonal geometry in EPSG:4326; its edges are taken as drawn in longitude and latitude."""
    width, point = _inscribe(geometry)
    return Measure(*_measure_rings(geometry), width, point)


def _measure_rings(geometry: BaseGeometry) -> tuple[float, float]:
    """Measure the geodesic area and the length of all rings."""
    rings = unfold_rings(np.array([geometry], dtype=object))
    xy = np.split(rings.xy, rings.start[1:-1])
    sizes = [GEOD.polygon_area_perimeter(part[:, 0], part[:, 1]) for part in xy]
    areas = [abs(area) if shell else -abs(area) for (area, _), shell in zip(sizes, rings.is_shell, strict=True)]
    return float(fsum(areas)), float(fsum(length for _, length in sizes))


def _inscribe(geometry: BaseGeometry) -> tuple[float, tuple[float, float]]:
    """Find the largest inscribed circle in metres about the middle of the geometry's box."""
    west, south, east, north = geometry.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    scale = _metres_per_degree(middle[1:])[0]
    local = shapely.transform(geometry, lambda xy: (xy - middle) * scale)
    radius, centre = inscribe_circle(local)
    x, y = (centre / scale + middle).tolist()
    return 2 * radius, _settle(geometry, (x, y))


def _settle(geometry: BaseGeometry, point: tuple[float, float]) -> tuple[float, float]:
    """Round a point to the grid of stored coordinates where it stays inside, or take a surer one."""
    rounded = (round(point[0], _GRID_DIGITS), round(point[1], _GRID_DIGITS))
    for choice in (rounded, point):
        if shapely.contains_xy(geometry, *choice):
            return choice
    surface = geometry.representative_point()
    return (float(surface.x), float(surface.y))


def measure_many(geometries: Shapes) -> Floats:
    """Measure the polygons among many geometries in EPSG:4326 at once, in square metres.

    Every edge is followed as it is drawn, straight in longitude and latitude, so that the pieces of a polygon add up to
    the whole. Where edges are short this is the geodesic area.

    Examples
    --------
    >>> halves = [shapely.box(0, 0, 3, 9), shapely.box(3, 0, 8, 9)]
    >>> whole, left, right = measure_many(np.array([shapely.box(0, 0, 8, 9), *halves]))
    >>> bool(abs(whole - left - right) < 1e-3)
    True
    """
    parts, index = shapely.get_parts(geometries, return_index=True)
    ground = np.isin(shapely.get_type_id(parts), POLYGONAL) & ~shapely.is_empty(parts)
    if not ground.any():
        return np.zeros(len(geometries))
    rings = unfold_rings(parts[ground])
    swept = _sweep(rings.xy)
    swept[rings.start[1:-1] - 1] = 0  # the step from one ring to the next
    size = np.abs(np.add.reduceat(swept, rings.start[:-1])) * np.where(rings.is_shell, 1.0, -1.0)
    return np.asarray(np.bincount(index[ground][rings.owner], size, len(geometries)), dtype=np.float64)


def _sweep(xy: Floats) -> Floats:
    """Measure for each step between vertices the ground between it and the equator, by three points of Gauss."""
    step = np.diff(xy, axis=0) * _RADIAN
    latitude = xy[:-1, 1] * _RADIAN
    inner = [weight * _stretch(latitude + share * step[:, 1]) for share, weight in _GAUSS]
    return np.asarray(step[:, 0] * sum(inner) * GEOD.a**2 / 2)


def _stretch(latitude: Floats) -> Floats:
    """Give twice the height of a latitude on the cylinder that has the ellipsoid's area, for a radius of 1."""
    sine, e = np.sin(latitude), GEOD.es**0.5
    height = sine / (1 - e * e * sine * sine) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
    return np.asarray((1 - e * e) * height)
