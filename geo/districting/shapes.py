"""Measure how districts lie on the ground: on the ellipsoid, or in an equal-area plane around each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import pi

import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.districting.graph import ELLIPSOID, Floats, Ground
from geo.districting.plan import DistrictPlan


@dataclass(frozen=True)
class DistrictShape:
    """Hold the shape of one district."""

    area_m2: float
    """Its area on the ellipsoid."""
    perimeter_m: float
    """The length of its boundary on the ellipsoid, holes included."""
    polsby_popper: float
    """Its area by that of a circle of the same perimeter (Polsby and Popper 1991)."""
    reock: float
    """Its area by that of the smallest circle around it (Reock 1961)."""
    hull_ratio: float
    """Its area by that of its convex hull (Niemi, Grofman, Carlucci and Hofeller 1990)."""
    distance_m: float
    """How far its people are from their centre in the mean; units count at a point inside them."""


def measure_shapes(plan: DistrictPlan, grounds: Sequence[Ground]) -> tuple[DistrictShape, ...]:
    """Measure the shape of each district by number; grounds are those of the units, in EPSG:4326."""
    every = np.array(grounds, dtype=object)
    shapes = []
    for number in range(1, int(plan.districts.max()) + 1):
        own = plan.districts == number
        shapes.append(measure_shape(shapely.union_all(every[own]), every[own], plan.graph.people[own].astype(float)))
    return tuple(shapes)


def measure_shape(ground: BaseGeometry, units: np.ndarray, people: Floats) -> DistrictShape:
    """Measure one district of some units."""
    area, perimeter = ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(ground))
    flat = lay_flat(ground)
    circle = pi * shapely.minimum_bounding_radius(flat) ** 2
    return DistrictShape(
        area_m2=round(area, 1),
        perimeter_m=round(perimeter, 1),
        polsby_popper=round(4 * pi * area / perimeter**2, 4),
        reock=round(float(flat.area / circle), 4),
        hull_ratio=round(float(flat.area / flat.convex_hull.area), 4),
        distance_m=round(measure_distance(units, people), 1),
    )


def lay_flat(ground: BaseGeometry) -> BaseGeometry:
    """Project a ground into an equal-area plane whose centre is its own."""
    lon, lat = (round(part, 3) for part in shapely.centroid(ground).coords[0])
    project = _find_projection(lon, lat)
    flat: BaseGeometry = shapely.transform(ground, lambda xy: np.column_stack(project.transform(xy[:, 0], xy[:, 1])))
    return flat


@cache
def _find_projection(lon: float, lat: float) -> Transformer:
    plane = f"+proj=laea +lon_0={lon} +lat_0={lat} +datum=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", plane, always_xy=True)


def measure_reach(plan: DistrictPlan, grounds: Sequence[Ground], spots: Floats) -> tuple[tuple[float, float], ...]:
    """Give for each district how far its people are from the nearest of some spots in the mean, and its farthest unit.

    Spots are longitudes and latitudes; units count at a point inside them. The nearest is found on the sphere and
    measured on the ellipsoid.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(np.array(grounds, dtype=object)))
    nearest = spots[cKDTree(_to_sphere(spots)).query(_to_sphere(points))[1]]
    far = np.asarray(ELLIPSOID.inv(points[:, 0], points[:, 1], nearest[:, 0], nearest[:, 1])[2])
    found = []
    for number in range(1, int(plan.districts.max()) + 1):
        own = plan.districts == number
        people = plan.graph.people[own].astype(float)
        weights = people if people.sum() else np.ones(len(people))
        found.append((round(float(np.average(far[own], weights=weights)), 1), round(float(far[own].max()), 1)))
    return tuple(found)


def _to_sphere(points: Floats) -> Floats:
    lon, lat = np.radians(points).T
    found: Floats = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    return found


def measure_distance(units: np.ndarray, people: Floats) -> float:
    """Give the mean distance of people from their centre; where nobody lives, each unit counts alike."""
    points = shapely.get_coordinates(shapely.point_on_surface(units))
    weights = people if people.sum() else np.ones(len(points))
    centre = np.average(points, axis=0, weights=weights)
    lon, lat = (np.full(len(points), part) for part in centre)
    distances = ELLIPSOID.inv(points[:, 0], points[:, 1], lon, lat)[2]
    return float(np.average(distances, weights=weights))
