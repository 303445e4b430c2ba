"""Hold single points against the boundaries they belong to: centres and boundary markers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import POLYGONAL, Boundaries, Floats
from geo.coverage.findings import Finding, FindingKind, rank_kind
from geo.coverage.measures import Earth

LonLat = tuple[float, float]
"""Longitude and latitude."""


@dataclass(frozen=True)
class Marker:
    """Hold a boundary marker as it was surveyed."""

    key: str
    """By what people call it."""
    point: LonLat
    """Where it stands."""
    divisions: tuple[str, ...]
    """The keys of the divisions whose boundary it marks."""
    accuracy_m: float
    """How far it may rightly stand from that boundary."""


def check_centres(
    keys: Sequence[str], boundaries: Boundaries, centres: Mapping[str, LonLat], *, levels: Sequence[str]
) -> list[Finding]:
    """Find the divisions whose centre lies outside of them, and those that have none though others of their level do.

    `levels` names the level of each division: where nobody has a centre, none is missed.
    """
    wanted = {level for key, level in zip(keys, levels, strict=True) if key in centres}
    findings: list[Finding] = []
    for key, boundary, level in zip(keys, boundaries, levels, strict=True):
        if key not in centres:
            findings += [_report_missing(key)] if level in wanted else []
        elif not _is_near(boundary, centres[key]):
            findings.append(_report(FindingKind.STRAY_CENTRE, (key,), centres[key]))
    return findings


def _is_near(boundary: BaseGeometry | None, centre: LonLat) -> bool:
    """Tell whether a centre lies in a boundary, its edge included; without certain ground nothing can be said."""
    if boundary is None or boundary.is_empty or shapely.get_type_id(boundary) not in POLYGONAL or not boundary.is_valid:
        return True
    return bool(shapely.intersects_xy(boundary, *centre))


def check_markers(markers: Sequence[Marker], boundaries: Mapping[str, BaseGeometry]) -> Iterator[Finding]:
    """Find the markers that stand farther from a boundary they mark than their accuracy allows.

    The distance is taken in metres about the marker, good to some millionths of it as far as markers stray.
    """
    for marker in markers:
        held = [boundaries[key] for key in marker.divisions if key in boundaries]
        distance_m = max((measure_distance(marker.point, shape) for shape in held), default=0.0)
        if distance_m > marker.accuracy_m:
            yield _report(
                FindingKind.STRAY_MARKER,
                marker.divisions,
                marker.point,
                marker=marker.key,
                distance_m=distance_m,
                accuracy_m=marker.accuracy_m,
            )


def measure_distance(point: LonLat, shape: BaseGeometry) -> float:
    """Measure in metres how far a point lies from the border of a polygon in EPSG:4326; a point at no place, endlessly.

    Examples
    --------
    >>> round(measure_distance((0.0, 0.5), shapely.box(1, 0, 2, 1)))
    111315
    """
    if not np.isfinite(point).all():
        return inf
    origin = np.array([point])
    scale = Earth().find_scale(origin)[0]
    border = shapely.transform(shapely.boundary(shape), lambda xy: _flatten(xy, origin[0], scale))
    return float(shapely.distance(border, shapely.Point(0, 0)))


def _flatten(xy: Floats, origin: Floats, scale: Floats) -> Floats:
    return np.asarray((xy - origin) * scale)


def _report_missing(key: str) -> Finding:
    return Finding(FindingKind.MISSING_CENTRE, rank_kind(FindingKind.MISSING_CENTRE), (key,), None)


def _report(kind: FindingKind, divisions: Sequence[str], point: LonLat, **detail: float | str) -> Finding:
    known = bool(np.isfinite(point).all())
    return Finding(
        kind,
        rank_kind(kind),
        tuple(sorted(divisions)),
        shapely.Point(point) if known else None,
        point=point if known else None,
        detail=detail,
    )
