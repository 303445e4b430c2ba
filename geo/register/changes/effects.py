"""Say what a change does: the facts that end, those that begin, and where the ground goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage import measure_area
from geo.register.changes.states import DivisionState
from geo.register.ground import digest_grounds
from geo.register.plan import Fact, Write


class End(NamedTuple):
    """Say that one thing holds of a division no longer."""

    fact: Fact
    """What kind of thing."""
    division: int
    """Of which division."""
    what: str
    """What tells it from others of its kind: the language, or scheme and version."""


@dataclass(frozen=True)
class MovedGround:
    """Say which ground went from one division to another."""

    ground: BaseGeometry
    """The ground, EPSG:4326, with the exact nodes it has in the register."""
    source: int | None
    """The division that lost it."""
    target: int | None
    """The division that gained it."""


@dataclass(frozen=True)
class Effect:
    """Hold the register before and after a change, as far as they differ."""

    before: Mapping[int, DivisionState]
    """The divisions that change or end, as they were."""
    after: Mapping[int, DivisionState]
    """The divisions that changed or began, as they are; keys below zero are new divisions."""
    predecessors: tuple[int, ...]
    """The divisions the change was done to."""
    successors: tuple[int, ...]
    """The divisions that came out of it."""
    resized: tuple[int, ...] = ()
    """The divisions, parties or not, that go on with another extent: a count of their people no longer holds."""
    moved: tuple[MovedGround, ...] = ()
    """The ground that changed hands."""

    @property
    def founded(self) -> tuple[int, ...]:
        """List the new divisions, the first founded first."""
        return tuple(sorted(self.after.keys() - self.before.keys(), reverse=True))

    @property
    def ended(self) -> tuple[int, ...]:
        """List the divisions that are no more."""
        return tuple(sorted(self.before.keys() - self.after.keys()))

    @property
    def moved_m2(self) -> float:
        """Measure the ground that changes hands, in square metres."""
        # what several lose at once is still one piece of ground
        grounds = {one.ground.wkb: one.ground for one in self.moved}
        return sum(measure_area(ground) for ground in grounds.values())

    def list_writes(self) -> tuple[Write, ...]:
        """List what begins, division by division, new ones after known ones."""
        order = (*sorted(key for key in self.after if key > 0), *self.founded)
        return tuple(write for key in order for write in _begin(self.before.get(key), self.after[key]))

    def list_ends(self) -> tuple[End, ...]:
        """List what ends without something of its kind to follow."""
        return tuple(end for key in sorted(self.before) for end in _end(self.before[key], self.after.get(key)))


def list_held(state: DivisionState) -> Iterator[Write]:
    """List everything that is said of a division."""
    yield from _begin(None, state)


def _begin(old: DivisionState | None, new: DivisionState) -> Iterator[Write]:
    key = new.id
    if old is None or (old.level, old.parent) != (new.level, new.parent):
        yield Write(Fact.STANDING, key, "", (new.level, new.parent))
    for fact, was, now in _list_tables(old, new):
        yield from (Write(fact, key, what, now[what]) for what in sorted(now) if was.get(what) != now[what])
    for fact, before, after in _list_grounds(old, new):
        if after is not None and not _is_same(before, after):
            yield Write(fact, key, digest_ground(after) if fact is Fact.BOUNDARY else "", after)


def _end(old: DivisionState, new: DivisionState | None) -> Iterator[End]:
    if new is None:
        yield End(Fact.STANDING, old.id, "")
    for fact, was, now in _list_tables(old, new):
        yield from (End(fact, old.id, what) for what in sorted(was.keys() - now.keys()))
    for fact, before, after in _list_grounds(old, new):
        if before is not None and after is None:
            yield End(fact, old.id, "")


Texts = Mapping[str, str]


def _list_tables(old: DivisionState | None, new: DivisionState | None) -> tuple[tuple[Fact, Texts, Texts], ...]:
    return (
        (Fact.CODE, old.codes if old else {}, new.codes if new else {}),
        (Fact.NAME, old.names if old else {}, new.names if new else {}),
    )


def _list_grounds(
    old: DivisionState | None, new: DivisionState | None
) -> tuple[tuple[Fact, BaseGeometry | None, BaseGeometry | None], ...]:
    return (
        (Fact.BOUNDARY, old.boundary if old else None, new.boundary if new else None),
        (Fact.POSITION, old.position if old else None, new.position if new else None),
    )


def _is_same(before: BaseGeometry | None, after: BaseGeometry) -> bool:
    return before is after or (before is not None and bool(shapely.equals_identical(before, after)))


def digest_ground(shape: BaseGeometry) -> str:
    """Digest a boundary as imports do, so that the same ground is known again."""
    return digest_grounds(np.array([shape], dtype=object))[0]
