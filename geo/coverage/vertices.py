"""Find vertices that lie on a neighbour's edge where the neighbour has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.coverage.edges import Flags, Floats, Ints
from geo.coverage.measures import Earth
from geo.coverage.residual import Pieces, Runs, count_up, cut_runs


@dataclass(frozen=True)
class Unmatched:
    """Hold vertices without a counterpart: one row for each vertex and neighbour."""

    xy: Floats
    """Where the vertex is."""
    owner: Ints
    """The polygon row that has the vertex."""
    neighbour: Ints
    """The polygon row whose edge lacks it."""


NONE_UNMATCHED = Unmatched(np.empty((0, 2)), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def find_unmatched(runs: Runs, *, earth: Earth, width_m: float) -> Unmatched:
    """Find the vertices of one owner within `width_m` of another's residual edge that has no vertex there."""
    if len(runs.lines) == 0:
        return NONE_UNMATCHED
    pieces = cut_runs(runs)
    reach = _find_reach(pieces, earth, width_m)
    vertex, piece = _pair_near(pieces, reach)
    pair, edge = count_up(pieces.first[piece], pieces.size[piece])
    start = pieces.edge[edge]
    near = _is_near(pieces.xy, vertex[pair], start, reach)
    pair, start = pair[near], start[near]
    hit = _measure_gaps(pieces.xy, vertex[pair], start, earth) <= width_m
    return _sift(pieces, vertex, piece, pair[hit], start[hit])


def _find_reach(pieces: Pieces, earth: Earth, width_m: float) -> Floats:
    """Turn the width into the coverage's units, generously, at the pieces's extremes."""
    corners = np.array([pieces.xy.min(axis=0), pieces.xy.max(axis=0), pieces.xy.mean(axis=0)])
    scale = earth.find_scale(corners)
    return np.asarray(2 * width_m / np.nan_to_num(scale, nan=1.0).clip(min=1e-3).min(axis=0))


def _pair_near(pieces: Pieces, reach: Floats) -> tuple[Ints, Ints]:
    """Pair vertices with the pieces of other owners whose boxes they lie in."""
    low, high = pieces.find_boxes()
    low, high = low - reach, high + reach
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    mine, other = shapely.STRtree(boxes).query(boxes)
    foreign = pieces.owner[mine] != pieces.owner[other]
    mine, other = mine[foreign], other[foreign]
    pair, vertex = count_up(pieces.edge[pieces.first[mine]], pieces.size[mine] + 1)
    xy, piece = pieces.xy[vertex], other[pair]
    inside = (xy >= low[piece]).all(axis=1) & (xy <= high[piece]).all(axis=1)
    return vertex[inside], piece[inside]


def _is_near(xy: Floats, vertex: Ints, start: Ints, reach: Floats) -> Flags:
    point, tail, head = xy[vertex], xy[start], xy[start + 1]
    above = point >= np.minimum(tail, head) - reach
    return np.asarray((above & (point <= np.maximum(tail, head) + reach)).all(axis=1))


def _measure_gaps(xy: Floats, vertex: Ints, start: Ints, earth: Earth) -> Floats:
    """Measure in metres how far each vertex lies from its edge."""
    scale = earth.find_scale(xy[vertex])
    along = (xy[start + 1] - xy[start]) * scale
    away = (xy[vertex] - xy[start]) * scale
    share = (away * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), 1e-300)
    rest = away - np.clip(share, 0, 1)[:, None] * along
    return np.asarray(np.hypot(rest[:, 0], rest[:, 1]))


def _sift(pieces: Pieces, vertex: Ints, piece: Ints, pair: Ints, start: Ints) -> Unmatched:
    """Drop the vertices that the neighbour does have, be it in another piece of its border."""
    point, neighbour = vertex[pair], pieces.owner[piece[pair]]
    spot = pieces.xy[point]
    place = np.unique(spot, axis=0, return_inverse=True)[1].reshape(-1)
    code = place * (int(pieces.owner.max()) + 1) + neighbour
    has_it = (pieces.xy[start] == spot).all(axis=1) | (pieces.xy[start + 1] == spot).all(axis=1)
    lost = np.flatnonzero(~np.isin(code, code[has_it]))
    owner = _find_vertex_owner(pieces)[point[lost]]
    _, once = np.unique(np.stack([code[lost], owner], axis=1), axis=0, return_index=True)
    return Unmatched(spot[lost[once]], owner[once], neighbour[lost[once]])


def _find_vertex_owner(pieces: Pieces) -> Ints:
    owner = np.zeros(len(pieces.xy), dtype=np.int64)
    of_edge = np.repeat(pieces.owner, pieces.size)
    owner[pieces.edge], owner[pieces.edge + 1] = of_edge, of_edge
    return owner


def group_places(xy: Floats, *, earth: Earth, width_m: float) -> Ints:
    """Number the places: vertices closer than `width_m` to one another share a number."""
    if len(xy) == 0:
        return np.empty(0, dtype=np.int64)
    scale = earth.find_scale(xy)
    points = np.asarray(shapely.points(xy))
    # Twice the width in the coarser of both directions holds all that are near; each pair is then measured where it is,
    # so that nothing far away has a say.
    reach = 3 * width_m / np.nan_to_num(scale, nan=1.0).clip(min=1e-3).min(axis=1)
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach)
    apart = (xy[left] - xy[right]) * (scale[left] + scale[right]) / 2
    close = np.hypot(apart[:, 0], apart[:, 1]) <= 2 * width_m
    left, right = left[close], right[close]
    near = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(xy), len(xy)))
    return np.asarray(connected_components(near, directed=False)[1], dtype=np.int64)
