"""Measure how far a line or a marker lies from boundaries, on the ellipsoid.

Edges of boundaries and of described lines are straight in longitude and latitude, as GeoJSON (RFC 7946) has them and
as the audit sees them. A line is looked at from points along it; for each the nearest spot of a border is sought in a
plane of metres around that point, and the distance to that spot is then the geodesic. The plane errs in where the
nearest spot is by a share of about `distance * tan(latitude) / earth radius`, which moves the distance by the square
of that share only: for ten kilometres in Iran by less than a millimetre. Between two points of a line the distance can
be larger than at both by half their spacing at most, which is what `error_m` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import Flags, Floats
from geo.coverage.measures import GEOD, Earth

_EARTH = Earth()
_MOST_POINTS = 20_000
"""So many points of a line are looked at; a longer one is looked at in wider steps, and says so."""
_FINEST_M = 0.5
_SHARE = 0.1
"""The step along a line, as a share of its accuracy."""
_BAND = 0.05
"""How many degrees of latitude share one plane: over them the scale changes by a thousandth at most in Iran."""
NO_STRETCH = shapely.MultiLineString()


@dataclass(frozen=True)
class Departure:
    """Say how far a line leaves what it should follow."""

    farthest_m: float
    """The largest distance."""
    point: tuple[float, float]
    """Where on the line that is."""
    foot: tuple[float, float]
    """The nearest spot of the border there."""
    stretch: BaseGeometry
    """Where the line is farther from the border than its accuracy."""
    stretch_m: float
    """How long that is."""
    length_m: float
    """How long the whole line is."""
    error_m: float
    """By how much the largest distance may be larger."""


def measure_departure(line: BaseGeometry, borders: Sequence[BaseGeometry], *, accuracy_m: float) -> Departure:
    """Measure how far a line leaves borders that all of it should lie on; the worst of them counts at each point.

    Examples
    --------
    >>> border = shapely.LineString([(51, 35), (51.1, 35)])
    >>> away = measure_departure(shapely.LineString([(51, 35), (51.1, 35.001)]), [border], accuracy_m=50)
    >>> round(away.farthest_m, 2), round(away.stretch_m / away.length_m, 2)
    (110.94, 0.55)
    """
    step_m = max(_SHARE * accuracy_m, _FINEST_M)
    parts = [_walk(shapely.get_coordinates(part), step_m, line) for part in shapely.get_parts(line)]
    xy = np.concatenate(parts)
    distance, foot = measure_distances(xy, borders)
    worst = int(distance.argmax())
    cuts = np.cumsum([len(part) for part in parts])[:-1]
    stretches = [
        piece
        for part, far in zip(parts, np.split(distance > accuracy_m, cuts), strict=True)
        for piece in _cut_stretches(part, far)
    ]
    stretch = shapely.MultiLineString(stretches) if stretches else NO_STRETCH
    return Departure(
        farthest_m=float(distance[worst]),
        point=_to_pair(xy[worst]),
        foot=_to_pair(foot[worst]),
        stretch=stretch,
        stretch_m=_measure_length(stretch),
        length_m=_measure_length(line),
        error_m=_find_spacing(parts) / 2,
    )


def measure_distances(xy: Floats, borders: Sequence[BaseGeometry]) -> tuple[Floats, Floats]:
    """Measure from points the geodesic distance to the farthest of some borders, and give the nearest spot of it."""
    distance, foot = np.full(len(xy), -1.0), np.zeros_like(xy)
    for border in borders:
        here, spot = _measure_one(xy, border)
        farther = here > distance
        distance[farther], foot[farther] = here[farther], spot[farther]
    return distance, foot


def _measure_one(xy: Floats, border: BaseGeometry) -> tuple[Floats, Floats]:
    """Find for each point the nearest spot of one border, band by band of latitude."""
    lines = shapely.boundary(border) if shapely.get_dimensions(border) == 2 else border
    coordinates, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    inner = owner[1:] == owner[:-1]
    tail, head = coordinates[:-1][inner], coordinates[1:][inner]
    foot = np.empty_like(xy)
    band = np.floor(xy[:, 1] / _BAND).astype(np.int64)
    for number in np.unique(band).tolist():
        rows = np.flatnonzero(band == number)
        foot[rows] = _find_feet(xy[rows], tail, head)
    distance = GEOD.inv(xy[:, 0], xy[:, 1], foot[:, 0], foot[:, 1])[2]
    return np.asarray(distance), foot


def _find_feet(xy: Floats, tail: Floats, head: Floats) -> Floats:
    scale = _EARTH.find_scale(xy.mean(axis=0)[None])[0]
    edges = np.asarray(shapely.linestrings(np.stack([tail * scale, head * scale], axis=1)))
    spots = np.asarray(shapely.points(xy * scale))
    _, edge = shapely.STRtree(edges).query_nearest(spots, all_matches=False)
    share = np.asarray(shapely.line_locate_point(edges[edge], spots, normalized=True))[:, None]
    return np.asarray(tail[edge] + share * (head[edge] - tail[edge]))


def _walk(xy: Floats, step_m: float, line: BaseGeometry) -> Floats:
    """Put points on a line, its vertices among them, no farther apart than a step where that is not too many."""
    step_m = max(step_m, _measure_length(line) / _MOST_POINTS)
    metres = GEOD.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])[2]
    count = np.maximum(np.ceil(np.asarray(metres) / step_m).astype(np.int64), 1)
    edge = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    share = (place / count[edge])[:, None]
    return np.concatenate([xy[:-1][edge] + share * (xy[1:] - xy[:-1])[edge], xy[-1:]])


def _find_spacing(parts: Sequence[Floats]) -> float:
    steps = [GEOD.inv(part[:-1, 0], part[:-1, 1], part[1:, 0], part[1:, 1])[2] for part in parts if len(part) > 1]
    return float(max((np.max(step) for step in steps), default=0.0))


def _cut_stretches(xy: Floats, far: Flags) -> list[Floats]:
    """Cut out the runs of points that are too far off, with the step before and after each."""
    turns = np.flatnonzero(np.diff(np.r_[False, far, False].astype(np.int8)))
    runs = zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)
    return [xy[max(start - 1, 0) : end + 1] for start, end in runs if len(xy[max(start - 1, 0) : end + 1]) > 1]


def _measure_length(line: BaseGeometry) -> float:
    """Measure a line as it is drawn, from vertex to vertex."""
    return float(GEOD.geometry_length(line)) if not line.is_empty else 0.0


def _to_pair(xy: Floats) -> tuple[float, float]:
    x, y = xy.tolist()
    return x, y
