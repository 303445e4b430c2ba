"""Know which units share how much boundary, so that districts can be kept in one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import MultiPolygon, Polygon

from geo.errors import InvalidValue, because

ELLIPSOID = Geod(ellps="WGS84")

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Ground = Polygon | MultiPolygon


@dataclass(frozen=True)
class Link:
    """Tie a piece without a neighbour to the nearest unit across water or a gap."""

    unit: int
    """The unit of the piece, by its place in the graph."""
    to: int
    """The unit it is tied to."""
    distance_m: float
    """How far apart the two are."""
    is_declared: bool = False
    """Whether somebody said that the two belong together, as over a bridge; others were found by distance."""


@dataclass(frozen=True)
class UnitGraph:
    """Hold the units with their people and the boundaries they share."""

    keys: tuple[str, ...]
    """The code of each unit."""
    people: Integers
    """The people of each unit."""
    edges: Integers
    """Pairs of units that share a boundary of some length, or are linked; the smaller place first."""
    lengths_m: Floats
    """The length of the boundary each pair shares; zero for a link."""
    areas_m2: Floats
    """The geodesic area of each unit."""
    perimeters_m: Floats
    """The length of all rings of each unit."""
    links: tuple[Link, ...] = ()
    """The pairs that share no boundary but were linked."""
    divisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By level, the division that each unit stands in; empty where nothing is known."""
    votes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By list or candidate, the votes of each unit; empty where nothing is known."""

    @cached_property
    def pieces(self) -> Integers:
        """Number the connected pieces and give for each unit its piece."""
        size = len(self.keys)
        joined = coo_array((np.ones(len(self.edges)), (self.edges[:, 0], self.edges[:, 1])), shape=(size, size))
        pieces: Integers = connected_components(joined, directed=False)[1].astype(np.int64)
        return pieces


def build_graph(
    keys: Sequence[str],
    grounds: Sequence[Ground],
    people: Sequence[int],
    *,
    bridges: Sequence[tuple[str, str]] = (),
    link_pieces: bool = True,
) -> UnitGraph:
    """Build the graph of units whose grounds (EPSG:4326) form a coverage.

    Two units are neighbours when they share an edge exactly; touching in a point is not enough. `bridges` ties pairs of
    units, by their codes, that share none, as over water. With `link_pieces` every piece that is then left without a
    neighbour is tied to the nearest unit outside it.
    """
    owners, lines = _list_segments(grounds)
    lengths = _measure(lines)
    edges, shared = _pair_segments(owners, lines, lengths)
    # unoriented, a hole would be added as often as taken away
    oriented = shapely.orient_polygons(np.array(grounds, dtype=object))
    areas = np.array([ELLIPSOID.geometry_area_perimeter(ground)[0] for ground in oriented])
    perimeters = _sum_up(owners, lengths, len(keys))
    graph = UnitGraph(tuple(keys), np.asarray(people, dtype=np.int64), edges, shared, areas, perimeters)
    for bridge in bridges:
        graph = _add_bridge(graph, grounds, bridge)
    return _link_pieces(graph, grounds) if link_pieces else graph


def _add_bridge(graph: UnitGraph, grounds: Sequence[Ground], bridge: tuple[str, str]) -> UnitGraph:
    """Tie two units that somebody declared to belong together; neighbours need no bridge."""
    for code in bridge:
        if code not in graph.keys:
            raise InvalidValue(field="bridge", value=code, reason=because("plan_code_unknown"))
    unit, to = (graph.keys.index(code) for code in bridge)
    if unit == to:
        raise InvalidValue(field="bridge", value=bridge[0], reason=because("graph_loop"))
    if (np.sort([unit, to]) == graph.edges).all(axis=1).any():
        return graph
    return _add_link(graph, replace(_find_nearest(grounds, np.array([unit]), np.array([to])), is_declared=True))


def _list_segments(grounds: Sequence[Ground]) -> tuple[Integers, Floats]:
    """List all ring segments as owner and four coordinates, with the smaller end first."""
    parts, part_owners = shapely.get_parts(list(grounds), return_index=True)
    rings, ring_parts = shapely.get_rings(parts, return_index=True)
    points, point_rings = shapely.get_coordinates(rings, return_index=True)
    same = point_rings[1:] == point_rings[:-1]
    starts, ends = points[:-1][same], points[1:][same]
    swapped = (starts[:, 0] > ends[:, 0]) | ((starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1]))
    lines = np.where(swapped[:, None], np.hstack([ends, starts]), np.hstack([starts, ends]))
    return part_owners[ring_parts][point_rings[:-1][same]].astype(np.int64), lines


def _measure(lines: Floats) -> Floats:
    lengths: Floats = np.asarray(ELLIPSOID.inv(lines[:, 0], lines[:, 1], lines[:, 2], lines[:, 3])[2])
    return lengths


def _pair_segments(owners: Integers, lines: Floats, lengths: Floats) -> tuple[Integers, Floats]:
    """Pair the owners of equal segments and sum what each pair shares."""
    order = np.lexsort((owners, *lines.T))
    equal = (lines[order][1:] == lines[order][:-1]).all(axis=1)
    first, second = owners[order][:-1][equal], owners[order][1:][equal]
    apart = first != second
    pairs = np.stack([first, second], axis=1)[apart]
    edges, place = np.unique(pairs, axis=0, return_inverse=True)
    return edges.reshape(-1, 2), _sum_up(place.ravel(), lengths[order][:-1][equal][apart], len(edges))


def _sum_up(places: Integers, figures: Floats, size: int) -> Floats:
    sums: Floats = np.bincount(places, weights=figures, minlength=size).astype(np.float64)
    return sums


def _link_pieces(graph: UnitGraph, grounds: Sequence[Ground]) -> UnitGraph:
    """Tie the smallest piece to its nearest neighbour until all is one piece."""
    while graph.pieces.max(initial=0) > 0:
        sizes = np.bincount(graph.pieces)
        own = np.flatnonzero(graph.pieces == int(sizes.argmin()))
        others = np.flatnonzero(graph.pieces != int(sizes.argmin()))
        link = _find_nearest(grounds, own, others)
        graph = _add_link(graph, link)
    return graph


def _find_nearest(grounds: Sequence[Ground], own: Integers, others: Integers) -> Link:
    """Find the nearest pair of units between two sets, in degrees, and measure it on the ellipsoid."""
    near, far = [np.array(grounds, dtype=object)[units] for units in (own, others)]
    distances = shapely.distance(near[:, None], far[None])
    unit, to = np.unravel_index(int(distances.argmin()), distances.shape)
    bridge = shapely.get_coordinates(shapely.shortest_line(near[unit], far[to]))
    distance = float(ELLIPSOID.inv(*bridge[0], *bridge[1])[2])
    return Link(int(own[unit]), int(others[to]), round(distance, 1))


def _add_link(graph: UnitGraph, link: Link) -> UnitGraph:
    pair = sorted((link.unit, link.to))
    edges, lengths = np.vstack([graph.edges, pair]), np.append(graph.lengths_m, 0.0)
    return replace(graph, edges=edges, lengths_m=lengths, links=(*graph.links, link))
