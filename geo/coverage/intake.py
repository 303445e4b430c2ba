"""Take in boundaries as they come: set aside what has no ground, and read broken rings by the even-odd rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, fsum, log10

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import POLYGONAL, Boundaries, Flags, Floats, Ints, Shapes
from geo.coverage.findings import FindingKind
from geo.coverage.measures import Earth

_FARTHEST = 1e15
_PLACE = re.compile(r"\[(\S+) (\S+)\]$")


@dataclass(frozen=True)
class Fault:
    """Say what is wrong with one boundary taken by itself."""

    row: int
    """The row it stands in."""
    kind: FindingKind
    """`missing_boundary` or `invalid`."""
    reason: str
    """Why, in the words of the geometry engine or by a lasting name."""
    handling: str
    """`no_ground`, `even_odd` or `set_aside`; only the last leaves ground undecided."""
    place: tuple[float, float] | None = None
    """Where, in the coverage's own coordinates."""


@dataclass(frozen=True)
class Intake:
    """Hold the polygons that are audited, and what is wrong with the boundaries they came from."""

    polygons: Shapes
    """Valid, two-dimensional, not empty polygons and multipolygons."""
    given: Shapes
    """The boundary each polygon was read from, as it came."""
    row: Ints
    """The row each polygon came from."""
    faults: tuple[Fault, ...]
    """What is wrong, by row."""
    mended: Flags
    """Whether the polygon was read by the even-odd rule."""

    @property
    def undecided(self) -> int:
        """Count the boundaries whose ground nobody can tell."""
        return sum(fault.handling == "set_aside" for fault in self.faults)


def take_in(boundaries: Boundaries, *, earth: Earth) -> Intake:
    """Sort boundaries into those that can be audited and those that cannot; whatever comes, nothing is raised."""
    given = _to_array(boundaries)
    kept = np.array(given)
    faults: list[Fault] = []
    for row in _find_odd(given, earth):
        kept[row], fault = _handle(given[row], row, earth)
        faults += [fault] if fault else []
    rows = np.flatnonzero([shape is not None for shape in kept])
    mended = np.isin(rows, [fault.row for fault in faults])
    return Intake(_flatten(kept[rows]), given[rows], rows, tuple(faults), mended)


def _flatten(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.force_2d(shapes)) if (shapely.get_coordinate_dimension(shapes) > 2).any() else shapes


def _to_array(boundaries: Boundaries) -> Shapes:
    given = np.empty(len(boundaries), dtype=object)
    given[:] = list(boundaries)
    given[~shapely.is_geometry(given)] = None
    return given


def _find_odd(given: Shapes, earth: Earth) -> Iterator[int]:
    """Find the rows that are not plainly a valid polygon on the globe; only those are looked at one by one."""
    polygonal = np.isin(shapely.get_type_id(given), POLYGONAL) & ~shapely.is_empty(given)
    plain = polygonal & shapely.is_valid(given)
    plain[plain] = _is_near(given[plain], earth)
    return iter(np.flatnonzero(~plain).tolist())


def _is_near(shapes: Shapes, earth: Earth) -> Flags:
    """Tell whether the box of each shape lies on the globe and spans less than half of it."""
    bounds = shapely.bounds(shapes)
    near = np.asarray((np.abs(bounds) < _FARTHEST).all(axis=1))
    low, high = earth.locate(bounds[:, :2]), earth.locate(bounds[:, 2:])
    for corner in (low, high):
        near &= (np.abs(corner[:, 0]) <= 540) & (np.abs(corner[:, 1]) <= 90)
    return near & (np.abs(high[:, 0] - low[:, 0]) <= 180)


def _handle(shape: BaseGeometry | None, row: int, earth: Earth) -> tuple[BaseGeometry | None, Fault | None]:
    if shape is None or shape.is_empty:
        return None, Fault(row, FindingKind.MISSING_BOUNDARY, "empty", "no_ground")
    parts = list(_find_polygons(shape))
    if not parts:
        return None, Fault(row, FindingKind.INVALID, f"not a polygon: {shape.geom_type}", "no_ground")
    reason = _find_obstacle(parts, earth)
    if reason is not None:
        return None, Fault(row, FindingKind.INVALID, reason, "set_aside")
    if shapely.get_type_id(shape) in POLYGONAL and shape.is_valid:
        return shape, None
    return _mend(shape, parts, row)


