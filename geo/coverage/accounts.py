"""Keep account of what many pieces of ground do to boundaries, and carry all of it out and prove it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_CHAIN, Chain, add_chains, join_chains, make_chain, match_edges, weave_shape
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.drawings import Drawing
from geo.coverage.ledgers import LOSS
from geo.coverage.sheets import Sheet
from geo.coverage.tilings import Family, Signed, check_families, check_shapes


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
    expected: dict[int | None, list[Signed]] = field(default_factory=dict)
    """What each family, named by its parent, must gain or lose by its children less its parent."""
    _tracts: dict[int, NearTract] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """Give the sheet as it was, with all vertices."""
        return self.drawing.sheet

    def relate(self, ground: Tract, division: int) -> Relation:
        """Say how ground lies to a division."""
        if division not in self.drawing.near:
            return Relation.APART if self.sheet.shapes[division].is_empty else self._locate(ground, division)
        whole = self.find_tract(division)
        if not len(whole.near.find_near(ground.chain)):
            return self._locate(ground, division)
        return relate_ground(ground, whole)

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

    def expect(self, family: int | None, shape: BaseGeometry, sign: int) -> None:
        """Note that a family grows by a shape, or shrinks."""
        self.expected.setdefault(family, []).append((shape, sign))

    def close(self, given: Sheet) -> Mapping[int, BaseGeometry]:
        """Change every boundary and prove the outcome; give those unlike the ones first given."""
        before = self.sheet
        woven = {key: _weave(before.shapes[key], changes) for key, changes in sorted(self.changes.items())}
        check_families(self._list_families(woven))
        after = {**before.shapes, **woven}
        changed = {key: after[key] for key in sorted(after) if after[key] is not given.shapes.get(key)}
        check_shapes(changed, {key: self._measure_due(key) for key in woven})
        return changed

    def _measure_due(self, division: int) -> float:
        changes = (sign * ground.shape.area for ground, sign in self.changes[division])
        return fsum([self.sheet.shapes[division].area, *changes])

    def _list_families(self, woven: Mapping[int, BaseGeometry]) -> Iterable[Family]:
        """List the families of what changed, with what happened in each and what was meant to."""
        sums: dict[int | None, list[Signed]] = {}
        for key, shape in woven.items():
            families = [(self.sheet.find_home(key), 1)]
            if next(self.sheet.list_bounded(key), None) is not None:
                families.append((key, -1))
            for family, sign in families:
                sums.setdefault(family, []).extend([(shape, sign), (self.sheet.shapes[key], -sign)])
        for family in sorted(sums, key=lambda key: (key is not None, key or 0)):
            yield Family(family, tuple(sums[family]), tuple(self.expected.get(family, ())))


def _weave(shape: BaseGeometry, changes: Iterable[tuple[Tract, int]]) -> BaseGeometry:
    """Add ground to a boundary and take ground away, all at once."""
    signed = [ground.chain.reverse() if sign == LOSS else ground.chain for ground, sign in changes]
    sums = join_chains(signed)
    # pieces of one division that lie side by side have edges that answer each other
    sums = sums.select(~match_edges(sums, sums).against) if len(signed) > 1 else sums
    return weave_shape(add_chains(make_chain(shape), sums))
