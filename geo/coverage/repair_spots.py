"""Gather the vertices that meet where one is unmatched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.coverage.findings import Finding
from geo.coverage.insertions import Spot
from geo.coverage.measures import Earth
from geo.coverage.sheets import Sheet

_EARTH = Earth()
_REACH = 2.0
"""Vertices so many widths apart are one place for the audit."""


def gather_spots(findings: Sequence[Finding], sheet: Sheet, *, width_m: float) -> tuple[list[Spot], list[int]]:
    """List the vertices that the divisions of each finding have there, with the number of the finding.

    The audit tells a place once, however many vertices lie within its width; all of them have to be in every boundary
    that passes, or one of them would be unmatched again.
    """
    places = [_find_place(finding) for finding in findings]
    keys = [tuple(sorted({int(word) for word in finding.divisions})) for finding in findings]
    by_division: dict[int, list[int]] = {}
    for row, some in enumerate(keys):
        for key in some:
            by_division.setdefault(key, []).append(row)
    found: dict[tuple[int, tuple[float, float]], None] = {}
    for key in sorted(by_division):
        rows = by_division[key]
        for row, point in _find_near(sheet, key, [(row, places[row]) for row in rows], width_m):
            found.setdefault((row, point))
    pairs = sorted(found)
    return [Spot(point, keys[row]) for row, point in pairs], [row for row, _ in pairs]


def _find_place(finding: Finding) -> tuple[float, float]:
    """Give the vertex of a finding, to its last digit."""
    assert finding.geometry is not None
    x, y = shapely.get_coordinates(finding.geometry)[0].tolist()
    return x, y


def _find_near(
    sheet: Sheet, key: int, places: Sequence[tuple[int, tuple[float, float]]], width_m: float
) -> list[tuple[int, tuple[float, float]]]:
    """List the vertices of a division within reach of some places."""
    if key not in sheet.shapes or sheet.shapes[key].is_empty:
        return []
    xy = shapely.get_coordinates(sheet.shapes[key])
    spots = np.array([place for _, place in places])
    scale = _EARTH.find_scale(spots).mean(axis=0)
    near = cKDTree(xy * scale).query_ball_point(spots * scale, _REACH * width_m)
    points = [(row, tuple(xy[one].tolist())) for (row, _), some in zip(places, near, strict=True) for one in some]
    return [(row, (x, y)) for row, (x, y) in points]
