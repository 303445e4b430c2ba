"""Turn residual edges into faces, each with one set of owners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geo.coverage.edges import Flags, Floats, Ints, Shapes
from geo.coverage.labels import Ground, Owners


@dataclass(frozen=True)
class Faces:
    """Hold the faces that residual edges enclose, and the polygons that own them."""

    shapes: Shapes
    """The face polygons, in the coverage's own coordinates."""
    owners: Owners
    """Which polygons own which face."""

    @property
    def count(self) -> int:
        """Count the faces."""
        return len(self.shapes)


def enclose_faces(lines: Shapes, ground: Ground, *, grid: float | None = None) -> Faces:
    """Node lines where they meet, on a grid if one is given, and label the faces between them."""
    shapes = _polygonize(lines, grid)
    return Faces(shapes, ground.find_owners(shapes))


def _polygonize(lines: Shapes, grid: float | None = None) -> Shapes:
    """Node lines and make faces of them, the same to the last digit in whatever order the lines come."""
    drawn = shapely.normalize(lines)
    order = sorted(range(len(drawn)), key=shapely.to_wkb(drawn).tolist().__getitem__)
    noded = shapely.union_all(drawn[order], grid_size=grid)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


@dataclass(frozen=True)
class Doubt:
    """Mark the faces whose owners may change within."""

    gains: Flags
    """Faces where a polygon may begin that does not own the point that was looked at."""
    losses: Flags
    """Faces where, besides, an owner may end without another taking its place."""


def split_faces(faces: Faces, doubt: Doubt, ground: Ground) -> Faces:
    """Split the faces in doubt that a border does run through, so that each piece has one set of owners.

    How often a face is covered is constant, but not by whom: a border that two neighbours share leaves no residual.
    """
    gained = _find_gains(faces, np.flatnonzero(doubt.gains), ground)
    crossed, polygon = np.concatenate([gained, _find_losses(faces, doubt.losses, ground)], axis=1)
    if len(crossed) == 0:
        return faces
    split = np.unique(crossed)
    lines = [shapely.boundary(faces.shapes[split]), *_list_borders(faces, crossed, polygon, ground)]
    pieces = _polygonize(np.concatenate(lines))
    within, _ = shapely.STRtree(faces.shapes[split]).query(shapely.point_on_surface(pieces), predicate="within")
    return _replace(faces, split, Faces(pieces[within], ground.find_owners(pieces[within])))


def mark_mixed(faces: Faces, doubt: Doubt, ground: Ground, *, floor: float) -> Faces:
    """Mark the faces undecided that still have several sets of owners, in pieces of at least `floor`.

    Where borders run closer together than numbers can tell apart, a face may stay whole that should have been split.
    """
    gained = _find_gains(faces, np.flatnonzero(doubt.gains), ground)
    lost = _find_losses(faces, doubt.losses, ground)
    inside = shapely.area(shapely.intersection(faces.shapes[gained[0]], ground.polygons[gained[1]]))
    outside = shapely.area(shapely.difference(faces.shapes[lost[0]], ground.polygons[lost[1]]))
    mixed = np.concatenate([gained[0][inside >= floor], lost[0][outside >= floor]])
    owners = faces.owners
    return Faces(faces.shapes, Owners(owners.face, owners.polygon, np.union1d(owners.undecided, mixed)))


def _find_gains(faces: Faces, chosen: Ints, ground: Ground) -> Ints:
    """Pair chosen faces with the polygons that cover some of them but not the point that was looked at."""
    index, polygon = ground.tree.query(faces.shapes[chosen])
    face, size = chosen[index], len(ground.polygons)
    fresh = ~np.isin(face * size + polygon, faces.owners.face * size + faces.owners.polygon)
    face, polygon = face[fresh], polygon[fresh]
    # One face may meet thousands of polygons, as when a file holds two levels in one layer.
    shapely.prepare(faces.shapes[chosen])
    meets = shapely.relate_pattern(faces.shapes[face], ground.polygons[polygon], "T********")
    return np.stack([face[meets], polygon[meets]])


def _find_losses(faces: Faces, chosen: Flags, ground: Ground) -> Ints:
    """Pair chosen faces with the owners of that point that do not cover the whole face."""
    known = chosen[faces.owners.face]
    face, polygon = faces.owners.face[known], faces.owners.polygon[known]
    leaves = shapely.relate_pattern(faces.shapes[face], ground.polygons[polygon], "T*T******")
    return np.stack([face[leaves], polygon[leaves]])


def _list_borders(faces: Faces, crossed: Ints, polygon: Ints, ground: Ground) -> list[Shapes]:
    """Cut out of every owner of the crossed faces the edges that come near the face."""
    known = np.isin(faces.owners.face, crossed)
    face = np.concatenate([crossed, faces.owners.face[known]])
    owner = np.concatenate([polygon, faces.owners.polygon[known]])
    bounds = shapely.bounds(faces.shapes[face])
    near = [_cut_near(ground.polygons[row], box) for row, box in zip(owner.tolist(), bounds, strict=True)]
    return [np.asarray(shapely.linestrings(segments)) for segments in near if len(segments)]


def _cut_near(polygon: shapely.Geometry, box: Floats) -> Floats:
    rings = shapely.get_rings(shapely.get_parts(polygon))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    low, high = np.minimum(xy[:-1], xy[1:]), np.maximum(xy[:-1], xy[1:])
    near = (low <= box[2:]).all(axis=1) & (high >= box[:2]).all(axis=1) & (ring[:-1] == ring[1:])
    return np.stack([xy[:-1][near], xy[1:][near]], axis=1)


def _replace(faces: Faces, split: Ints, pieces: Faces) -> Faces:
    keep = np.ones(faces.count, dtype=np.bool_)
    keep[split] = False
    number, owners = np.cumsum(keep) - 1, faces.owners
    stays = keep[owners.face]
    face = np.concatenate([number[owners.face[stays]], pieces.owners.face + keep.sum()])
    polygon = np.concatenate([owners.polygon[stays], pieces.owners.polygon])
    left = owners.undecided[keep[owners.undecided]]
    undecided = np.concatenate([number[left], pieces.owners.undecided + keep.sum()])
    return Faces(np.concatenate([faces.shapes[keep], pieces.shapes]), Owners(face, polygon, undecided))
