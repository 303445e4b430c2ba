"""Keep account of what many pieces of ground do to boundaries, and carry all of it out and prove it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_CHAIN, Chain, join_chains, match_edges
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.drawings import Drawing
from geo.coverage.ledgers import LOSS
from geo.coverage.sheets import Sheet
from geo.coverage.splices import add_edges, splice_shape
from geo.coverage.tilings import check_shapes, find_broken
from geo.coverage.trials import Trial
from geo.errors import GroundNotExact, because


@dataclass(frozen=True)
class NearTract(Tract):
    """Hold a boundary beside those of its edges that come near the ground somebody works on."""

    near: Chain
    """The edges."""

    @property
    def chain(self) -> Chain:
        """Give the edges that count here."""
        return self.near


@dataclass
class Account:
    """Keep what each division gains and loses; nothing changes before it is closed."""

    drawing: Drawing
    """The sheet with all vertices that the ground needs."""
    changes: dict[int, list[tuple[Tract, int]]] = field(default_factory=dict)
    """What each division gains, 1, or loses, -1."""
    expected: dict[int | None, list[tuple[Tract, int]]] = field(default_factory=dict)
    """What each family, named by its parent, must gain or lose by its children less its parent."""
    _tracts: dict[int, NearTract] = field(default_factory=dict)
    _asked: Tract | None = None
    _known: dict[int, Relation] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """Give the sheet as it was, with all vertices."""
        return self.drawing.sheet

    def relate(self, ground: Tract, division: int) -> Relation:
        """Say how ground lies to a division; it is asked more than once, and found once."""
        if self._asked is not ground:
            self._asked, self._known = ground, {}
        if division not in self._known:
            self._known[division] = self._relate(ground, division)
        return self._known[division]

    def _relate(self, ground: Tract, division: int) -> Relation:
        if division not in self.drawing.near:
            return Relation.APART if self.sheet.shapes[division].is_empty else self._locate(ground, division)
        whole = self.find_tract(division)
        near = whole.near.find_near(ground.chain)
        if not len(near):
            return self._locate(ground, division)
        return relate_ground(ground, NearTract(whole.shape, whole.near.select(near)))

    def find_tract(self, division: int) -> NearTract:
        """Give a boundary with its edges near the ground; it is prepared once for many questions."""
        if division not in self._tracts:
            near = self.drawing.near.get(division, NO_CHAIN)
            self._tracts[division] = NearTract(self.sheet.shapes[division], near)
        return self._tracts[division]

    def _locate(self, ground: Tract, division: int) -> Relation:
        """Say whether ground that no edge of a division comes near lies in it: any spot of it tells."""
        inside = self.find_tract(division).covers(ground.chain.select(np.array([0])))
        return Relation.WITHIN if inside.all() else Relation.APART

    def change(self, division: int, ground: Tract, sign: int) -> None:
        """Note that a division gains ground or loses it."""
        self.changes.setdefault(division, []).append((ground, sign))

    def expect(self, family: int | None, ground: Tract, sign: int) -> None:
        """Note that a family grows by some ground, or shrinks."""
        self.expected.setdefault(family, []).append((ground, sign))

    def close(self, given: Sheet) -> Mapping[int, BaseGeometry]:
        """Change every boundary and prove the outcome; give those unlike the ones first given."""
        woven = {key: splice_shape(self.sheet.shapes[key], self._sum(key)) for key in sorted(self.changes)}
        due = {key: self._measure_due(key) for key in woven}
        broken = find_broken(woven, due)
        woven |= {key: add_edges(self.sheet.shapes[key], self._sum(key)) for key in broken}
        self._check_families(woven)
        after = {**self.sheet.shapes, **woven}
        changed = {key: after[key] for key in sorted(after) if after[key] is not given.shapes.get(key)}
        # the others are checked already
        check_shapes({key: shape for key, shape in changed.items() if key not in woven or key in broken}, due)
        return changed

    def _sum(self, division: int) -> Chain:
        """Sum what a division gains and loses."""
        signed = [ground.chain.reverse() if sign == LOSS else ground.chain for ground, sign in self.changes[division]]
        sums = join_chains(signed)
        # pieces of one division that lie side by side have edges that answer each other
        return sums.select(~match_edges(sums, sums).against) if len(signed) > 1 else sums

    def _measure_due(self, division: int) -> float:
        changes = (sign * ground.shape.area for ground, sign in self.changes[division])
        return fsum([self.sheet.shapes[division].area, *changes])

    def _check_families(self, woven: Mapping[int, BaseGeometry]) -> None:
        """Hold what happened in each family against what was meant to, edge by edge near the ground."""
        windows, trial = self.drawing.windows, Trial()
        assert windows is not None
        after = Sheet(woven, {}, {}).cut_edges(windows)
        for key, shape in woven.items():
            near = self.find_tract(key).near, after.get(key, NO_CHAIN)
            # what is far from the ground must be all there still
            if _count_edges(self.sheet.shapes[key]) - near[0].size != _count_edges(shape) - near[1].size:
                raise GroundNotExact(reason=because("ground_shape"), divisions=(key,))
            families = [(self.sheet.find_home(key), 1)]
            if next(self.sheet.list_bounded(key), None) is not None:
                families.append((key, -1))
            for family, sign in families:
                trial.add(family, near[1], sign)
                trial.add(family, near[0], -sign)
        for family in trial.families:
            for ground, sign in self.expected.get(family, ()):
                trial.add(family, ground.chain, -sign)
        trial.check()


def _count_edges(shape: BaseGeometry) -> int:
    rings = shapely.get_num_interior_rings(shapely.get_parts(shape)) + 1
    return 0 if shape.is_empty else int(shapely.get_num_coordinates(shape) - rings.sum())
