"""Hold the centres of divisions against their boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import POLYGONAL, Boundaries
from geo.coverage.findings import Finding, FindingKind, rank_kind

LonLat = tuple[float, float]
"""Longitude and latitude."""


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


def _report_missing(key: str) -> Finding:
    return Finding(FindingKind.MISSING_CENTRE, rank_kind(FindingKind.MISSING_CENTRE), (key,), None)


def _report(kind: FindingKind, divisions: Sequence[str], point: LonLat) -> Finding:
    known = bool(np.isfinite(point).all())
    return Finding(
        kind,
        rank_kind(kind),
        tuple(sorted(divisions)),
        shapely.Point(point) if known else None,
        point=point if known else None,
    )
