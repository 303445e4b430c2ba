"""Change a boundary where it changes and copy the rest: the same ground as woven anew, at a fraction of the work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, add_chains, make_chain, weave_shape
from geo.coverage.edges import Flags, Floats, Ints, hash_vertices

Spot = tuple[float, float]

_TABLE_BITS = 16


def splice_shape(shape: BaseGeometry, change: Chain) -> BaseGeometry:
    """Add edges to a boundary: those that answer one of its own go with it, the others take their place.

    Where a ring does not simply run another way, as when a hole opens, the whole shape is woven anew. A ring that comes
    to touch itself is not seen here: the outcome is to be checked, and woven anew where it is not valid.
    """
    spliced = None if shape.is_empty else _splice(shape, change)
    return add_edges(shape, change) if spliced is None else spliced


def add_edges(shape: BaseGeometry, change: Chain) -> BaseGeometry:
    """Add edges to a boundary as `splice_shape` does, by weaving all of it anew."""
    return weave_shape(add_chains(make_chain(shape), change))


def _splice(shape: BaseGeometry, change: Chain) -> BaseGeometry | None:
    """Lead every ring along its new edges; None where these do not just replace old ones."""
    tails, heads = ([(x, y) for x, y in (spots + 0.0).tolist()] for spots in (change.tail, change.head))
    work = _Work(dict(zip(tails, heads, strict=True)), _mark_spots(change))
    parts = []
    for part in shapely.get_parts(shape).tolist():
        rings = [_reroute(work, ring, is_shell=place == 0) for place, ring in enumerate(_list_rings(part))]
        led = [ring for ring in rings if ring is not None]
        if len(led) < len(rings):
            return None
        parts.append(shapely.Polygon(led[0], led[1:]))
    # two edges from one vertex have only one place in the table
    if work.steps or len(set(tails)) < len(tails):
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


@dataclass(frozen=True)
class _Work:
    """Hold the new edges by where they begin, as long as they have no place; and where any of them begins or ends."""

    steps: dict[Spot, Spot]
    marks: Flags


def _mark_spots(change: Chain) -> Flags:
    table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
    table[_find_bits(np.concatenate([change.tail, change.head]))] = True
    return table


def _find_bits(xy: Floats) -> Ints:
    return np.asarray(hash_vertices(np.ascontiguousarray(xy)) >> np.uint64(64 - _TABLE_BITS), dtype=np.int64)


def _list_rings(part: shapely.Polygon) -> list[Floats]:
    return [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]


def _reroute(work: _Work, ring: Floats, *, is_shell: bool) -> Floats | None:
    """Lead one ring along the new edges that begin and end on it."""
    known = np.flatnonzero(work.marks[_find_bits(ring)])
    if not len(known):
        return ring
    turned = bool(shapely.is_ccw(shapely.linearrings(ring))) != is_shell
    way = ring[::-1] if turned else ring
    kept = _list_kept(work, way, np.sort(len(ring) - 1 - known) if turned else known)
    if kept is None:
        return None
    path = _follow(work, way, kept)
    return path if path is None or not turned else path[::-1]


def _list_kept(work: _Work, way: Floats, known: Ints) -> list[tuple[int, int]] | None:
    """List the stretches of a ring between the edges that new ones answer: first and last vertex of each."""
    spots = {row: _read_spot(way, row) for row in known.tolist()}
    gone = [row for row in sorted(spots) if row + 1 in spots and work.steps.get(spots[row + 1]) == spots[row]]
    for row in gone:
        del work.steps[spots[row + 1]]
    if not gone:
        # a new edge that begins where none goes opens or closes something
        return None if any(spot in work.steps for spot in spots.values()) else [(0, len(way) - 1)]
    starts, ends = [row + 1 for row in gone], [*gone[1:], gone[0] + len(way) - 1]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _read_spot(way: Floats, row: int) -> Spot:
    x, y = (way[row] + 0.0).tolist()
    return x, y


def _follow(work: _Work, way: Floats, kept: list[tuple[int, int]]) -> Floats | None:
    """Join the stretches that stay by new edges, in the order of the ring."""
    size = len(way) - 1
    if kept == [(0, size)]:
        return way
    pieces: list[Floats] = []
    for (start, end), (following, _) in zip(kept, [*kept[1:], *kept[:1]], strict=True):
        added = _step(work, _read_spot(way, end % size), _read_spot(way, following % size))
        if not added:
            return None
        pieces += [_cut_round(way, start, end), np.array(added[:-1], dtype=np.float64).reshape(-1, 2)]
    return np.concatenate([*pieces, pieces[0][:1]]) if pieces else None


def _step(work: _Work, spot: Spot, goal: Spot) -> list[Spot]:
    """List the vertices that new edges lead through to a goal; none where they do not lead there."""
    added: list[Spot] = []
    while (following := work.steps.pop(spot, None)) is not None:
        added.append(following)
        if following == goal:
            return added
        spot = following
    return []


def _cut_round(way: Floats, start: int, end: int) -> Floats:
    """Take the vertices of a ring from one to another, past its end if need be."""
    size = len(way) - 1
    start, end = (start - size, end - size) if start >= size else (start, end)
    return way[start : end + 1] if end < size else np.concatenate([way[start:size], way[: end - size + 1]])
