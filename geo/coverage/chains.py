"""Add and take away ground edge by edge: opposite edges cancel, so that no coordinate is ever computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import Flags, Floats, Ints, Shapes, hash_vertices, unfold_rings
from geo.coverage.residual import count_up

_FEW = 256
"""So many edges are compared one by one."""
NO_GROUND = shapely.Polygon()
"""The shape of a division that has no ground left."""


@dataclass(frozen=True)
class Chain:
    """Hold directed edges with the ground on their left; edges of one ring follow one another."""

    tail: Floats
    """Where each edge begins."""
    head: Floats
    """Where each edge ends."""

    @property
    def size(self) -> int:
        """Count the edges."""
        return len(self.tail)

    def reverse(self) -> Chain:
        """Turn every edge round, which makes the chain of the ground taken away."""
        return Chain(self.head[::-1], self.tail[::-1])

    def select(self, chosen: Flags | Ints) -> Chain:
        """Keep some of the edges."""
        return Chain(self.tail[chosen], self.head[chosen])

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Give the least and the greatest coordinates: west, south, east, north."""
        # column by column, since reductions over pairs cost far more
        x, y = (np.concatenate([self.tail[:, axis], self.head[:, axis]]) for axis in (0, 1))
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def find_box(self) -> tuple[Floats, Floats]:
        """Give the low and the high corner of the chain's box."""
        return np.array(self.box[:2]), np.array(self.box[2:])

    def find_near(self, other: Chain) -> Ints:
        """Give the edges whose boxes meet the box of another chain."""
        if not other.size:
            return np.empty(0, dtype=np.int64)
        west, south, east, north = other.box
        (x, y), (to_x, to_y) = self.tail.T, self.head.T
        across = ((x >= west) | (to_x >= west)) & ((x <= east) | (to_x <= east))
        return np.flatnonzero(across & ((y >= south) | (to_y >= south)) & ((y <= north) | (to_y <= north)))

    def find_middles(self) -> Floats:
        """Give the point half-way along each edge."""
        return np.asarray((self.tail + self.head) / 2)


NO_CHAIN = Chain(np.empty((0, 2)), np.empty((0, 2)))


def make_chain(shape: BaseGeometry) -> Chain:
    """Cut a valid polygon or multipolygon into directed edges."""
    if shape.is_empty:
        return NO_CHAIN
    rings = unfold_rings(np.asarray(shapely.orient_polygons(np.array([shape], dtype=object))))
    tail, head = rings.xy[:-1], rings.xy[1:]
    real = (tail != head).any(axis=1)
    # From the last vertex of one ring to the first of the next runs no edge.
    real[rings.start[1:-1] - 1] = False
    return Chain(tail[real], head[real])


def join_chains(chains: Sequence[Chain]) -> Chain:
    """Put chains one behind the other, cancelling nothing."""
    tails, heads = [one.tail for one in chains], [one.head for one in chains]
    return Chain(np.concatenate(tails), np.concatenate(heads)) if chains else NO_CHAIN


@dataclass(frozen=True)
class Match:
    """Say which edges of one chain another chain has too."""

    along: Flags
    """The edges the other has in the same direction."""
    against: Flags
    """The edges the other has in the opposite direction."""

    @property
    def lone(self) -> Flags:
        """Mark the edges the other chain has in neither direction."""
        return np.asarray(~(self.along | self.against))


def match_edges(one: Chain, other: Chain) -> Match:
    """Compare the edges of two chains exactly."""
    near = one.find_near(other)
    along, against = np.zeros((2, one.size), dtype=np.bool_)
    other = other.select(other.find_near(one))
    if len(near) + other.size <= _FEW:
        _match_few(one, other, near, into=(along, against))
    elif len(near):
        start, end = number_edges([one.select(near), other])
        size = len(near)
        scale = int(max(start.max(), end.max())) + 1
        mine = start[:size] * scale + end[:size]
        along[near] = np.isin(mine, start[size:] * scale + end[size:])
        against[near] = np.isin(mine, end[size:] * scale + start[size:])
    return Match(along, against)


