"""Cut a coverage into segments, each with the division on its left and on its right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.edges import Floats, Shapes, hash_vertices, unfold_rings

Rows = NDArray[np.int32]
"""Rows of divisions in the order of their keys; -1 is nobody."""

NOBODY = -1
"""The row of ground that belongs to no division."""


@dataclass(frozen=True)
class Segments:
    """Hold the edges of a coverage; one that two neighbours share is held once."""

    ends: Floats
    """Both ends of each segment as x, y, x, y, the lesser first."""
    left: Rows
    """The division on the left of each segment; nobody where no edge of a polygon runs there."""
    right: Rows
    """The division on the right."""

    def __len__(self) -> int:
        """Count the segments."""
        return len(self.ends)


def cut_segments(polygons: Shapes) -> Segments:
    """Cut valid polygons and multipolygons; edges that do not match each other stay apart."""
    rings = unfold_rings(np.asarray(shapely.orient_polygons(polygons)))
    xy = rings.xy + 0.0
    owner = np.repeat(rings.owner, np.diff(rings.start))[:-1].astype(np.int32)
    hashed = hash_vertices(xy)
    real = (xy[1:] != xy[:-1]).any(axis=1)
    # From the last vertex of one ring to the first of the next runs no edge.
    real[rings.start[1:-1] - 1] = False
    at = np.flatnonzero(real)
    start, end = xy[at], xy[at + 1]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(turned[:, None], np.hstack([end, start]), np.hstack([start, end]))
    return _pair(ends, owner[at], turned=turned, keys=hashed[at] + hashed[at + 1])


def _pair(ends: Floats, owner: Rows, *, turned: NDArray[np.bool_], keys: NDArray[np.uint64]) -> Segments:
    """Join the two runs of a shared edge; whatever is not joined is still right, only slower."""
    order = np.argsort(keys, kind="stable")
    ends, owner, turned = ends[order], owner[order], turned[order]
    twin = (ends[1:] == ends[:-1]).all(axis=1) & (turned[1:] != turned[:-1])
    twin[1:] &= ~twin[:-1]
    first = np.flatnonzero(twin)
    left, right = np.where(turned, NOBODY, owner), np.where(turned, owner, NOBODY)
    left[first], right[first] = np.maximum(left[first], left[first + 1]), np.maximum(right[first], right[first + 1])
    kept = np.ones(len(ends), dtype=np.bool_)
    kept[first + 1] = False
    ends, left, right = ends[kept], left[kept], right[kept]
    # Rows of the grid are then read from neighbouring memory.
    by_place = np.argsort(ends[:, 1], kind="stable")
    return Segments(ends[by_place], left[by_place], right[by_place])
