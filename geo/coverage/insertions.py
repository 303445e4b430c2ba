"""Insert a neighbour's vertices into the edges that lack them, in every boundary that has such an edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, make_chain
from geo.coverage.edges import Floats, Ints
from geo.coverage.measures import Earth, measure_many
from geo.coverage.sheets import Cuts, Sheet
from geo.errors import Reason, because

_EARTH = Earth()
_MARGIN = 2.0
"""How much wider than the width itself is looked, for the scale differs a little over an edge."""


@dataclass(frozen=True)
class Spot:
    """Name a vertex that some divisions have, and others pass without one."""

    point: tuple[float, float]
    """Longitude and latitude."""
    divisions: tuple[int, ...]
    """The divisions that meet there."""


@dataclass(frozen=True)
class InsertedVertex:
    """Say what became of a spot."""

    spot: Spot
    """The spot."""
    edges: int
    """How many edges get the vertex, one that several divisions share counted once."""
    area_m2: float = 0.0
    """The ground between the old edges and the new ones."""
    displacement_m: float = 0.0
    """How far the edges move there."""
    refused: Reason | None = None
    """Why it was left as it is."""


@dataclass(frozen=True)
class Insertion:
    """Hold what insertions did."""

    sheet: Sheet
    """The sheet with the vertices."""
    shapes: Mapping[int, BaseGeometry]
    """Every boundary that got one."""
    vertices: tuple[InsertedVertex, ...]
    """What became of each spot, in order."""


@dataclass(frozen=True)
class _Hit:
    """Hold an edge that a spot lies on."""

    spot: int
    edge: tuple[float, ...]
    share: float
    distance_m: float


def insert_vertices(sheet: Sheet, spots: Sequence[Spot], *, width_m: float) -> Insertion:
    """Insert each spot into the edges of its divisions that pass it within a width and do not have it.

    No ground changes hands but what lies between an edge and a vertex beside it; every boundary with the edge, of
    whatever level, gets the vertex, so that what was tiled stays tiled. A vertex that would fold a boundary is left.

    Examples
    --------
    >>> low = shapely.box(0, 0, 2, 1)
    >>> sheet = Sheet({1: low, 2: shapely.box(0, 1, 1, 2), 3: shapely.box(1, 1, 2, 2)}, {}, {})
    >>> after = insert_vertices(sheet, [Spot((1, 1), (1, 2, 3))], width_m=0.002)
    >>> len(after.shapes[1].exterior.coords) - len(low.exterior.coords)
    1
    """
    hits = _find_hits(sheet, spots, width_m=width_m)
    shapes, broken = _insert(sheet, hits, spots)
    while broken:
        hits = [hit for hit in hits if hit.spot not in broken]
        shapes, broken = _insert(sheet, hits, spots)
    by_spot: dict[int, list[_Hit]] = {}
    for hit in hits:
        by_spot.setdefault(hit.spot, []).append(hit)
    told = tuple(_tell(spot, by_spot.get(row, ())) for row, spot in enumerate(spots))
    return Insertion(sheet.with_shapes(shapes), shapes, told)


def _find_hits(sheet: Sheet, spots: Sequence[Spot], *, width_m: float) -> list[_Hit]:
    """Find the edges within the width of each spot, division by division, each edge of a spot once."""
    found: dict[tuple[int, tuple[float, ...]], _Hit] = {}
    by_division: dict[int, list[int]] = {}
    for row, spot in enumerate(spots):
        for key in spot.divisions:
            by_division.setdefault(key, []).append(row)
    for key in sorted(by_division):
        shape = sheet.shapes.get(key)
        if shape is not None and not shape.is_empty:
            rows = np.array(by_division[key], dtype=np.int64)
            xy = np.array([spots[row].point for row in rows], dtype=np.float64)
            for hit in _find_near(make_chain(shape), xy, rows, width_m):
                found.setdefault((hit.spot, hit.edge), hit)
    return [found[key] for key in sorted(found)]


def _find_near(border: Chain, xy: Floats, rows: Ints, width_m: float) -> list[_Hit]:
    """Find for each spot that is no vertex of a border the nearest edge that passes it."""
    scale = _EARTH.find_scale(xy)
    edges = np.asarray(shapely.linestrings(np.stack([border.tail, border.head], axis=1)))
    reach = _MARGIN * width_m / scale.min()
    place, edge = shapely.STRtree(edges).query(shapely.points(xy), predicate="dwithin", distance=reach)
    tail, head, spot, here = border.tail[edge], border.head[edge], xy[place], scale[place]
    along, away = (head - tail) * here, (spot - tail) * here
    share = np.clip((away * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), 1e-300), 0, 1)
    rest = away - share[:, None] * along
    distance = np.hypot(rest[:, 0], rest[:, 1])
    is_end = (tail == spot).all(axis=1) | (head == spot).all(axis=1)
    has_it = np.isin(place, place[is_end])
    # beside a corner a spot is near two edges, and in both it would be a spike
    nearest = np.lexsort((edge, distance, place))
    first = np.r_[True, place[nearest][1:] != place[nearest][:-1]] if len(place) else np.empty(0, dtype=np.bool_)
    chosen = [one for one in nearest[first].tolist() if distance[one] <= width_m and not has_it[one]]
    return [_make_hit(int(rows[place[one]]), tail[one], head[one], (share[one], distance[one])) for one in chosen]


def _make_hit(spot: int, tail: Floats, head: Floats, measures: tuple[float, float]) -> _Hit:
    """Turn an edge so that it runs from its lesser end, as all that have it know it."""
    start, end = tuple((tail + 0.0).tolist()), tuple((head + 0.0).tolist())
    share, distance = float(measures[0]), float(measures[1])
    return _Hit(spot, start + end, share, distance) if start < end else _Hit(spot, end + start, 1 - share, distance)


def _insert(sheet: Sheet, hits: Sequence[_Hit], spots: Sequence[Spot]) -> tuple[dict[int, BaseGeometry], set[int]]:
    """Insert the spots of hits; give the boundaries that got one, and the spots in those that folded."""
    by_edge: dict[tuple[float, ...], list[_Hit]] = {}
    for hit in hits:
        by_edge.setdefault(hit.edge, []).append(hit)
    if not by_edge:
        return {}, set()
    edges = np.array(sorted(by_edge), dtype=np.float64)
    order = [sorted(by_edge[edge], key=lambda hit: (hit.share, hit.spot)) for edge in sorted(by_edge)]
    cuts = Cuts(edges, [np.array([spots[hit.spot].point for hit in some], dtype=np.float64) for some in order])
    ends = edges.reshape(-1, 2)
    shapes = {}
    broken: set[int] = set()
    for key in sheet.find_shapes(ends.min(axis=0), ends.max(axis=0)):
        grown = cuts.insert(sheet.shapes[key])
        if grown is not sheet.shapes[key]:
            shapes[key] = grown
            if not grown.is_valid and sheet.shapes[key].is_valid:
                broken |= _list_spots(grown, hits, spots)
    return shapes, broken


def _list_spots(shape: BaseGeometry, hits: Sequence[_Hit], spots: Sequence[Spot]) -> set[int]:
    """List the spots of hits that are vertices of a shape."""
    known = set(map(tuple, shapely.get_coordinates(shape).tolist()))
    return {hit.spot for hit in hits if tuple(map(float, spots[hit.spot].point)) in known}


def _tell(spot: Spot, hits: Sequence[_Hit]) -> InsertedVertex:
    if not hits:
        return InsertedVertex(spot, 0, refused=because("repair_no_edge"))
    area = sum(_measure_slit(hit.edge, spot.point) for hit in hits)
    return InsertedVertex(spot, len(hits), area, max(hit.distance_m for hit in hits))


def _measure_slit(edge: tuple[float, ...], point: tuple[float, float]) -> float:
    # an edge is straight in longitude and latitude, as all boundaries have it
    slit = shapely.Polygon([edge[:2], edge[2:], point])
    return float(measure_many(np.array([slit], dtype=object))[0])
