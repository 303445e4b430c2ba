"""Lay the register before a change beside the register after it, and find which ground and places change hands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.measures import measure_area
from geo.register.changes.effects import Effect
from geo.register.changes.states import DivisionState, RegisterView
from geo.register.countries import CountryPack

States = Mapping[int, DivisionState]

Levels = tuple[str, ...]
"""Levels that tile their parent together, and so trade ground among each other."""


@dataclass(frozen=True)
class Turn:
    """Hold the divisions that a change concerns, as they were and as they will be."""

    pack: CountryPack
    """The country's levels and schemes."""
    before: States
    """The divisions as they were, with those above, below and beside."""
    after: States
    """The same as they will be; keys below zero are new divisions."""

    @cached_property
    def groups(self) -> tuple[Levels, ...]:
        """List the levels with ground in groups that tile their parents together, parents first."""
        found: dict[str, Levels] = {}
        for partition in self.pack.partitions:
            for level in partition.levels:
                found.setdefault(level, tuple(partition.levels))
        drawn = [level.key for level in self.pack.levels if not level.is_place]
        return tuple(dict.fromkeys(found.get(level, (level,)) for level in drawn))

    @cached_property
    def parts(self) -> Mapping[int | None, tuple[int, ...]]:
        """List what stood directly under each division before."""
        found: dict[int | None, list[int]] = {}
        for key in sorted(self.before):
            found.setdefault(self.before[key].parent, []).append(key)
        return {parent: tuple(keys) for parent, keys in found.items()}

    def is_place(self, state: DivisionState) -> bool:
        """Tell whether a division is a place."""
        return self.pack.level(state.level).is_place

    def find_state(self, division: int) -> DivisionState:
        """Give a division as it will be, or as it was when it ends."""
        return self.after[division] if division in self.after else self.before[division]


@dataclass(frozen=True)
class Shift:
    """Say what one division loses to another that tiles the same parents."""

    levels: Levels
    """The levels that tile those parents together."""
    source: int | None
    """The division that loses; None where nobody held the ground."""
    target: int | None
    """The division that gains; None where nobody holds it afterwards."""
    ground: BaseGeometry | None = None
    """The ground, EPSG:4326; None where the register draws none."""
    area_m2: float | None = None
    """Its geodesic area."""
    held_m2: float = 0.0
    """Of the area, what the one who gains had already, so that its own ground grows by less."""


def make_turn(view: RegisterView, effect: Effect) -> Turn:
    """Lay an effect beside the register it would change."""
    ended = set(effect.ended)
    after = {key: state for key, state in view.divisions.items() if key not in ended}
    return Turn(view.pack, view.divisions, {**after, **effect.after})


def find_above(states: States, division: int | None, levels: Collection[str]) -> int | None:
    """Find the division of some levels that one is or stands under; a circle of parents is walked once."""
    seen: set[int] = set()
    while division is not None and division in states and division not in seen:
        if states[division].level in levels:
            return division
        seen.add(division)
        division = states[division].parent
    return None


def find_shifts(turn: Turn) -> tuple[Shift, ...]:
    """Find what changes hands, the highest levels first, then by key."""
    found: list[Shift] = []
    for levels in turn.groups:
        drawn = _find_drawn(turn, levels)
        known = {(shift.source, shift.target) for shift in drawn}
        undrawn = [Shift(levels, *pair) for pair in _find_undrawn(turn, levels) if pair not in known]
        found += sorted((*drawn, *undrawn), key=_order)
    return tuple(found)


def _order(shift: Shift) -> tuple[bool, int, bool, int]:
    # known divisions by key, then new ones in the order in which they are founded
    source, target = shift.source or 0, shift.target or 0
    return shift.source is None, source, target < 0, abs(target)


