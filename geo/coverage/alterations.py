"""Find where boundaries have moved, as boxes around the edges that are not what they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, join_chains, make_chain, match_edges, number_edges
from geo.coverage.edges import Floats
from geo.coverage.intake import take_in
from geo.coverage.measures import Earth

_NO_BOXES: Floats = np.empty((0, 4))


@dataclass(frozen=True)
class Former:
    """Hold what a division was before it changed."""

    boundary: BaseGeometry | None
    """Its boundary; None where it had none or was not there."""
    parent: str | None = None
    """The key of the division it stood under."""


def list_moved(former: Mapping[str, Former], now: Mapping[str, BaseGeometry | None]) -> Floats:
    """List boxes that hold all ground whose owners have changed, and every edge that has come or gone."""
    boxes = [_find_moved(former[key].boundary, now.get(key)) for key in sorted(former)]
    return np.concatenate([_NO_BOXES, *boxes])


def _find_moved(old: BaseGeometry | None, new: BaseGeometry | None) -> Floats:
    """Give a box for each chain of edges that one of two boundaries has alone."""
    intakes = [take_in([shape], earth=Earth()) for shape in (old, new)]
    if any(intake.faults for intake in intakes if len(intake.given)):
        # A broken boundary is taken as a whole: what its rings enclose may change anywhere.
        return _drop_endless(shapely.bounds(np.array([shape for shape in (old, new) if shape], dtype=object)))
    chains = [make_chain(shape) for intake in intakes for shape in intake.polygons]
    if len(chains) == 2:
        chains = [one.select(~match_edges(one, other).along) for one, other in (chains, chains[::-1])]
    return _box_components(join_chains(chains))


def _drop_endless(boxes: Floats) -> Floats:
    return np.asarray(boxes[np.isfinite(boxes).all(axis=1)])


def _box_components(chain: Chain) -> Floats:
    """Give the box of each connected part of a chain."""
    if not chain.size:
        return _NO_BOXES
    start, end = number_edges([chain])
    size = int(max(start.max(), end.max())) + 1
    links = coo_matrix((np.ones(chain.size), (start, end)), shape=(size, size))
    part = connected_components(links, directed=False)[1][start]
    order = np.argsort(part, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(part[order]) > 0])
    low = np.minimum.reduceat(np.minimum(chain.tail, chain.head)[order], first)
    return np.concatenate([low, np.maximum.reduceat(np.maximum(chain.tail, chain.head)[order], first)], axis=1)
