"""Tell exactly how points lie to single polygons: outside, inside or on the edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.coverage.edges import Floats, Ints
from geo.locate.orientation import compiled, find_side

OUTSIDE, INSIDE, ON_EDGE = 0, 1, 2
"""How a point lies to a polygon."""

RingArrays = tuple[Ints, Ints, Floats]
"""For each polygon its first ring, for each ring its first vertex, both with the end of the last; the vertices."""


@compiled
def locate_points(points: Floats, polygon: Ints, rings: RingArrays) -> NDArray[np.uint8]:
    """Tell for each point how it lies to the polygon of its own that it is held against."""
    first, start, xy = rings
    how = np.zeros(len(points), dtype=np.uint8)
    for row in range(len(points)):
        x, y = points[row, 0], points[row, 1]
        for ring in range(first[polygon[row]], first[polygon[row] + 1]):
            met = _cast_east(x, y, xy, (start[ring], start[ring + 1]))
            if met == ON_EDGE:
                how[row] = ON_EDGE
                break
            how[row] ^= met
    return how


@compiled
def _cast_east(x: float, y: float, xy: Floats, span: tuple[int, int]) -> int:
    """Cast a ray to the east: whether it meets a ring an odd number of times, or begins on it."""
    inside = OUTSIDE
    for at in range(span[0], span[1] - 1):
        ay, by = xy[at, 1], xy[at + 1, 1]
        if (ay > y and by > y) or (ay < y and by < y):
            continue
        ax, bx = xy[at, 0], xy[at + 1, 0]
        if ax < x and bx < x:
            continue
        if bx < ax or (bx == ax and by < ay):
            ax, ay, bx, by = bx, by, ax, ay
        crosses = (ay <= y) != (by <= y)
        if x < ax:
            inside ^= INSIDE if crosses else OUTSIDE
            continue
        side = find_side((ax, ay, bx, by), x, y)
        if side == 0:
            return ON_EDGE
        # West of an edge is its left where it climbs.
        if crosses and (side > 0) == (by > ay):
            inside ^= INSIDE
    return inside
