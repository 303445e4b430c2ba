"""Keep account of ground that goes from division to division, and prove at the end that it went as it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_GROUND, add_chains, weave_shape
from geo.coverage.containment import Tract
from geo.coverage.sheets import Sheet
from geo.coverage.tilings import Family, Signed, check_family, check_shapes

LOSS, GAIN = -1, 1


@dataclass
class Ledger:
    """Keep the sheet as it is after each change, and what every family is meant to have become."""

    sheet: Sheet
    """The sheet as it is now."""
    touched: set[int] = field(default_factory=set)
    """The divisions that gained or lost ground."""
    areas: dict[int, float] = field(default_factory=dict)
    """The plane area each of them must have now."""
    rehomed: set[int] = field(default_factory=set)
    """The divisions that came under another parent."""
    expected: dict[int | None, list[Signed]] = field(default_factory=dict)
    """What each family, named by its parent, must have gained or lost by its children less its parent."""

    def change(self, key: int, ground: Tract, sign: int) -> None:
        """Add ground to a division or take it away."""
        old = self.sheet.shapes.get(key, NO_GROUND)
        chain = ground.chain if sign == GAIN else ground.chain.reverse()
        self.areas[key] = self.areas.get(key, old.area) + sign * ground.shape.area
        self.sheet = self.sheet.with_shapes({key: weave_shape(add_chains(Tract(old).chain, chain))})
        self.touched.add(key)

    def expect(self, family: int | None, shape: BaseGeometry, sign: int) -> None:
        """Note that a family grows by a shape, or shrinks."""
        self.expected.setdefault(family, []).append((shape, sign))

    def weigh(
        self, losers: Sequence[int], gainers: Sequence[int], *, leaves: Sequence[int | None] = ()
    ) -> dict[int | None, int]:
        """Give the families whose children would gain more, or less, than their parent, and how much."""
        weights: Counter[int | None] = Counter()
        # A new division has a boundary from now on, so what is above it is looked for among the new as well.
        grown = self.sheet.with_shapes({key: self.sheet.shapes.get(key, NO_GROUND) for key in gainers})
        for keys, sign in ((losers, LOSS), (gainers, GAIN)):
            for key in keys:
                weights[grown.find_home(key)] += sign
                weights[key] -= 0 if key in leaves else sign
        return {family: weights[family] for family in sorted(weights, key=_rank) if weights[family]}

    def close(self, before: Sheet, given: Sheet) -> Mapping[int, BaseGeometry]:
        """Prove what was done since a sheet with the same vertices; give the boundaries unlike those first given."""
        self._check_families(before)
        after = {key: shape for key, shape in sorted(self.sheet.shapes.items()) if shape is not given.shapes.get(key)}
        check_shapes(after, self.areas)
        return after

    def _check_families(self, before: Sheet) -> None:
        """Hold every family that something happened to against what is expected of it."""
        sums: dict[int | None, list[Signed]] = {}
        for key in sorted(self.touched | self.rehomed):
            for sheet, sign in ((self.sheet, 1), (before, -1)):
                shape = sheet.shapes.get(key, NO_GROUND)
                sums.setdefault(sheet.find_home(key), []).append((shape, sign))
                if any(next(some.list_bounded(key), None) is not None for some in (before, self.sheet)):
                    sums.setdefault(key, []).append((shape, -sign))
        for family in sorted(sums, key=_rank):
            check_family(Family(family, tuple(sums[family]), tuple(self.expected.get(family, ()))))


def _rank(key: int | None) -> tuple[bool, int]:
    return key is not None, key or 0
