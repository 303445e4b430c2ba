"""Find which faces cannot be settled independently of each other: they overlap, or have an edge in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import Ints, Shapes

NEAR = 2e-8
"""Nearer than this, in degrees, two lines are one: two millimetres, as for the audit."""


class ConflictKind(StrEnum):
    """Name how two faces stand in each other's way."""

    OVERLAP = "overlap"
    """They have ground in common."""
    BOUNDARY = "boundary"
    """They have a stretch of boundary in common."""


@dataclass(frozen=True)
class Conflict:
    """Hold two faces of which one cannot be settled without the other."""

    first: int
    """The place of one among the faces given."""
    second: int
    """The place of the other."""
    kind: ConflictKind
    """How they stand in each other's way."""
    common: BaseGeometry
    """The ground or the stretch of boundary they have in common."""


def find_conflicts(faces: Sequence[BaseGeometry]) -> tuple[Conflict, ...]:
    """Find the pairs of faces that overlap or have an edge in common; faces that touch in a point are independent.

    Lines are taken as well: what a dispute without ground is about.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), shapely.box(3, 0, 4, 1), shapely.box(4, 1, 5, 2)]
    >>> [(one.first, one.second, one.kind.value) for one in find_conflicts(boxes)]
    [(0, 1, 'overlap'), (1, 2, 'boundary')]
    """
    shapes = np.array([_prepare(face) for face in faces], dtype=object)
    first, second = _list_near(shapes)
    return tuple(
        found for pair in zip(first.tolist(), second.tolist(), strict=True) if (found := _relate(shapes, *pair))
    )


def _prepare(face: BaseGeometry) -> BaseGeometry:
    """Mend a face that is not valid, as drawn ones may not be: only what it has in common is asked."""
    return face if face.is_valid else shapely.make_valid(face)


def _list_near(shapes: Shapes) -> tuple[Ints, Ints]:
    """List the pairs of faces whose boxes meet, each once."""
    low, high = np.hsplit(shapely.bounds(shapes), 2)
    boxes = np.asarray(shapely.box(*(low - NEAR).T, *(high + NEAR).T))
    first, second = shapely.STRtree(boxes).query(boxes)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return first[first < second], second[first < second]


def _relate(shapes: np.ndarray[tuple[int, ...], np.dtype[np.object_]], first: int, second: int) -> Conflict | None:
    common = shapely.intersection(shapes[first], shapes[second])
    ground = _keep(common, 2)
    if not ground.is_empty:
        return Conflict(first, second, ConflictKind.OVERLAP, ground)
    line = _keep(common, 1)
    if not line.is_empty and shapely.length(line) > NEAR:
        return Conflict(first, second, ConflictKind.BOUNDARY, line)
    return None


def _keep(shape: BaseGeometry, dimension: int) -> BaseGeometry:
    """Keep the polygons, or the lines, of a shape."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