def _find_polygons(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if hasattr(part, "geoms"):
            yield from _find_polygons(part)
        elif shapely.get_type_id(part) == shapely.GeometryType.POLYGON and not part.is_empty:
            yield shapely.force_2d(part)


def _find_obstacle(parts: list[BaseGeometry], earth: Earth) -> str | None:
    """Name what forbids to read the rings at all."""
    xy = shapely.get_coordinates(parts)
    if not np.isfinite(xy).all():
        return "coordinate is not a number"
    if np.abs(xy).max() >= _FARTHEST:
        return "coordinate out of range"
    if not (np.abs(earth.locate(xy)) <= [540, 90]).all():
        return "off the globe"
    if any(_has_leap(part, earth) for part in parts):
        return "crosses the antimeridian unsplit"
    return None


def _has_leap(part: BaseGeometry, earth: Earth) -> bool:
    longitude = earth.locate(shapely.get_coordinates(shapely.get_exterior_ring(part)))[:, 0]
    step = np.abs(np.diff(longitude))
    # An edge right around the globe is the border of a map of the world, not a leap.
    return bool(((step > 180) & (step < 360)).any())


def _mend(shape: BaseGeometry, parts: list[BaseGeometry], row: int) -> tuple[BaseGeometry | None, Fault]:
    """Read each part by the even-odd rule and join the parts."""
    words = shapely.is_valid_reason(shape)
    spot = _PLACE.search(words)
    place = (float(spot[1]), float(spot[2])) if spot else None
    reason = _PLACE.sub("", words) if words != "Valid Geometry" else f"not a polygon alone: {shape.geom_type}"
    ground = _join_parts([_read_even_odd(part) for part in parts])
    if ground is None:
        return None, Fault(row, FindingKind.INVALID, reason, "set_aside", place)
    if ground.is_empty:
        return None, Fault(row, FindingKind.INVALID, reason, "no_ground", place)
    return ground, Fault(row, FindingKind.INVALID, reason, "even_odd", place)


def _join_parts(parts: Sequence[BaseGeometry | None]) -> BaseGeometry | None:
    """Join what the parts of a boundary hold; None where nobody can tell."""
    if any(part is None for part in parts):
        return None
    try:
        whole = shapely.union_all(np.array(parts, dtype=object))
        joined: BaseGeometry = shapely.union_all(list(_find_polygons(whole)))
    except GEOSException:
        return None
    return joined


def _read_even_odd(part: BaseGeometry) -> BaseGeometry | None:
    """Give the ground from which a line to the far distance crosses the rings an odd number of times.

    Edges that rings walk twice part nothing, so the lines alone, which have each edge once, cannot tell. The rings' own
    areas say whether all faces were found: each must be as large as the faces it goes round, as often as it does.
    Where edges run too close together for that, on a grid as well, nobody can tell.
    """
    rings = np.asarray(shapely.get_rings(part))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    real = ring[1:] == ring[:-1]
    tail, head = xy[:-1][real], xy[1:][real]
    local = xy[0]
    due = fsum(((tail - local)[:, 0] * (head - local)[:, 1] - (head - local)[:, 0] * (tail - local)[:, 1]) / 2)
    finest = 10.0 ** (ceil(log10(max(float(np.abs(xy).max()), 1.0))) - 14)
    for grid in (None, finest, 10 * finest):
        faces = _enclose(rings, grid)
        turns = [_count_turns(tail, head, spot) for spot in shapely.get_coordinates(shapely.point_on_surface(faces))]
        allowed = (grid or finest) * float(shapely.length(rings).sum())
        if abs(fsum(np.array(turns) * shapely.area(faces)) - due) <= allowed:
            return shapely.union_all(faces[np.array(turns, dtype=np.int64) % 2 == 1])
    return None


def _enclose(rings: Shapes, grid: float | None) -> Shapes:
    """Give the faces between rings; none where the engine cannot node them."""
    try:
        noded = shapely.union_all(rings, grid_size=grid)
    except GEOSException:
        return np.empty(0, dtype=object)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def _count_turns(tail: Floats, head: Floats, spot: Floats) -> int:
    """Count how often rings go round a spot against the clock, by the edges that a line to the east crosses."""
    crosses = (tail[:, 1] > spot[1]) != (head[:, 1] > spot[1])
    start, end = tail[crosses], head[crosses]
    share = (spot[1] - start[:, 1]) / (end[:, 1] - start[:, 1])
    beyond = start[:, 0] + share * (end[:, 0] - start[:, 0]) > spot[0]
    return int(np.where(end[beyond, 1] > start[beyond, 1], 1, -1).sum())
