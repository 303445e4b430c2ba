"""Ask of a coverage how often it covers each face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np

from geo.coverage.edges import Edges, Floats, Ints, Shapes, cut_edges, measure_plane
from geo.coverage.faces import Doubt, Faces
from geo.coverage.labels import Ground
from geo.coverage.residual import Layer


@dataclass(frozen=True)
class Cover:
    """Hold the polygons of one coverage."""

    polygons: Shapes
    """Valid polygons and multipolygons."""

    @cached_property
    def ground(self) -> Ground:
        """Give the polygons that may own a face."""
        return Ground(self.polygons)

    @cached_property
    def edges(self) -> Edges:
        """Cut the polygons into edges under the usual keys."""
        return cut_edges(self.polygons)

    @cached_property
    def areas(self) -> Floats:
        """Measure the polygons in their own units."""
        return measure_plane(self.polygons)

    def find_edges(self, seed: int) -> Edges:
        """Cut the polygons into edges under the keys of a seed."""
        return cut_edges(self.polygons, seed=seed) if seed else self.edges

    def list_layers(self, seed: int) -> Sequence[Layer]:
        """Let every polygon count once."""
        return [Layer(self.find_edges(seed))]

    def find_doubt(self, faces: Faces) -> Doubt:
        """Doubt the faces that several polygons cover: where one of them ends, another must begin."""
        return Doubt(self.count_cover(faces) >= 2, np.zeros(faces.count, dtype=np.bool_))

    def count_cover(self, faces: Faces) -> Ints:
        """Count the polygons that cover each face."""
        return np.bincount(faces.owners.face, minlength=faces.count)

    def find_difference(self, faces: Faces, areas: Floats) -> float:
        """Hold the sum over faces of cover times area against the sum of the polygons' areas."""
        return abs(fsum(areas * self.count_cover(faces)) - fsum(self.areas))

    def group_overlaps(self, faces: Faces) -> dict[tuple[int, ...], list[int]]:
        """List the faces that several polygons cover, by their owners."""
        groups: dict[tuple[int, ...], list[int]] = {}
        many = self.count_cover(faces) >= 2
        for face, owners in enumerate(faces.owners.find_sets(faces.count)):
            if many[face]:
                groups.setdefault(owners, []).append(face)
        return groups

    def list_gaps(self, faces: Faces) -> Ints:
        """List the faces that no polygon covers; what lies beyond the outer border is no face."""
        empty = self.count_cover(faces) == 0
        # What nobody could tell is no evidence of a gap; it revokes the certificate instead.
        empty[faces.owners.undecided] = False
        return np.flatnonzero(empty)
