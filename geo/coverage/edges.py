"""Cut polygons into directed ring edges, each under a key that both its neighbours share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
"""The types of geometry that have ground."""
Shapes = NDArray[Any]
"""An array of shapely geometries."""
Boundaries = Sequence[BaseGeometry | None] | NDArray[Any]
"""Boundaries as they come, whatever is in them."""

_LONG_BORDER = 2000
_U = np.uint64
_ODD = (_U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB))


@dataclass(frozen=True)
class Edges:
    """Hold every ring edge of some polygons: edge i runs from vertex i to vertex i + 1."""

    xy: Floats
    """The vertices of all rings, one ring after the other."""
    ring_start: Ints
    """Where each ring begins in `xy`, and the end of the last."""
    ring_owner: Ints
    """The row of the polygon each ring belongs to."""
    ring_left: Flags
    """Whether the polygon lies on the left of the ring as stored."""
    key: Keys
    """The key of each edge, the same in either direction."""
    forward: Flags
    """Whether the edge, walked with its polygon on the left, runs from its lesser to its greater vertex."""
    real: Flags
    """False where vertex i ends a ring or the edge has no length."""

    def find_rings(self, edge: Ints) -> Ints:
        """Give the ring of each edge."""
        return np.searchsorted(self.ring_start, edge, side="right") - 1

    def find_owners(self, edge: Ints) -> Ints:
        """Give the polygon row of each edge."""
        return self.ring_owner[self.find_rings(edge)]


def cut_edges(polygons: Shapes, *, seed: int = 0) -> Edges:
    """Cut valid polygons and multipolygons into edges; the seed varies the keys should two ever collide."""
    rings = unfold_rings(polygons)
    ring_left = (_sum_rings(rings.xy, rings.start) > 0) == rings.is_shell
    hashed = hash_vertices(rings.xy, seed=seed)
    low, high = hashed[:-1], hashed[1:]
    real = low != high
    # From the last vertex of one ring to the first of the next runs no edge.
    real[rings.start[1:-1] - 1] = False
    forward = (low < high) == _spread(ring_left, rings.start)
    return Edges(rings.xy, rings.start, rings.owner, ring_left, _join(low, high), forward, real)


def salt_edges(edges: Edges, salt: Keys) -> Edges:
    """Give edges with one position different keys where the salts of their owners differ."""
    key = edges.key ^ _spread(salt[edges.ring_owner] * _ODD[1], edges.ring_start)
    key *= _ODD[2]
    key ^= key >> _U(32)
    return replace(edges, key=key)


def drop_owners(edges: Edges, dropped: Flags) -> Edges:
    """Leave out the edges of the polygons marked as dropped."""
    return replace(edges, real=edges.real & ~_spread(dropped[edges.ring_owner], edges.ring_start))


def hash_vertices(xy: Floats, *, seed: int = 0) -> Keys:
    """Mix both coordinates of each vertex into 64 bits."""
    # Adding zero turns -0.0 into 0.0, which is the same place.
    bits = (xy + 0.0).view(_U)
    hashed = (bits[:, 0] ^ _U(seed)) * _ODD[0]
    hashed ^= hashed >> _U(29)
    hashed += bits[:, 1]
    hashed *= _ODD[1]
    hashed ^= hashed >> _U(32)
    return hashed


def _join(low: Keys, high: Keys) -> Keys:
    key = (low ^ high) * _ODD[2]
    key ^= key >> _U(31)
    key += low + high
    key *= _ODD[3]
    key ^= key >> _U(33)
    return np.asarray(key)


@dataclass(frozen=True)
class Rings:
    """Hold the rings of some polygons."""

    xy: Floats
    """The vertices of all rings, one ring after the other."""
    start: Ints
    """Where each ring begins in `xy`, and the end of the last."""
    owner: Ints
    """The row of the polygon each ring belongs to."""
    is_shell: Flags
    """Whether the ring is an outer one."""


def unfold_rings(polygons: Shapes) -> Rings:
    """List the rings of polygons and multipolygons, none of them empty."""
    _, xy, offsets = shapely.to_ragged_array(polygons)
    ring_start, shell_ring = (np.asarray(offset, dtype=np.int64) for offset in offsets[:2])
    first_part = np.asarray(offsets[2], dtype=np.int64) if len(offsets) == 3 else np.arange(len(polygons) + 1)
    is_shell = np.zeros(len(ring_start) - 1, dtype=np.bool_)
    is_shell[shell_ring[:-1]] = True
    part_owner = np.repeat(np.arange(len(polygons)), np.diff(first_part))
    return Rings(np.ascontiguousarray(xy), ring_start, np.repeat(part_owner, np.diff(shell_ring)), is_shell)


def _sum_rings(xy: Floats, ring_start: Ints) -> Floats:
    """Measure twice the signed area of each ring, about its own first vertex to keep small rings exact."""
    local = xy - np.repeat(xy[ring_start[:-1]], np.diff(ring_start), axis=0)
    cross = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
    # The step from one ring to the next starts at a ring's last vertex, which is its origin: it adds nothing.
    return np.add.reduceat(cross, ring_start[:-1])


def measure_plane(polygons: Shapes) -> Floats:
    """Measure polygons in their own units; long borders are summed without rounding, lest the sum hide a defect."""
    areas = np.asarray(shapely.area(polygons))
    for row in np.flatnonzero(shapely.get_num_coordinates(polygons) > _LONG_BORDER).tolist():
        rings = unfold_rings(polygons[[row]])
        step = np.diff(rings.xy, axis=0)[:, 1] * (rings.xy[:-1, 0] + rings.xy[1:, 0] - 2 * rings.xy[0, 0])
        step[rings.start[1:-1] - 1] = 0
        sizes = [abs(fsum(part)) for part in np.split(step, rings.start[1:-1])]
        areas[row] = fsum(np.where(rings.is_shell, sizes, np.negative(sizes))) / 2
    return areas


def _spread(of_ring: NDArray[Any], ring_start: Ints) -> NDArray[Any]:
    return np.repeat(of_ring, np.diff(ring_start))[:-1]
