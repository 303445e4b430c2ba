"""Check the geometries of a layer before they may enter the register, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import Reason, because
from geo.register.candidates import Row
from geo.register.countries import Bounds, CountryPack
from geo.register.levels import Level
from geo.register.problems import Problem, Weight

GRID_DECIMALS = 9
"""Longitudes and latitudes are stored to a billionth of a degree, a tenth of a millimetre."""

Check = Callable[["Ground"], tuple[NDArray[np.bool_], Callable[[int], Reason]]]


@dataclass(frozen=True)
class Ground:
    """Hold the geometries of a layer beside the rows they came from."""

    rows: Sequence[Row]
    """The rows, in order."""
    levels: Sequence[Level | None]
    """The level of each row, where it is known."""
    shapes: NDArray[np.object_]
    """The geometry of each row, EPSG:4326, flat and on the storage grid; None where there is none."""
    bounds: Bounds
    """The frame of the country."""
    most_vertices: int
    """The most vertices one geometry may have."""


def lay_ground(rows: Sequence[Row], levels: Sequence[Level | None], *, pack: CountryPack, most_vertices: int) -> Ground:
    """Bring geometries to two dimensions and onto the storage grid, and make single polygons collections of one."""
    shapes = shapely.force_2d(np.array([row.geometry for row in rows], dtype=object))
    return Ground(rows, levels, shapely.transform(shapes, _to_grid), pack.bounds, most_vertices)


def _to_grid(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    # adding zero turns minus zero into zero, so that equal ground has equal bytes
    return np.round(coordinates, GRID_DECIMALS) + 0.0


def check_ground(ground: Ground, layer: str) -> list[Problem]:
    """Say what is wrong with each geometry; the first refusal of a row ends its checks."""
    problems: list[Problem] = []
    open_rows = ~shapely.is_missing(ground.shapes)
    for rule, weight, check in CHECKS:
        bad, explain = check(ground)
        for index in np.flatnonzero(bad & open_rows).tolist():
            row = ground.rows[index].number
            problems.append(Problem(layer, row, "geometry", rule, weight, explain(index)))
        if weight is Weight.REFUSED:
            open_rows &= ~bad
    return problems


def _find_numberless(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    coordinates, owner = shapely.get_coordinates(ground.shapes, return_index=True)
    bad = np.zeros(len(ground.shapes), dtype=bool)
    bad[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    return bad, lambda index: because("geometry_numbers")


def _find_empty(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    return shapely.is_empty(ground.shapes), lambda index: because("geometry_empty")


def _find_misfit_kind(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    kinds = shapely.get_type_id(ground.shapes)
    places = np.array([level is not None and level.is_place for level in ground.levels], dtype=bool)
    # points are the positions of places, and of divisions whose file has no boundary
    bad = np.where(places, kinds != 0, ~np.isin(kinds, (0, 3, 6)))
    return bad, lambda index: because("geometry_kind", found=ground.shapes[index].geom_type)


def _find_heavy(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    counts = shapely.get_num_coordinates(ground.shapes)
    return counts > ground.most_vertices, lambda index: because(
        "geometry_vertices", found=int(counts[index]), limit=ground.most_vertices
    )


def _find_off_globe(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    west, south, east, north = shapely.bounds(ground.shapes).T
    bad = (west < -180) | (east > 180) | (south < -90) | (north > 90)
    return bad, lambda index: because("geometry_off_globe", lon=float(west[index]), lat=float(south[index]))


def _find_swapped(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    lon, lat = _middles(ground)
    bad = ~_in_frame(ground.bounds, lon, lat) & _in_frame(ground.bounds, lat, lon)
    return bad, lambda index: because("geometry_swapped", lon=float(lon[index]), lat=float(lat[index]))


def _find_abroad(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    lon, lat = _middles(ground)
    return ~_in_frame(ground.bounds, lon, lat), lambda index: because(
        "geometry_abroad", lon=float(lon[index]), lat=float(lat[index])
    )


def _middles(ground: Ground) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    west, south, east, north = shapely.bounds(ground.shapes).T
    return (west + east) / 2, (south + north) / 2


def _in_frame(bounds: Bounds, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside = (lon >= bounds.west) & (lon <= bounds.east) & (lat >= bounds.south) & (lat <= bounds.north)
    return np.asarray(inside, dtype=bool)


def _find_invalid(ground: Ground) -> tuple[NDArray[np.bool_], Callable[[int], Reason]]:
    return ~shapely.is_valid(ground.shapes), lambda index: because(
        "geometry_invalid", detail=shapely.is_valid_reason(ground.shapes[index])
    )


CHECKS: tuple[tuple[str, Weight, Check], ...] = (
    ("geometry_numbers", Weight.REFUSED, _find_numberless),
    ("geometry_empty", Weight.REFUSED, _find_empty),
    ("geometry_kind", Weight.REFUSED, _find_misfit_kind),
    ("geometry_vertices", Weight.REFUSED, _find_heavy),
    ("geometry_off_globe", Weight.REFUSED, _find_off_globe),
    ("geometry_swapped", Weight.REFUSED, _find_swapped),
    ("geometry_abroad", Weight.REFUSED, _find_abroad),
    ("geometry_invalid", Weight.REFUSED, _find_invalid),
)
"""The rules of ground, in the order in which one bad geometry is told only once."""


def digest_ground(shape: shapely.Geometry) -> str:
    """Name a geometry by its bytes: equal names mean equal coordinates in equal order."""
    return hashlib.sha256(shapely.to_wkb(shape, byte_order=1)).hexdigest()