def _find_drawn(turn: Turn, levels: Levels) -> list[Shift]:
    """Cut the ground that some divisions lose by the ground that others gain."""
    losing = _list_redrawn(turn.before, turn.after, levels)
    gaining = _list_redrawn(turn.after, turn.before, levels)
    # what each has had all along, and then what it has been given
    had = {key: [ground] for key, ground in losing.items()}
    shifts = []
    for source, old in losing.items():
        gone = old if source not in gaining else shapely.difference(old, gaining[source])
        for target, new in gaining.items():
            if target != source:
                shifts.append(_pass(turn, levels, (source, target), ground=shapely.intersection(gone, new), had=had))
        left = shapely.difference(gone, shapely.union_all(list(gaining.values()))) if gaining else gone
        for target, kept in _list_kept(turn, levels, left, passed=losing.keys() | gaining.keys()):
            shifts.append(
                _pass(turn, levels, (source, target), ground=shapely.intersection(left, kept), had={target: [kept]})
            )
            left = shapely.difference(left, kept)
        shifts.append(_cut(turn, levels, (source, None), left))
    held = shapely.union_all(list(losing.values())) if losing else shapely.Polygon()
    shifts += [_cut(turn, levels, (None, target), shapely.difference(new, held)) for target, new in gaining.items()]
    return [shift for shift in shifts if shift is not None]


def _pass(
    turn: Turn, levels: Levels, pair: tuple[int, int], *, ground: BaseGeometry, had: dict[int, list[BaseGeometry]]
) -> Shift | None:
    """Let ground pass from one division to another, which may have had some of it, as overlaps are had."""
    shift = _cut(turn, levels, pair, ground)
    if shift is None:
        return None
    before = had.setdefault(pair[1], [])
    held = _cut(turn, levels, pair, shapely.union_all([shapely.intersection(ground, one) for one in before]))
    before.append(ground)
    return shift if held is None else replace(shift, held_m2=held.area_m2 or 0.0)


def _list_kept(
    turn: Turn, levels: Levels, ground: BaseGeometry, *, passed: Collection[int]
) -> Iterator[tuple[int, BaseGeometry]]:
    """List the divisions that have some of the ground before and after, and are not drawn otherwise."""
    if ground.is_empty or ground.area == 0:
        return
    for key, state in sorted(turn.after.items()):
        kept = state.boundary if state.level in levels and key not in passed else None
        if kept is not None and shapely.intersects(kept, ground):
            yield key, kept


def _list_redrawn(ours: States, theirs: States, levels: Levels) -> dict[int, BaseGeometry]:
    """List the ground of divisions that the other side draws otherwise or not at all."""
    found = {}
    for key, state in sorted(ours.items()):
        other = theirs.get(key)
        if state.level not in levels or state.boundary is None or (other is state):
            continue
        is_kept = other is not None and other.level in levels and other.boundary is not None
        if not (is_kept and shapely.equals_identical(other.boundary, state.boundary)):  # type: ignore[union-attr]
            found[key] = state.boundary
    return found


def _cut(turn: Turn, levels: Levels, pair: tuple[int | None, int | None], ground: BaseGeometry) -> Shift | None:
    """Keep the polygons of a cut, unless they are no more than what the audit passes over."""
    polygons = [part for part in shapely.get_parts(ground, return_index=False) if part.area > 0]
    if not polygons:
        return None
    kept = shapely.MultiPolygon([part for part in polygons if part.geom_type == "Polygon"])
    area_m2 = measure_area(kept)
    if area_m2 < turn.pack.tolerances.report_area_m2:
        return None
    return Shift(levels, *pair, kept, round(area_m2, 6))


def _find_undrawn(turn: Turn, levels: Levels) -> list[tuple[int, int]]:
    """Find between which divisions others below move, where no ground tells."""
    pairs = set()
    for key, state in turn.before.items():
        if key in turn.after and (turn.after[key] is not state or turn.is_place(state)):
            source, target = find_above(turn.before, key, levels), find_above(turn.after, key, levels)
            if source is not None and target is not None and source != target:
                pairs.add((source, target))
    return sorted(pairs)


def list_inside(turn: Turn, shift: Shift) -> tuple[int, ...]:
    """List what goes whole from the one division to the other: the highest that do, not what stands under them."""
    found: list[int] = []
    waiting = [shift.source] if shift.source is not None else []
    seen: set[int] = set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if key != shift.source and key in turn.after and find_above(turn.after, key, shift.levels) == shift.target:
            found.append(key)
        else:
            waiting += turn.parts.get(key, ())
    return tuple(sorted(found))
