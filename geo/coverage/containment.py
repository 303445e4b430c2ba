"""Tell whether ground lies within a boundary, beside it or across it, from edges that are noded with each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, make_chain, match_edges
from geo.coverage.edges import Flags


class Relation(StrEnum):
    """Name how ground lies to a boundary."""

    WITHIN = "within"
    """All of it is inside."""
    APART = "apart"
    """None of it is inside."""
    ACROSS = "across"
    """Some of it is."""


@dataclass(frozen=True)
class Tract:
    """Hold a polygon or multipolygon beside its edges."""

    shape: BaseGeometry
    """The shape."""

    @cached_property
    def chain(self) -> Chain:
        """Give its directed edges."""
        return make_chain(self.shape)

    def covers(self, chain: Chain) -> Flags:
        """Tell for edges that do not cross the border whether they run inside."""
        shapely.prepare(self.shape)
        middles = chain.find_middles()
        return np.asarray(shapely.contains_xy(self.shape, middles[:, 0], middles[:, 1]), dtype=np.bool_)


def relate_ground(ground: Tract, whole: Tract) -> Relation:
    """Say how ground lies to a whole.

    Edges that both have say on which side both lie; each other edge is wholly inside or outside, so one point of it
    tells. No area is computed, so no sliver is too thin to be seen.
    """
    if not ground.chain.size or not whole.chain.size:
        return Relation.APART
    mine = match_edges(ground.chain, whole.chain)
    inner = whole.covers(ground.chain.select(mine.lone))
    around = whole.chain.select(whole.chain.find_near(ground.chain))
    outer = ground.covers(around.select(match_edges(around, ground.chain).lone))
    if outer.any():
        return Relation.ACROSS
    if inner.all() and not mine.against.any():
        return Relation.WITHIN
    return Relation.ACROSS if inner.any() or mine.along.any() else Relation.APART
