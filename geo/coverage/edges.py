"""Cut polygons into directed ring edges, each under a key that both its neighbours share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
_BLOCK = 1 << 16
_HAS_LONGER = bool(np.finfo(np.longdouble).eps < 1e-18)
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
    hashed = np.empty(len(xy), dtype=_U)
    for block in _list_blocks(len(xy)):
        # Adding zero turns -0.0 into 0.0, which is the same place.
        bits = (xy[block] + 0.0).view(_U)
        mixed = (bits[:, 0] ^ _U(seed)) * _ODD[0]
        mixed ^= mixed >> _U(29)
        mixed += bits[:, 1]
        mixed *= _ODD[1]
        mixed ^= mixed >> _U(32)
        hashed[block] = mixed
    return hashed


def _join(low: Keys, high: Keys) -> Keys:
    keys = np.empty(len(low), dtype=_U)
    for block in _list_blocks(len(low)):
        key = (low[block] ^ high[block]) * _ODD[2]
        key ^= key >> _U(31)
        key += low[block] + high[block]
        key *= _ODD[3]
        key ^= key >> _U(33)
        keys[block] = key
    return keys


def _list_blocks(size: int) -> Iterator[slice]:
    """Cut rows into blocks that stay in the processor's memory while one step after the other is done to them."""
    return (slice(start, start + _BLOCK) for start in range(0, size, _BLOCK))


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
    ends = np.unique(np.searchsorted(ring_start, np.arange(0, len(xy), _BLOCK), side="left"))
    blocks = pairwise([*ends.tolist(), len(ring_start) - 1])
    sums = [_sum_block(xy, ring_start[first : last + 1]) for first, last in blocks if first < last]
    return np.concatenate(sums) if sums else np.empty(0)


def _sum_block(xy: Floats, ring_start: Ints) -> Floats:
    own = xy[ring_start[0] : ring_start[-1]]
    local = own - np.repeat(xy[ring_start[:-1]], np.diff(ring_start), axis=0)
    cross = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
    # The step from one ring to the next starts at a ring's last vertex, which is its origin: it adds nothing.
    return np.asarray(np.add.reduceat(cross, ring_start[:-1] - ring_start[0]))


def measure_plane(polygons: Shapes) -> Floats:
    """Measure polygons in their own units; long borders are summed with digits to spare, lest the sum hide a defect."""
    areas = np.array(shapely.area(polygons))
    long = np.flatnonzero(shapely.get_num_coordinates(polygons) > _LONG_BORDER)
    if len(long):
        rings = unfold_rings(polygons[long])
        sizes = [_measure_ring(part) for part in np.split(rings.xy, rings.start[1:-1])]
        signed = np.where(rings.is_shell, sizes, np.negative(sizes))
        areas[long] = np.bincount(rings.owner, weights=signed, minlength=len(long))
    return areas


def _measure_ring(xy: Floats) -> float:
    step = (xy[1:, 1] - xy[:-1, 1]) * (xy[:-1, 0] + xy[1:, 0] - 2 * xy[0, 0])
    # Where the machine has no longer numbers, nothing is rounded, which takes ten times as long.
    return abs(float(step.sum(dtype=np.longdouble)) if _HAS_LONGER else fsum(step)) / 2


def _spread(of_ring: NDArray[Any], ring_start: Ints) -> NDArray[Any]:
    return np.repeat(of_ring, np.diff(ring_start))[:-1]
