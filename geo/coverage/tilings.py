"""Prove that boundaries tile their parents after a move exactly where they did before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import cut_edges
from geo.coverage.residual import Layer, find_residual
from geo.errors import GroundNotExact, because

Signed = tuple[BaseGeometry, int]
"""A shape and how often it counts, 1 or -1."""

_LEAST_SHARE = 1e-12


@dataclass(frozen=True)
class Family:
    """Hold what happened to a division and those directly below it, or to those nobody is above."""

    parent: int | None
    """The division, or None for those at the top."""
    shapes: tuple[Signed, ...]
    """The boundaries that changed or came: children after +1 and before -1, the parent the other way round."""
    expected: tuple[Signed, ...]
    """The ground by which the family is meant to have grown."""


def check_family(family: Family) -> None:
    """Refuse a family whose edges that no other answers are not those it had, but for what is expected."""
    sums = (*family.shapes, *((ground, -sign) for ground, sign in family.expected))
    if not is_balanced(sums):
        divisions = () if family.parent is None else (family.parent,)
        raise GroundNotExact(reason=because("ground_tiling"), divisions=divisions)


def is_balanced(sums: Iterable[Signed]) -> bool:
    """Tell whether every edge of some shapes is answered by another."""
    held = [(shape, sign) for shape, sign in sums if not shape.is_empty]
    layers = []
    for sign in (1, -1):
        shapes = np.array([shape for shape, weight in held if weight == sign], dtype=object)
        if len(shapes):
            layers.append(Layer(cut_edges(shapes), sign))
    return all(len(edges) == 0 for edges in find_residual(layers)) if layers else True


def check_shapes(shapes: Mapping[int, BaseGeometry], areas: Mapping[int, float]) -> None:
    """Refuse shapes that are not valid, or whose plane area is not the one they must have where that is given."""
    broken = find_broken(shapes, areas)
    if broken:
        raise GroundNotExact(reason=because("ground_shape"), divisions=broken)


def find_broken(shapes: Mapping[int, BaseGeometry], areas: Mapping[int, float]) -> tuple[int, ...]:
    """Find the shapes that are not valid, or have not the plane area they must have."""
    keys = sorted(shapes)
    rows = np.array([shapes[key] for key in keys], dtype=object)
    size = shapely.area(rows)
    due = np.array([areas.get(key, float(size[row])) for row, key in enumerate(keys)])
    reach = np.abs(np.nan_to_num(shapely.bounds(rows))).reshape(-1, 4).max(axis=1)
    allowed = _LEAST_SHARE * np.maximum(np.abs(due), reach * shapely.length(rows))
    # who gave up everything has no size of its own left to measure rounding by, but those who took it have
    allowed = np.where(shapely.is_empty(rows), allowed.max(initial=0.0), allowed)
    wrong = ~shapely.is_valid(rows) | (np.abs(size - due) > allowed)
    return tuple(keys[row] for row in np.flatnonzero(wrong).tolist())
