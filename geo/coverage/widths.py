"""Find how wide a piece of ground is: the largest circle that fits into it."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import Floats

_ENGINE_SHARE = 1000
"""The engine's circle may be too small by the longer side of the box over this."""
_FINE_ENOUGH = 4
"""How many times the mean breadth must exceed that error."""
_HALVINGS = 9
_HEAD_START = 0.95
"""The share of the least radius that is worn away at once."""


def inscribe_circle(ground: BaseGeometry) -> tuple[float, Floats]:
    """Give the radius and the centre of the largest circle in a polygon of a plane.

    In a long strip the engine's search would take very long to be exact. There the strip is worn down from its border
    instead: what is left when it is gone everywhere else is the centre.
    """
    line = np.asarray(shapely.maximum_inscribed_circle([ground]))[0]
    radius, centre = float(shapely.length(line)), shapely.get_coordinates(line)[0]
    west, south, east, north = ground.bounds
    error = max(east - west, north - south) / _ENGINE_SHARE
    # No circle can be smaller than this: every point lies within the radius of the border.
    least = ground.area / ground.length
    if error * _FINE_ENOUGH <= least:
        return radius, centre
    return _wear_down(ground, max(radius, least), radius + error, centre)


def _wear_down(ground: BaseGeometry, low: float, high: float, centre: Floats) -> tuple[float, Floats]:
    """Halve the range of the radius until it is known well enough, on the little that is left near the widest place."""
    worn = _HEAD_START * low
    rest = _wear(ground, worn)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        left = _wear(rest, middle - worn)
        if left.is_empty:
            high = middle
        else:
            low, centre = middle, shapely.get_coordinates(shapely.point_on_surface(left))[0]
    return low, centre


def _wear(ground: BaseGeometry, depth: float) -> BaseGeometry:
    worn: BaseGeometry = shapely.buffer(ground, -depth, quad_segs=2, join_style="mitre")
    return worn
