"""Tell which polygons own a face, by one point inside it that lies on no polygon's border."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.errors import GEOSException

from geo.coverage.edges import Flags, Floats, Ints, Shapes

_PREPARE_FROM = 8
_TRIANGLES = 100
_WEIGHTS = np.array([[0.5, 0.3, 0.2], [0.21, 0.47, 0.32]])
"""Where in a triangle to look for a point that no border runs through."""


@dataclass(frozen=True)
class Owners:
    """Hold which polygons own which of some faces, as pairs sorted by face and polygon."""

    face: Ints
    """The face of each pair."""
    polygon: Ints
    """The polygon of each pair."""
    undecided: Ints
    """The faces without a point that would tell."""

    def find_sets(self, count: int) -> list[tuple[int, ...]]:
        """Give the sorted owners of each of `count` faces."""
        ends = np.searchsorted(self.face, np.arange(1, count + 1))
        return [tuple(part.tolist()) for part in np.split(self.polygon, ends[:-1])] if count else []


@dataclass(frozen=True)
class Ground:
    """Hold the polygons that may own a face."""

    polygons: Shapes
    """The polygons."""

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index the polygons by their boxes."""
        return shapely.STRtree(self.polygons)

    def find_owners(self, faces: Shapes) -> Owners:
        """Find the owners of each face that no border runs through."""
        probe = self._probe(_list_points(shapely.point_on_surface(faces)))
        unclear = np.flatnonzero(probe.unclear)
        keep = ~probe.unclear[probe.point]
        pairs = [(probe.point[keep], probe.polygon[keep])]
        undecided = []
        for face in unclear.tolist():
            found = self._search(faces[face])
            if found is None:
                undecided.append(face)
            else:
                pairs.append((np.full(len(found), face), found))
        face, polygon = np.concatenate([np.stack(pair) for pair in pairs], axis=1)
        order = np.lexsort((polygon, face))
        return Owners(face[order], polygon[order], np.array(undecided, dtype=np.int64))

    def _search(self, face: shapely.Polygon) -> Ints | None:
        """Try the inner points of the face's largest triangles until one lies on no border."""
        points = _list_inner_points(face)
        probe = self._probe(points)
        clear = np.flatnonzero(~probe.unclear)
        return probe.polygon[probe.point == clear[0]] if len(clear) else None

    def _probe(self, xy: Floats) -> _Probe:
        point, polygon = self.tree.query(shapely.points(np.nan_to_num(xy)))
        # Preparing a polygon pays only where many points ask for it.
        crowded = np.flatnonzero(np.bincount(polygon, minlength=len(self.polygons)) >= _PREPARE_FROM)
        shapely.prepare(self.polygons[crowded])
        x, y = xy[point].T
        inside = shapely.contains_xy(self.polygons[polygon], x, y)
        border = shapely.intersects_xy(self.polygons[polygon], x, y) & ~inside
        unclear = np.asarray(~np.isfinite(xy).all(axis=1))
        unclear[point[border]] = True
        return _Probe(point[inside], polygon[inside], unclear)


@dataclass(frozen=True)
class _Probe:
    """Hold which points lie inside which polygons, and which lie on a border."""

    point: Ints
    polygon: Ints
    unclear: Flags


def _list_points(points: Shapes) -> Floats:
    return np.stack([shapely.get_x(points), shapely.get_y(points)], axis=1)


def _list_inner_points(face: shapely.Polygon) -> Floats:
    try:
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(face))
    except GEOSException:  # a face without breadth has no triangles
        return np.empty((0, 2))
    largest = triangles[np.argsort(-shapely.area(triangles), kind="stable")][:_TRIANGLES]
    corners = shapely.get_coordinates(largest).reshape(-1, 4, 2)[:, :3]
    return np.asarray(np.einsum("wc,tcd->twd", _WEIGHTS, corners).reshape(-1, 2))
