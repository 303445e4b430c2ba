"""Keep the ring edges that no neighbour answers: they are the complete evidence of every defect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.coverage.edges import Edges, Floats, Ints, Keys, Shapes, hash_vertices

_U = np.uint64
_TABLE_BITS = 22
_CHECK_SEED = 0x5DEECE66D


@dataclass(frozen=True)
class Layer:
    """Hold the edges of polygons that all count alike."""

    edges: Edges
    """The edges."""
    weight: int = 1
    """1 for polygons that cover, -1 for the parents they are held against."""
    salt: Keys | None = None
    """The salt of each polygon, where only edges of one salt may answer each other."""


def find_residual(layers: Sequence[Layer]) -> list[Ints]:
    """List for each layer the edges whose signed count over all layers is not zero."""
    lasting = _find_lasting(layers)
    if len(lasting) == 0:
        return [np.empty(0, dtype=np.int64) for _ in layers]
    return [_select(layer.edges, lasting) for layer in layers]


def _find_lasting(layers: Sequence[Layer]) -> Keys:
    """Sort the keys with their direction in the lowest bit, and keep those whose directions do not even out."""
    marked = np.concatenate([_mark(layer) for layer in layers])
    marked.sort()
    base = marked & ~_U(1)
    first = np.flatnonzero(np.r_[True, base[1:] != base[:-1]]) if len(base) else np.empty(0, dtype=np.int64)
    if len(first) == 0:
        return base
    forward = (marked & _U(1)).astype(np.int8)
    net = np.add.reduceat(2 * forward - 1, first, dtype=np.int64)
    return np.asarray(base[first[net != 0]])


def _mark(layer: Layer) -> Keys:
    edges = layer.edges
    forward = edges.forward if layer.weight > 0 else ~edges.forward
    return np.asarray(((edges.key & ~_U(1)) | forward)[edges.real])


def _select(edges: Edges, lasting: Keys) -> Ints:
    """Find the edges of the lasting keys, looking first into a table small enough for the processor's cache."""
    shift = _U(64 - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
    table[(lasting >> shift).astype(np.int64)] = True
    likely = np.flatnonzero(table[(edges.key >> shift).astype(np.int64)] & edges.real)
    key = edges.key[likely] & ~_U(1)
    place = np.minimum(np.searchsorted(lasting, key), len(lasting) - 1)
    return np.asarray(likely[lasting[place] == key])


def is_closed(layers: Sequence[Layer], residual: Sequence[Ints]) -> bool:
    """Tell whether the residual has no loose end.

    Rings have none, and two edges that rightly cancel take none away. If keys of unlike edges ever collided, their four
    ends would be loose: the ends are summed under hashes that have nothing to do with the keys.
    """
    total = sum((_sum_ends(layer, edge) for layer, edge in zip(layers, residual, strict=True)), start=0)
    return total % (1 << 64) == 0


def _sum_ends(layer: Layer, edge: Ints) -> int:
    edges = layer.edges
    ring = edges.find_rings(edge)
    end = hash_vertices(edges.xy[edge + 1], seed=_CHECK_SEED) - hash_vertices(edges.xy[edge], seed=_CHECK_SEED)
    if layer.salt is not None:
        end *= (layer.salt[edges.ring_owner[ring]] * _U(2)) | _U(1)
    left = edges.ring_left[ring]
    return layer.weight * (int(end[left].sum(dtype=_U)) - int(end[~left].sum(dtype=_U)))


@dataclass(frozen=True)
class Runs:
    """Hold residual edges strung into lines, each along one ring."""

    lines: Shapes
    """The lines."""
    owner: Ints
    """The polygon row of each line."""


def trace_runs(edges: Edges, residual: Ints) -> Runs:
    """String consecutive residual edges into lines."""
    if len(residual) == 0:
        return Runs(np.empty(0, dtype=object), np.empty(0, dtype=np.int64))
    first = np.flatnonzero(np.r_[True, np.diff(residual) != 1])
    start = residual[first]
    size = np.diff(np.r_[first, len(residual)]) + 1
    line, vertex = count_up(start, size)
    return Runs(np.asarray(shapely.linestrings(edges.xy[vertex], indices=line)), edges.find_owners(start))


@dataclass(frozen=True)
class Pieces:
    """Hold runs cut into pieces of a few edges each, so that a search box fits them well."""

    xy: Floats
    """The vertices of all runs."""
    edge: Ints
    """The first vertex of each edge."""
    first: Ints
    """The first edge of each piece."""
    size: Ints
    """The number of edges of each piece."""
    owner: Ints
    """The polygon row of each piece."""

    def find_boxes(self) -> tuple[Floats, Floats]:
        """Give the low and the high corner of each piece's box."""
        tail, head = self.xy[self.edge], self.xy[self.edge + 1]
        low = np.minimum.reduceat(np.minimum(tail, head), self.first)
        return low, np.maximum.reduceat(np.maximum(tail, head), self.first)

    def to_lines(self) -> Shapes:
        """Give each piece as a line."""
        piece, vertex = count_up(self.edge[self.first], self.size + 1)
        return np.asarray(shapely.linestrings(self.xy[vertex], indices=piece))


def cut_runs(runs: Runs, *, size: int = 12) -> Pieces:
    """Cut runs into pieces of at most `size` edges."""
    xy, line = shapely.get_coordinates(runs.lines, return_index=True)
    edge = np.flatnonzero(line[1:] == line[:-1])
    along = edge - np.searchsorted(line, line[edge])
    first = np.flatnonzero(along % size == 0)
    return Pieces(xy, edge, first, np.diff(np.r_[first, len(edge)]), runs.owner[line[edge[first]]])


def count_up(start: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Count from each start up by its size: give which start, and the number reached."""
    which = np.repeat(np.arange(len(start)), size)
    return which, np.arange(len(which)) + np.repeat(start - (np.cumsum(size) - size), size)
