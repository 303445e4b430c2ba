"""Play changes back over what imports brought, to see that they make the register what it is.

A history holds every fact with the days on which it holds, as the register knows them now. Applying an effect cuts
the facts it ends on its day and begins new ones; undoing a change puts back what stood before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, cast

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidPeriod
from geo.register.changes.effects import Effect, list_held
from geo.register.changes.orders import ChangeOrder
from geo.register.changes.problems import find_problem, refuse_change
from geo.register.changes.states import DivisionState, RegisterView
from geo.register.countries import CountryPack
from geo.register.periods import Period
from geo.register.plan import Fact, Write

Key = tuple[Fact, int, str]
"""What tells one thing said of a division from others: fact, division, and language or scheme."""


@dataclass(frozen=True)
class Holding:
    """Hold one value with the days on which it holds."""

    period: Period
    """The days."""
    value: object
    """The value: a text, a geometry, or level and parent."""

    def is_same(self, other: Holding) -> bool:
        """Tell whether both say the same of the same days."""
        if self.period != other.period:
            return False
        if isinstance(self.value, BaseGeometry) and isinstance(other.value, BaseGeometry):
            return bool(shapely.equals_identical(self.value, other.value))
        return bool(self.value == other.value)


class Image(NamedTuple):
    """Hold what was said of one thing around a change."""

    before: tuple[Holding, ...]
    """What was said before it."""
    after: tuple[Holding, ...]
    """What was said from it on."""


@dataclass
class History:
    """Hold all facts of a register by what they say, and how to take each change back."""

    facts: dict[Key, tuple[Holding, ...]] = field(default_factory=dict)
    """The periods of each fact, the earliest first."""
    images: dict[int, dict[Key, Image]] = field(default_factory=dict)
    """By change, what stood in its place before and what it put there."""
    last: dict[Key, int] = field(default_factory=dict)
    """By fact, the change that touched it last."""
    keys: dict[int, set[Key]] = field(default_factory=dict)
    """The facts of each division."""
    below: dict[int | None, set[int]] = field(default_factory=dict)
    """The divisions that ever stood under each."""

    def __post_init__(self) -> None:
        """Find the facts of each division."""
        for key, holdings in self.facts.items():
            self._index(key, holdings)

    def _index(self, key: Key, holdings: Iterable[Holding]) -> None:
        self.keys.setdefault(key[1], set()).add(key)
        for one in holdings if key[0] is Fact.STANDING else ():
            self.below.setdefault(cast(tuple[str, int | None], one.value)[1], set()).add(key[1])

    def lay_in(self, told: Mapping[Key, tuple[Holding, ...]], change: int = 0) -> None:
        """Lay facts in as they are told, in the place of what was there; 0 stands for what no change brought."""
        for key, holdings in told.items():
            self.facts[key] = holdings
            self.last[key] = change
            self._index(key, holdings)

    def apply(self, change: int, effect: Effect, day: date, *, ids: Mapping[int, int] | None = None) -> None:
        """Apply an effect from a day on; `ids` gives the lasting keys of new divisions.

        Raises ChangeRefused when facts that begin later stand in the way; the history is then as it was.
        """
        lasting = ids or {}
        begun = {_key_of(write, lasting): _value_of(write, lasting) for write in effect.list_writes()}
        ended = {(end.fact, end.division, end.what) for end in effect.list_ends()}
        ended |= {key for division in effect.ended for key in self.keys.get(division, ())}
        after = {key: self._begin(key, value, day) for key, value in begun.items()}
        after |= {key: _cut(self.facts.get(key, ()), day) for key in sorted(ended - begun.keys())}
        self._put(change, after)

    def _put(self, change: int, after: Mapping[Key, tuple[Holding, ...]]) -> None:
        self.images[change] = {key: Image(self.facts.get(key, ()), holdings) for key, holdings in after.items()}
        self.lay_in(after, change)

    def _begin(self, key: Key, value: object, day: date) -> tuple[Holding, ...]:
        known = self.facts.get(key, ())
        if any(one.period.start is not None and one.period.start > day for one in known):
            raise refuse_change(find_problem("later_facts", str(key[1]), division=key[1], day=str(day)))
        return (*_cut(known, day), Holding(Period(day, None), value))

    def undo(self, change: int, undone: int) -> None:
        """Take a change back: what stood before it stands again.

        Raises ChangeRefused when a later change has said otherwise of the same facts since.
        """
        image = self.images[undone]
        touched = {self.last[key] for key, one in image.items() if not _match(self.facts.get(key, ()), one.after)}
        if touched:
            changes = tuple(sorted(touched))
            raise refuse_change(find_problem("undo_later", str(undone), change=undone, changes=changes))
        self._put(change, {key: one.before for key, one in image.items()})

    def show(self, day: date, among: Iterable[int] | None = None) -> dict[int, DivisionState]:
        """Give the divisions that stand on a day, all or some, as they stand."""
        found: dict[int, DivisionState] = {}
        for division in sorted(self.keys if among is None else among):
            held = {key: self.find(key, day) for key in sorted(self.keys.get(division, ()))}
            standing = held.pop((Fact.STANDING, division, ""), None)
            if standing is not None:
                level, parent = cast(tuple[str, int | None], standing.value)
                found[division] = _fill(DivisionState(division, level, parent), held)
        return found

    def find(self, key: Key, day: date) -> Holding | None:
        """Find what a fact says on a day."""
        return next((one for one in self.facts.get(key, ()) if one.period.contains(day)), None)

    def list_above(self, divisions: Iterable[int], day: date) -> set[int]:
        """List divisions with all above them on a day."""
        return self._walk(set(divisions), day, self._list_parents)

    def list_below(self, divisions: Iterable[int], day: date) -> set[int]:
        """List divisions with all below them on a day."""
        return self._walk(set(divisions), day, self._list_children)

    def _walk(self, seeds: set[int], day: date, step: Callable[[int, date], Iterable[int]]) -> set[int]:
        found: set[int] = set()
        waiting = sorted(seeds)
        while waiting:
            division = waiting.pop()
            if division not in found:
                found.add(division)
                waiting.extend(step(division, day))
        return found

    def _list_parents(self, division: int, day: date) -> tuple[int, ...]:
        parent = self._find_parent(division, day)
        return () if parent is None else (parent,)

    def _list_children(self, division: int, day: date) -> tuple[int, ...]:
        return tuple(child for child in self.below.get(division, ()) if self._find_parent(child, day) == division)

    def _find_parent(self, division: int, day: date) -> int | None:
        standing = self.find((Fact.STANDING, division, ""), day)
        return None if standing is None else cast(tuple[str, int | None], standing.value)[1]

    def list_near(self, region: BaseGeometry, day: date) -> set[int]:
        """List the divisions whose boundary on a day comes near a region."""
        if region.is_empty:
            return set()
        drawn = [(key[1], self.find(key, day)) for key in self.facts if key[0] is Fact.BOUNDARY]
        frame = shapely.box(*region.bounds)
        return {key for key, one in drawn if one and shapely.intersects(frame, shapely.box(*one.value.bounds))}  # type: ignore[attr-defined]

    def list_differences(self, other: History) -> tuple[Key, ...]:
        """List the facts that two histories tell differently."""
        keys = {key for key, known in (*self.facts.items(), *other.facts.items()) if known}
        return tuple(sorted(key for key in keys if not _match(self.facts.get(key, ()), other.facts.get(key, ()))))


def look_around(history: History, order: ChangeOrder, references: Mapping[str, int], pack: CountryPack) -> RegisterView:
    """Show the part of a history that an order concerns, on the day it takes effect."""
    day, named = order.effective_on, set(references.values())
    above, below = history.list_above(named, day), history.list_below(named, day)
    moving = history.show(day, {references[word] for word in order.list_moving()})
    shapes = [state.boundary for state in moving.values() if state.boundary is not None]
    region = shapely.union_all([shapely.box(*shape.bounds) for shape in (*shapes, *order.list_drawn())])
    states = history.show(day, above | below | history.list_near(region, day))
    return RegisterView(pack, day, states, references)


def from_states(states: Iterable[DivisionState], start: date | None = None) -> History:
    """Begin a history with divisions that stand from a day on, or for ever."""
    writes = (write for state in states for write in list_held(state))
    return History({_key_of(write, {}): (Holding(Period(start), _value_of(write, {})),) for write in writes})


def _key_of(write: Write, ids: Mapping[int, int]) -> Key:
    what = write.what if write.fact in (Fact.CODE, Fact.NAME) else ""
    return write.fact, ids.get(write.division, write.division), what


def _value_of(write: Write, ids: Mapping[int, int]) -> object:
    if write.fact is not Fact.STANDING:
        return write.value
    level, parent = cast(tuple[str, int | None], write.value)
    return level, parent if parent is None else ids.get(parent, parent)


def _cut(known: tuple[Holding, ...], day: date) -> tuple[Holding, ...]:
    """End on a day what holds on it, and drop what would begin later; a period without a day is no period."""
    kept = [one for one in known if one.period.start is None or one.period.start < day]
    try:
        return tuple(
            replace(one, period=Period(one.period.start, day)) if one.period.contains(day) else one for one in kept
        )
    except InvalidPeriod:
        return tuple(one for one in kept if not one.period.contains(day))


def _match(ours: tuple[Holding, ...], theirs: tuple[Holding, ...]) -> bool:
    return len(ours) == len(theirs) and all(a.is_same(b) for a, b in zip(ours, theirs, strict=True))


def _fill(state: DivisionState, held: Mapping[Key, Holding | None]) -> DivisionState:
    """Say of a division what holds on the day."""
    known = {key: one.value for key, one in held.items() if one is not None}
    return replace(
        state,
        codes={what: str(value) for (fact, _, what), value in known.items() if fact is Fact.CODE},
        names={what: str(value) for (fact, _, what), value in known.items() if fact is Fact.NAME},
        boundary=cast(BaseGeometry | None, known.get((Fact.BOUNDARY, state.id, ""))),
        position=cast(Point | None, known.get((Fact.POSITION, state.id, ""))),
    )
