"""Hold the boundaries of all levels around some ground, and say who stands above whom there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain
from geo.coverage.edges import Flags, Floats, Ints, hash_vertices, unfold_rings
from geo.coverage.windows import Windows
from geo.errors import GroundNotExact, because

_TABLE_BITS = 20
_MOST_VERTICES = 500_000


@dataclass(frozen=True)
class Sheet:
    """Hold the divisions, of all levels, that meet the ground somebody works on."""

    shapes: Mapping[int, BaseGeometry]
    """The boundary of each division; a division without one is left out, or has an empty one."""
    parents: Mapping[int, int | None]
    """The division above each, also of divisions without a boundary."""
    levels: Mapping[int, str]
    """The level of each division."""

    @cached_property
    def children(self) -> Mapping[int | None, tuple[int, ...]]:
        """List the divisions directly below each, in order."""
        below: dict[int | None, list[int]] = {}
        for key in sorted({*self.shapes, *self.parents}):
            below.setdefault(self.parents.get(key), []).append(key)
        return {key: tuple(keys) for key, keys in below.items()}

    def list_above(self, key: int) -> list[int]:
        """List a division and all above it, the nearest first."""
        line = [key]
        while (above := self.parents.get(line[-1])) is not None:
            if above in line:
                raise GroundNotExact(reason=because("ground_circle"), divisions=(above,))
            line.append(above)
        return line

    def find_home(self, key: int) -> int | None:
        """Find the nearest division above that has a boundary."""
        return next((above for above in self.list_above(key)[1:] if above in self.shapes), None)

    def list_bounded(self, key: int) -> Iterator[int]:
        """List the nearest divisions below that have a boundary."""
        for child in self.children.get(key, ()):
            if child not in self.shapes:
                yield from self.list_bounded(child)
            elif not self.shapes[child].is_empty:
                yield child

    def with_shapes(self, shapes: Mapping[int, BaseGeometry]) -> Sheet:
        """Replace some boundaries."""
        return Sheet({**self.shapes, **shapes}, self.parents, self.levels)

    def cut_edges(self, windows: Windows) -> dict[int, Chain]:
        """List, division by division, the edges of all boundaries that come near some windows."""
        near = self.find_shapes(windows.low.min(axis=0), windows.high.max(axis=0))
        found: dict[int, Chain] = {}
        for keys in _take_some(self.shapes, near):
            edges = unfold_rings(np.asarray(shapely.orient_polygons([self.shapes[key] for key in keys])))
            rows = windows.select(Chain(edges.xy[:-1], edges.xy[1:]))
            ring = np.searchsorted(edges.start, rows, side="right") - 1
            # from the last vertex of one ring to the first of the next runs no edge
            real = (rows + 1 < edges.start[ring + 1]) & (edges.xy[rows] != edges.xy[rows + 1]).any(axis=1)
            rows, owner = rows[real], edges.owner[ring[real]]
            split = np.flatnonzero(np.diff(owner)) + 1
            for part in np.split(rows, split) if len(rows) else ():
                key = keys[edges.owner[np.searchsorted(edges.start, part[0], side="right") - 1]]
                found[key] = Chain(edges.xy[part], edges.xy[part + 1])
        return found

    def find_shapes(self, low: Floats, high: Floats) -> list[int]:
        """List the divisions whose boxes meet a box."""
        keys, tree = self._boxes
        return [keys[row] for row in sorted(tree.query(shapely.box(*low, *high)).tolist())]

    @cached_property
    def _boxes(self) -> tuple[list[int], shapely.STRtree]:
        keys = sorted(self.shapes)
        return keys, shapely.STRtree([self.shapes[key] for key in keys])


def _take_some(shapes: Mapping[int, BaseGeometry], keys: Sequence[int]) -> Iterator[list[int]]:
    """Take divisions with ground in lots that are worked on at once without taking much memory."""
    lot: list[int] = []
    vertices = 0
    for key in keys:
        if not shapes[key].is_empty:
            lot.append(key)
            vertices += int(shapely.get_num_coordinates(shapes[key]))
        if vertices > _MOST_VERTICES:
            yield lot
            lot, vertices = [], 0
    if lot:
        yield lot


@dataclass(frozen=True)
class Cuts:
    """Hold the vertices that edges get, for whichever boundary has such an edge."""

    edge: Floats
    """The lesser end of each edge, then the greater, as four numbers a row."""
    inserted: Sequence[Floats]
    """The vertices each gets, from its lesser to its greater end."""

    @cached_property
    def _places(self) -> Mapping[tuple[float, ...], int]:
        return {tuple(ends): row for row, ends in enumerate((self.edge + 0.0).tolist())}

    @cached_property
    def _marks(self) -> Flags:
        """Mark the ends of the edges in a table by some bits of their hashes, which rules nearly all others out."""
        table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        table[_find_bits(np.ascontiguousarray(self.edge).reshape(-1, 2))] = True
        return table

    def concern(self, chain: Chain) -> bool:
        """Tell whether a chain may have one of the edges; it has none where it is told so."""
        return bool((self._marks[_find_bits(chain.tail)] & self._marks[_find_bits(chain.head)]).any())

    def insert_few(self, chain: Chain) -> Chain:
        """Give some edges the vertices they get."""
        known = np.flatnonzero(self._marks[_find_bits(chain.tail)] & self._marks[_find_bits(chain.head)])
        after, spots = self._find(np.stack([chain.tail[known], chain.head[known]], axis=1).reshape(-1, 2), None)
        if not len(after):
            return chain
        row = known[after // 2]
        sizes = [len(some) for some in spots]
        inner = np.concatenate(spots)
        # an edge gives way to one more than it gets vertices; each of these is a head, then a tail
        return Chain(
            np.insert(chain.tail, np.repeat(row + 1, sizes), inner, axis=0),
            np.insert(chain.head, np.repeat(row, sizes), inner, axis=0),
        )

    def insert(self, shape: BaseGeometry) -> BaseGeometry:
        """Give a boundary the vertices its edges get; whatever has none of the edges is returned as it is."""
        kind, xy, offsets = shapely.to_ragged_array(np.array([shape], dtype=object))
        after, spots = self._find(xy, np.asarray(offsets[0], dtype=np.int64))
        if not len(after):
            return shape
        # Within one edge the vertices already stand in the order of the ring.
        grown = np.insert(xy, np.repeat(after + 1, [len(some) for some in spots]), np.concatenate(spots), axis=0)
        moved = np.bincount(after, weights=[len(some) for some in spots], minlength=len(xy)).cumsum().astype(np.int64)
        rings = np.asarray(offsets[0]) + np.r_[0, moved][offsets[0]]
        whole: BaseGeometry = shapely.from_ragged_array(kind, grown, (rings, *offsets[1:]))[0]
        return whole

    def _find(self, xy: Floats, ring_start: Ints | None) -> tuple[Ints, list[Floats]]:
        """Find the edges of rings, or of single edges, that get vertices, and which, in the direction of the ring."""
        known = self._marks[_find_bits(xy)]
        real = known[:-1] & known[1:]
        # From the last vertex of one ring to the first of the next runs no edge.
        real[slice(1, None, 2) if ring_start is None else ring_start[1:-1] - 1] = False
        after, spots = [], []
        for row in np.flatnonzero(real).tolist():
            start, end = tuple((xy[row] + 0.0).tolist()), tuple((xy[row + 1] + 0.0).tolist())
            edge = self._places.get(min(start, end) + max(start, end))
            if edge is not None:
                after.append(row)
                spots.append(self.inserted[edge] if start < end else self.inserted[edge][::-1])
        return np.array(after, dtype=np.int64), spots


def _find_bits(xy: Floats) -> Ints:
    """Give the place of each vertex in a table."""
    return np.asarray(hash_vertices(np.ascontiguousarray(xy)) >> np.uint64(64 - _TABLE_BITS), dtype=np.int64)
