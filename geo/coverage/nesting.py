"""Hold a coverage against its parents: ground outside the own parent, and parents that no child covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.coverage.cover import Cover
from geo.coverage.edges import Boundaries, Floats, Ints, Shapes, drop_owners, salt_edges
from geo.coverage.faces import Doubt, Faces
from geo.coverage.intake import take_in
from geo.coverage.labels import Ground
from geo.coverage.measures import Earth, measure_many
from geo.coverage.residual import Layer


@dataclass(frozen=True)
class Parents:
    """Hold the divisions one level up and which of them each child is coded to."""

    keys: Sequence[str]
    """The key of each parent."""
    polygons: Boundaries
    """The boundary of each parent, or None."""
    parent_of: Sequence[str | None]
    """The parent's key of each child, in the order of the children; None for an orphan."""


@dataclass(frozen=True)
class Nest:
    """Hold a coverage and its parents; as owners of faces the children come first, then the parents."""

    children: Cover
    """The coverage."""
    parents: Cover
    """The polygons it should nest in."""
    parent: Ints
    """The parent of each child, counted among the parents; -1 where there is none to hold it against."""

    @cached_property
    def ground(self) -> Ground:
        """Give the polygons that may own a face."""
        return Ground(np.concatenate([self.children.polygons, self.parents.polygons]))

    @property
    def size(self) -> int:
        """Count the parents."""
        return len(self.parents.polygons)

    @property
    def born(self) -> int:
        """Count the children."""
        return len(self.children.polygons)

    def list_layers(self, seed: int) -> Sequence[Layer]:
        """Let children count once and parents once less, each family under its own salt."""
        young, old = self.children.find_edges(seed), self.parents.find_edges(seed)
        salt = self.parent.astype(np.uint64), np.arange(self.size, dtype=np.uint64)
        held = drop_owners(young, self.parent < 0)
        return [Layer(salt_edges(held, salt[0]), 1, salt[0]), Layer(salt_edges(old, salt[1]), -1, salt[1])]

    def weigh_families(self, faces: Faces) -> Families:
        """Sum for each face and parent the children that cover it less the parent."""
        polygon = faces.owners.polygon
        family = np.concatenate([self.parent, np.arange(self.size)])[polygon]
        known = family >= 0
        code = faces.owners.face[known] * self.size + family[known]
        unique, place = np.unique(code, return_inverse=True)
        weight = np.where(polygon[known] < self.born, 1, -1)
        cover = np.bincount(place, weights=weight, minlength=len(unique)).astype(np.int64)
        return Families(unique // self.size, unique % self.size, cover)

    def find_doubt(self, faces: Faces) -> Doubt:
        """Doubt the faces that some parent and its children do not cover alike.

        Where several children lie over their parent, one of them and the parent may end at the same border.
        """
        families = self.weigh_families(faces)
        unlike = np.bincount(families.face[families.cover != 0], minlength=faces.count) > 0
        crowded = np.bincount(families.face[families.cover > 0], minlength=faces.count) > 0
        held = np.bincount(faces.owners.face[faces.owners.polygon >= self.born], minlength=faces.count) > 0
        return Doubt(unlike, crowded & held)

    def find_difference(self, faces: Faces, areas: Floats) -> float:
        """Hold for each family its cover times area over faces against the areas of the children less the parent."""
        families = self.weigh_families(faces)
        found = np.bincount(families.parent, weights=families.cover * areas[families.face], minlength=self.size)
        held = self.parent >= 0
        due = np.bincount(self.parent[held], weights=self.children.areas[held], minlength=self.size)
        return float(np.abs(found - due + self.parents.areas).max(initial=0.0))

    def find_misfits(self, faces: Faces) -> Misfits:
        """List the faces of children outside their parent, and of parents that none of their children cover."""
        outside: dict[int, list[int]] = {}
        uncovered: dict[int, list[int]] = {}
        for face, owners in enumerate(faces.owners.find_sets(faces.count)):
            children = [row for row in owners if row < self.born]
            held = {row - self.born for row in owners if row >= self.born}
            for child in children:
                if self.parent[child] >= 0 and self.parent[child] not in held:
                    outside.setdefault(child, []).append(face)
            for parent in sorted(held - set(self.parent[children].tolist())):
                uncovered.setdefault(parent, []).append(face)
        return Misfits(outside, uncovered)


@dataclass(frozen=True)
class Families:
    """Hold how often a family covers a face: its children less its parent."""

    face: Ints
    """The face."""
    parent: Ints
    """The parent of the family."""
    cover: Ints
    """Children less parent; 0 where they agree."""


@dataclass(frozen=True)
class Misfits:
    """Hold the faces where children and parents do not agree."""

    outside: dict[int, list[int]]
    """By child, the faces it covers and its parent does not."""
    uncovered: dict[int, list[int]]
    """By parent, the faces it covers and none of its children do."""


def guess_parents(children: Boundaries, parents: Boundaries) -> tuple[Ints, Floats]:
    """Find for each child in EPSG:4326 the parent that holds most of it, and which share of it that is.

    A child without ground, or outside every parent, has parent -1 and share 0; of two parents that hold as much of a
    child, the first is taken.

    Examples
    --------
    >>> best, share = guess_parents([shapely.box(0, 0, 2, 1)], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 4, 1)])
    >>> best.tolist(), share.round(2).tolist()
    ([0], [0.5])
    """
    young, old = (take_in(given, earth=Earth()) for given in (children, parents))
    best, share = np.full(len(children), -1, dtype=np.int64), np.zeros(len(children))
    child, parent = shapely.STRtree(old.polygons).query(young.polygons, predicate="intersects")
    whole = measure_many(young.polygons)[child].clip(min=np.finfo(np.float64).tiny)
    held = _measure_shared(young.polygons[child], old.polygons[parent]) / whole
    # Rounding makes equal shares of a tie comparable, so that order decides and not the last bit.
    order = np.lexsort((parent, -held.round(12), child))
    first = order[np.unique(child[order], return_index=True)[1]]
    first = first[held[first] > 0]
    rows = young.row[child[first]]
    best[rows], share[rows] = old.row[parent[first]], np.minimum(held[first], 1.0)
    return best, share


def _measure_shared(left: Shapes, right: Shapes) -> Floats:
    shapely.prepare(right)
    whole = shapely.covers(right, left)
    shared = np.array(left)
    shared[~whole] = shapely.intersection(left[~whole], right[~whole])
    return measure_many(shared)
