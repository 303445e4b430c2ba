"""Node drawn lines with the edges of boundaries: wherever they meet, both get the same vertex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.coverage.chains import Chain
from geo.coverage.edges import Flags, Floats, Ints
from geo.errors import GroundNotExact, because

GRID_DECIMALS = 9
"""New vertices lie on a grid of a billionth of a degree, a tenth of a millimetre."""
REACH = 1e-9
"""A vertex no farther from an edge than this, in degrees, lies on it."""
PULL = 2e-8
"""A new vertex no farther from an old one than this is that one, and a drawn edge as near goes through it: two
millimetres, which is what the audit takes for one place."""
_MOST_ROUNDS = 40
_MOST_TRIES = 5


@dataclass(frozen=True)
class Noding:
    """Hold drawn lines with all the vertices they need, and the vertices the edges of boundaries need for them."""

    lines: tuple[Floats, ...]
    """The drawn lines, each with its new vertices."""
    edge: Floats
    """The old edges that get vertices: the lesser end, then the greater, as four numbers a row."""
    inserted: tuple[Floats, ...]
    """The vertices each of those edges gets, from its lesser to its greater end."""

    @property
    def added(self) -> int:
        """Count the vertices that old edges get, an edge that several divisions share once."""
        return sum(len(spots) for spots in self.inserted)


@dataclass(frozen=True)
class _Net:
    """Hold edges, each once, from its lesser to its greater vertex."""

    xy: Floats
    """The vertices."""
    low: Ints
    """The lesser vertex of each edge."""
    high: Ints
    """The greater vertex of each edge."""
    old: Flags
    """Whether a boundary has the edge."""
    drawn: Flags
    """Whether a drawn line runs along the edge."""
    walks: tuple[Ints, ...]
    """The vertices of each drawn line."""


@dataclass(frozen=True)
class _Leaves:
    """Hold the pieces that inserted vertices cut the edges of a net into."""

    start: Ints
    """The vertex each piece begins at."""
    end: Ints
    """The vertex each piece ends at."""
    edge: Ints
    """The edge each piece belongs to."""


def round_spots(xy: Floats) -> Floats:
    """Round vertices to the grid of stored coordinates."""
    return np.asarray(np.round(xy, GRID_DECIMALS) + 0.0)


def node_lines(old: Chain, lines: Sequence[Floats]) -> Noding:
    """Give drawn lines and old edges a vertex wherever they meet, until nothing crosses and nothing nearly touches.

    A new vertex on the grid may lie a hair beside the edge it cuts, which then runs through it; whatever that hair
    brings the edge to is noded in the next round.
    """
    drawn = list(lines)
    for _ in range(_MOST_TRIES):
        net, leaves, cuts = _settle_net(_weave_net(old, drawn))
        drawn = _list_paths(net, leaves)
        folds = _find_folds(net, cuts)
        if not folds:
            return _read_noding(net, leaves, cuts, drawn)
        drawn = [np.array([folds.get(spot, spot) for spot in map(tuple, line.tolist())]) for line in drawn]
    raise GroundNotExact(reason=because("ground_noding"), divisions=())


def _settle_net(net: _Net) -> tuple[_Net, _Leaves, Ints]:
    """Insert vertices until no piece of a touched edge crosses or nearly touches another."""
    cuts = np.empty((0, 2), dtype=np.int64)
    fresh = np.flatnonzero(net.drawn)
    for _ in range(_MOST_ROUNDS):
        leaves = _cut_leaves(net, cuts)
        net, found = _find_cuts(net, leaves, cuts, fresh)
        more = np.unique(np.concatenate([cuts, found]), axis=0)
        if len(more) == len(cuts):
            return net, leaves, cuts
        fresh = np.unique(found[:, 0])
        cuts = more
    raise GroundNotExact(reason=because("ground_noding"), divisions=())


def _find_folds(net: _Net, cuts: Ints) -> dict[tuple[float, ...], tuple[float, ...]]:
    """Find new vertices on two old edges of one corner, which would fold there, and give each the corner instead."""
    known = np.zeros(len(net.xy), dtype=np.bool_)
    known[np.concatenate([net.low[net.old], net.high[net.old]])] = True
    corners: dict[int, set[int]] = {}
    folds = {}
    for edge, vertex in cuts[net.old[cuts[:, 0]] & ~known[cuts[:, 1]]].tolist():
        ends = {int(net.low[edge]), int(net.high[edge])}
        seen = corners.setdefault(vertex, set())
        for corner in sorted(seen & ends)[:1]:
            folds[tuple(net.xy[vertex].tolist())] = tuple(net.xy[corner].tolist())
        seen |= ends
    return folds


def _weave_net(edges: Chain, lines: Sequence[Floats]) -> _Net:
    """Number the vertices of old edges and drawn lines, lesser ones first, and list every edge once."""
    sizes = [2 * edges.size, *(len(line) for line in lines)]
    whole = np.concatenate([edges.tail, edges.head, *lines])
    spots, place = np.unique(whole[:, 0] + 1j * whole[:, 1], return_inverse=True)
    parts = np.split(place.reshape(-1), np.cumsum(sizes)[:-1])
    ends = parts[0].reshape(2, -1).T
    steps = [np.stack([walk[:-1], walk[1:]], axis=1) for walk in parts[1:]]
    pairs = np.sort(np.concatenate([ends, *steps]), axis=1)
    drawn = np.arange(len(pairs)) >= len(ends)
    real = pairs[:, 0] != pairs[:, 1]
    edge, which = np.unique(pairs[real], axis=0, return_inverse=True)
    along, old = (np.isin(np.arange(len(edge)), which.reshape(-1)[kind]) for kind in (drawn[real], ~drawn[real]))
    xy = np.stack([spots.real, spots.imag], axis=1)
    return _Net(xy, edge[:, 0], edge[:, 1], old, along, tuple(parts[1:]))


def _cut_leaves(net: _Net, cuts: Ints) -> _Leaves:
    """Cut the edges at the vertices inserted into them, in the order in which they lie along the edge."""
    count = len(net.low)
    start = net.xy[net.low[cuts[:, 0]]]
    along = net.xy[net.high[cuts[:, 0]]] - start
    share = ((net.xy[cuts[:, 1]] - start) * along).sum(axis=1) / (along * along).sum(axis=1)
    every = np.arange(count)
    edge = np.concatenate([every, cuts[:, 0], every])
    vertex = np.concatenate([net.low, cuts[:, 1], net.high])
    order = np.lexsort((vertex, np.concatenate([np.full(count, -1.0), share, np.full(count, 2.0)]), edge))
    edge, vertex = edge[order], vertex[order]
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    return _Leaves(vertex[piece], vertex[piece + 1], edge[piece])


def _find_cuts(net: _Net, leaves: _Leaves, cuts: Ints, fresh: Ints) -> tuple[_Net, Ints]:
    """Find which edges need which vertices, from the pieces of the edges that changed last."""
    mine, other = _pair_leaves(net, leaves, fresh)
    touched = net.drawn.copy()
    touched[cuts[:, 0]] = True
    active = np.zeros(len(net.xy), dtype=np.bool_)
    active[np.concatenate([cuts[:, 1], net.low[net.drawn], net.high[net.drawn]])] = True
    found, busy = [], np.zeros(len(mine), dtype=np.bool_)
    for seg, rest in ((mine, other), (other, mine)):
        for vertex in (leaves.start[rest], leaves.end[rest]):
            reach = np.where(net.old[leaves.edge[seg]], REACH, PULL)
            hit = _lies_on(net.xy, vertex, (leaves.start[seg], leaves.end[seg]), reach=reach)
            hit &= touched[leaves.edge[seg]] | active[vertex]
            found.append(np.stack([leaves.edge[seg[hit]], vertex[hit]], axis=1))
            busy |= hit
    crossing = ~busy & (net.drawn[leaves.edge[mine]] | net.drawn[leaves.edge[other]])
    crossing[crossing] = _cross(net.xy, leaves, mine[crossing], other[crossing])
    net, crossed = _cut_crossings(net, leaves, mine[crossing], other[crossing])
    every = np.concatenate([*found, crossed])
    # An edge is not cut at its own end.
    inner = (every[:, 1] != net.low[every[:, 0]]) & (every[:, 1] != net.high[every[:, 0]])
    return net, every[inner]


def _pair_leaves(net: _Net, leaves: _Leaves, fresh: Ints) -> tuple[Ints, Ints]:
    """Pair the pieces of fresh edges with the pieces whose boxes they meet."""
    start, end = net.xy[leaves.start], net.xy[leaves.end]
    low, high = np.minimum(start, end) - PULL, np.maximum(start, end) + PULL
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    dirty = np.flatnonzero(np.isin(leaves.edge, fresh))
    row, other = shapely.STRtree(boxes).query(boxes[dirty])
    mine = dirty[row]
    # The pieces of one edge follow each other.
    apart = leaves.edge[mine] != leaves.edge[other]
    return mine[apart], other[apart]


def _lies_on(xy: Floats, vertex: Ints, ends: tuple[Ints, Ints], *, reach: Floats) -> Flags:
    """Tell which vertices lie on which edges without being one of their ends."""
    start, end = ends
    along, away = xy[end] - xy[start], xy[vertex] - xy[start]
    length = (along * along).sum(axis=1)
    share = (away * along).sum(axis=1) / length
    beside = np.abs(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]) / np.sqrt(length)
    inner = (share > 0) & (share < 1) & (vertex != start) & (vertex != end)
    # A billionth more than the reach, lest rounding decide between two points of the grid.
    return np.asarray(inner & (beside <= reach * (1 + 1e-5)))


def _cross(xy: Floats, leaves: _Leaves, mine: Ints, other: Ints) -> Flags:
    """Tell which pairs of edges cross between their ends."""
    ends = [xy[leaves.start[mine]], xy[leaves.end[mine]], xy[leaves.start[other]], xy[leaves.end[other]]]
    first = _turn(ends[0], ends[1], ends[2]) * _turn(ends[0], ends[1], ends[3])
    second = _turn(ends[2], ends[3], ends[0]) * _turn(ends[2], ends[3], ends[1])
    return np.asarray((first < 0) & (second < 0))


def _turn(start: Floats, end: Floats, spot: Floats) -> Floats:
    along, away = end - start, spot - start
    return np.asarray(np.sign(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]))


def _cut_crossings(net: _Net, leaves: _Leaves, mine: Ints, other: Ints) -> tuple[_Net, Ints]:
    """Put a vertex where edges cross, or take one that is there already."""
    if not len(mine):
        return net, np.empty((0, 2), dtype=np.int64)
    # Of two edges the old one, or the lesser, says where the point is, in whatever order they come.
    swap = net.drawn[leaves.edge[mine]] & (~net.drawn[leaves.edge[other]] | (leaves.edge[other] < leaves.edge[mine]))
    rule, line = np.where(swap, other, mine), np.where(swap, mine, other)
    spots = round_spots(_meet(net.xy, leaves, rule, line))
    distance, vertex = cKDTree(net.xy).query(spots, distance_upper_bound=PULL)
    lone = ~np.isfinite(distance)
    new, place = np.unique(spots[lone], axis=0, return_inverse=True)
    vertex[lone] = len(net.xy) + place.reshape(-1)
    grown = replace(net, xy=np.concatenate([net.xy, new]))
    both = np.concatenate([mine, other])
    return grown, np.stack([leaves.edge[both], np.concatenate([vertex, vertex])], axis=1)


def _meet(xy: Floats, leaves: _Leaves, rule: Ints, line: Ints) -> Floats:
    """Find the point on each ruling edge where the other line crosses it."""
    start, other = xy[leaves.start[rule]], xy[leaves.start[line]]
    along, across = xy[leaves.end[rule]] - start, xy[leaves.end[line]] - other
    away = other - start
    share = (away[:, 0] * across[:, 1] - away[:, 1] * across[:, 0]) / (
        along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    )
    return np.asarray(start + share[:, None] * along)


def _read_noding(net: _Net, leaves: _Leaves, cuts: Ints, drawn: Sequence[Floats]) -> Noding:
    """Read from the net which old edges got vertices."""
    first = np.searchsorted(leaves.edge, np.arange(len(net.low) + 1))
    split = np.unique(cuts[net.old[cuts[:, 0]], 0])
    ends = np.concatenate([net.xy[net.low[split]], net.xy[net.high[split]]], axis=1)
    inserted = tuple(net.xy[leaves.start[first[edge] + 1 : first[edge + 1]]] for edge in split.tolist())
    return Noding(tuple(drawn), ends, inserted)


def _list_paths(net: _Net, leaves: _Leaves) -> list[Floats]:
    """List for each drawn line the vertices it runs through."""
    first = np.searchsorted(leaves.edge, np.arange(len(net.low) + 1))
    codes = net.low * len(net.xy) + net.high
    return [net.xy[_list_path(net, leaves, walk, edges=(first, codes))] for walk in net.walks]


def _list_path(net: _Net, leaves: _Leaves, walk: Ints, *, edges: tuple[Ints, Ints]) -> Ints:
    """List the vertices a drawn line runs through, from where the pieces of each edge begin, and the edges' codes."""
    first, codes = edges
    path: list[int] = []
    for step in pairwise(walk.tolist()):
        if step[0] != step[1]:
            edge = int(np.searchsorted(codes, min(step) * len(net.xy) + max(step)))
            pieces = slice(first[edge], first[edge + 1])
            path += (leaves.start[pieces] if step[0] < step[1] else leaves.end[pieces][::-1]).tolist()
    return np.array([*path, int(walk[-1])], dtype=np.int64)
