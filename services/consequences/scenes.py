"""Hold what every part of a ledger asks about: the session, the register, and the change laid beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from geo.register.changes import ChangeOrder, Effect
from geo.register.consequences import Book, Party, Shift, find_above, make_party
from services.queries import RegisterState


@dataclass(frozen=True)
class Scene:
    """Hold one change with the register around it."""

    session: Session
    """The session of the caller."""
    register: RegisterState
    """The register."""
    order: ChangeOrder
    """What is ordered."""
    effect: Effect
    """What it does."""
    book: Book
    """What is worked out from it."""

    @property
    def day(self) -> date:
        """Give the first day on which it holds."""
        return self.order.effective_on

    @cached_property
    def touched(self) -> tuple[int, ...]:
        """List the known divisions that gain, lose, end or come under another parent."""
        turn = self.book.turn
        found = {key for shift in self.book.shifts for key in (shift.source, shift.target) if key is not None}
        for key, old in self.effect.before.items():
            new = self.effect.after.get(key)
            if new is None or (new.level, new.parent) != (old.level, old.parent):
                found.add(key)
        return tuple(sorted(key for key in found if key in turn.before))

    def find_shift(self, division: int | None) -> Shift | None:
        """Find the shift with which a division, or what is filed for it, changes hands."""
        turn = self.book.turn
        for shift in self.book.lowest:
            source = find_above(turn.before, division, shift.levels)
            if source is not None and source == shift.source:
                heir = find_above(turn.after, division, shift.levels) if division in turn.after else shift.target
                if heir == shift.target and self._goes_whole(division, shift):
                    return shift
        return None

    def _goes_whole(self, division: int | None, shift: Shift) -> bool:
        """Tell whether a division is not merely the one that gives something up."""
        others = [one for one in self.book.lowest if one.source == shift.source]
        return division != shift.source or (division not in self.book.turn.after and len(others) == 1)

    def list_grounds(self) -> Iterator[tuple[int, Shift]]:
        """List the lowest shifts that are drawn, with their places in the order."""
        return ((place, shift) for place, shift in enumerate(self.book.lowest) if shift.ground is not None)


def covers(shift: Shift, column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any column of points
    """Say that a point lies on the ground of a shift, its edge included."""
    ground = func.ST_GeomFromWKB(shapely.to_wkb(shift.ground), 4326)
    return func.ST_Covers(ground, column)


def name_division(scene: Scene, division: int) -> Party:
    """Name a division that is in the scene."""
    turn = scene.book.turn
    return make_party(turn, turn.find_state(division))
