"""Check the geometries of a layer before they may enter the register, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import Reason, because
from geo.register.countries import Bounds, CountryPack
from geo.register.levels import Level
from geo.register.problems import Problem, Weight
from geo.register.rows import Rows

GRID_DECIMALS = 9
"""Longitudes and latitudes are stored to a billionth of a degree, a tenth of a millimetre."""

Check = Callable[["Ground"], tuple[NDArray[np.bool_], Callable[[int], Reason]]]


@dataclass(frozen=True)
class Ground:
    """Hold the geometries of a layer beside the rows they came from."""

    rows: Rows
    """The rows, in order."""
    levels: Sequence[Level | None]
    """The level of each row, where it is known."""
    shapes: NDArray[np.object_]
    """The geometry of each row, EPSG:4326, flat and on the storage grid; None where there is none."""
    bounds: Bounds
    """The frame of the country."""
    most_vertices: int
    """The most vertices one geometry may have."""


def lay_ground(rows: Rows, levels: Sequence[Level | None], *, pack: CountryPack, most_vertices: int) -> Ground:
    """Bring geometries to two dimensions and onto the storage grid, and make single polygons collections of one."""
    shapes = np.full(len(rows), None, dtype=object) if rows.shapes is None else rows.shapes
    # a geometry over the limit is refused as it is: copying it three times is what the limit is against
    light = shapely.get_num_coordinates(shapes) <= most_vertices
    laid = shapes.copy()
    laid[light] = shapely.transform(shapely.force_2d(shapes[light]), _to_grid)
    single = np.flatnonzero(light & (shapely.get_type_id(laid) == 3) & ~shapely.is_empty(laid))
    laid[single] = shapely.multipolygons(laid[single], indices=np.arange(len(single)))
    return Ground(rows, levels, laid, pack.bounds, most_vertices)


def _to_grid(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    # adding zero turns minus zero into zero, so that equal ground has equal bytes
    return np.round(coordinates, GRID_DECIMALS) + 0.0


def check_ground(ground: Ground, layer: str) -> list[Problem]:
    """Say what is wrong with each geometry; the first refusal of a row ends its checks."""
    if ground.rows.shapes is None:
        return []
    problems = _tell_unread(ground, layer)
    open_rows = ~shapely.is_missing(ground.shapes)
    for rule, weight, check in CHECKS:
        checked = np.flatnonzero(open_rows)
        bad, explain = check(_pick(ground, checked))
        for index in np.flatnonzero(bad).tolist():
            row = ground.rows.numbers[checked[index]]
            problems.append(Problem(layer, row, "geometry", rule, weight, explain(index)))
        if weight is Weight.REFUSED:
            open_rows[checked[bad]] = False
    return problems


def _tell_unread(ground: Ground, layer: str) -> list[Problem]:
    """Tell the rows whose geometry cannot be read, is missing, or is higher than the register keeps."""
    numbers, broken = ground.rows.numbers, ground.rows.unreadable
    found = [
        _tell(layer, numbers[index], "geometry_unreadable", Weight.REFUSED, detail=detail)
        for index, detail in sorted(broken.items())
    ]
    for index in np.flatnonzero(shapely.is_missing(ground.shapes)).tolist():
        if index not in broken:
            found.append(_tell(layer, numbers[index], "geometry_missing", Weight.NOTED))
    if ground.rows.heights:
        found.append(_tell(layer, 0, "geometry_heights", Weight.NOTED, rows=ground.rows.heights))
    return found


def _tell(layer: str, row: int, rule: str, weight: Weight, **params: object) -> Problem:
    return Problem(layer, row, "geometry", rule, weight, because(rule, **params))


def _pick(ground: Ground, chosen: NDArray[np.intp]) -> Ground:
    levels = [ground.levels[index] for index in chosen.tolist()]
    return replace(ground, levels=levels, shapes=ground.shapes[chosen])


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
    ("geometry_vertices", Weight.REFUSED, _find_heavy),
    ("geometry_numbers", Weight.REFUSED, _find_numberless),
    ("geometry_empty", Weight.REFUSED, _find_empty),
    ("geometry_kind", Weight.REFUSED, _find_misfit_kind),
    ("geometry_off_globe", Weight.REFUSED, _find_off_globe),
    ("geometry_swapped", Weight.REFUSED, _find_swapped),
    ("geometry_abroad", Weight.REFUSED, _find_abroad),
    ("geometry_invalid", Weight.REFUSED, _find_invalid),
)
"""The rules of ground, in the order in which one bad geometry is told only once."""


def digest_grounds(shapes: NDArray[np.object_]) -> list[str]:
    """Name geometries by their coordinates; equal names mean equal ground, whichever way its rings run."""
    bodies = shapely.to_wkb(shapely.orient_polygons(shapes), byte_order=1)
    return ["" if body is None else digest_bytes(body) for body in bodies]


def digest_bytes(body: bytes) -> str:
    """Name a geometry by its bytes in little-endian WKB."""
    return hashlib.sha256(body).hexdigest()