def _match_few(one: Chain, other: Chain, near: Ints, *, into: tuple[Flags, Flags]) -> None:
    """Compare a few edges one by one, which costs less than to number their vertices."""
    known = set(map(tuple, np.concatenate([other.tail, other.head], axis=1).tolist()))
    ends = np.concatenate([one.tail[near], one.head[near]], axis=1).tolist()
    for row, (x, y, to_x, to_y) in zip(near.tolist(), ends, strict=True):
        into[0][row] = (x, y, to_x, to_y) in known
        into[1][row] = (to_x, to_y, x, y) in known


def number_edges(chains: Sequence[Chain]) -> tuple[Ints, Ints]:
    """Number the vertices of chains alike; give the number at which each edge begins and ends."""
    whole = join_chains(chains)
    xy = np.concatenate([whole.tail, whole.head])
    place = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)[1].reshape(-1)
    return place[: whole.size], place[whole.size :]


def add_chains(one: Chain, other: Chain) -> Chain:
    """Add two chains: where an edge of one answers an edge of the other, both go."""
    mine, theirs = match_edges(one, other), match_edges(other, one)
    return join_chains([one.select(~mine.against), other.select(~theirs.against)])


def weave_shape(chain: Chain) -> BaseGeometry:
    """Make the polygon or multipolygon that has exactly these edges, in an order that depends on nothing else."""
    if not chain.size:
        return NO_GROUND
    if chain.size <= _FEW and (ring := _find_ring(chain)) is not None:
        return ring
    faces = list_faces(chain)
    if not len(faces):
        return NO_GROUND
    ground: list[shapely.Polygon] = faces[_find_ground(chain, faces)].tolist()
    return ground[0] if len(ground) == 1 else shapely.MultiPolygon(ground)


def _find_ring(chain: Chain) -> BaseGeometry | None:
    """Make the polygon of a chain that is one ring, run through in order with the ground on its left."""
    follows = (chain.head == np.roll(chain.tail, -1, axis=0)).all()
    if not follows or chain.size < 3 or len(set(map(tuple, chain.tail.tolist()))) < chain.size:
        return None
    ring = shapely.linearrings(np.concatenate([chain.tail, chain.tail[:1]]))
    if not shapely.is_ccw(ring):
        return None
    return shapely.orient_polygons(shapely.normalize(shapely.Polygon(ring)))


def list_faces(chain: Chain) -> Shapes:
    """List the faces that edges enclose, whichever side they have their ground on, in a lasting order."""
    faces = np.asarray(shapely.get_parts(shapely.polygonize(string_lines(chain))))
    whole = np.asarray(shapely.orient_polygons(shapely.normalize(faces)))
    rank = list(zip(shapely.bounds(whole).tolist(), shapely.to_wkb(whole).tolist(), strict=True))
    return np.asarray(whole[sorted(range(len(whole)), key=rank.__getitem__)])


def string_lines(chain: Chain) -> Shapes:
    """String edges into lines that break wherever more than two edges meet."""
    broken = (chain.tail[1:] != chain.head[:-1]).any(axis=1) | _find_busy(chain)[1:]
    start = np.flatnonzero(np.r_[True, broken])
    size = np.diff(np.r_[start, chain.size]) + 1
    line, step = count_up(start, size)
    xy = chain.tail[np.minimum(step, chain.size - 1)]
    last = np.cumsum(size) - 1
    xy[last] = chain.head[step[last] - 1]
    return np.asarray(shapely.linestrings(xy, indices=line))


def _find_busy(chain: Chain) -> Flags:
    """Mark the edges that begin where more than two edges meet; a stray mark only breaks a line once more."""
    hashed = hash_vertices(chain.tail)
    ordered = np.sort(np.concatenate([hashed, hash_vertices(chain.head)]))
    return np.isin(hashed, ordered[2:][ordered[2:] == ordered[:-2]])


def _find_ground(chain: Chain, faces: Shapes) -> Flags:
    """Tell which faces lie on the left of the chain: those whose first edge the chain has in that direction."""
    rings = shapely.get_exterior_ring(faces)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    likely = np.isin(hash_vertices(chain.tail), hash_vertices(xy[first]))
    return match_edges(Chain(xy[first], xy[first + 1]), chain.select(likely)).along
