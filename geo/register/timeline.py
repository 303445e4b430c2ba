"""Tell what happened from the periods of facts: what began, what ended, and what took the place of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from geo.register.periods import Period


class Aspect(StrEnum):
    """Name what of a division a fact is about, in the order in which it is told."""

    LEVEL = "level"
    """Which level it is of; its first beginning is the division's own."""
    PARENT = "parent"
    """Under which division it stands."""
    NAME = "name"
    """Its official name in one language."""
    VARIANT = "variant"
    """Another name in one language."""
    CODE = "code"
    """Its code in one version of one scheme."""
    BOUNDARY = "boundary"
    """Its ground."""
    POSITION = "position"
    """Its point or centre."""


ORDER = {aspect: number for number, aspect in enumerate(Aspect)}


@dataclass(frozen=True)
class FactSpan:
    """Hold one fact of a division with its period."""

    division: int
    """The division."""
    aspect: Aspect
    """What it is about."""
    what: str
    """Which of several: the language of a name, `scheme/version` of a code; else empty."""
    value: str
    """What is said."""
    period: Period
    """When it holds."""
    change: int | None = None
    """The change that brought it, if one did."""
    source: int | None = None
    """The import that brought it, if one did."""
    area_m2: float | None = None
    """The area, of a boundary."""


@dataclass(frozen=True)
class Event:
    """Hold one thing that happened to a division on a day."""

    day: date
    """The first day on which it is so."""
    division: int
    """The division."""
    aspect: Aspect
    """What it is about."""
    what: str
    """Which of several."""
    before: FactSpan | None
    """What held until then; None for a beginning."""
    after: FactSpan | None
    """What holds from then on; None for an end."""

    @property
    def kind(self) -> str:
        """Say whether something was `begun`, `ended` or `changed`."""
        if self.before is None:
            return "begun"
        return "ended" if self.after is None else "changed"

    @property
    def change(self) -> int | None:
        """Give the change that brought it; an end by itself says none."""
        return self.after.change if self.after is not None else None

    @property
    def source(self) -> int | None:
        """Give the import that brought it; an end by itself says none."""
        return self.after.source if self.after is not None else None


def list_events(facts: Iterable[FactSpan], window: Period | None = None) -> tuple[Event, ...]:
    """List what happened, by day, division and aspect; with a window, only on its days.

    Where one fact ends on the very day that the next of its kind begins, the one was changed into the other; two that
    say the same are one. What held since before anything known has no beginning.
    """
    told = sorted(facts, key=_find_order)
    events = [event for _, group in groupby(told, key=_find_group) for event in _pair(list(group))]
    chosen = [event for event in events if window is None or window.contains(event.day)]
    return tuple(sorted(chosen, key=lambda one: (one.day, one.division, ORDER[one.aspect], one.what, one.kind)))


def _find_group(fact: FactSpan) -> tuple[int, int, str, str]:
    # several variants hold at once, so each is its own row of periods
    own = fact.value if fact.aspect is Aspect.VARIANT else ""
    return fact.division, ORDER[fact.aspect], fact.what, own


def _find_order(fact: FactSpan) -> tuple[tuple[int, int, str, str], date]:
    return _find_group(fact), fact.period.start or date.min


def _pair(facts: list[FactSpan]) -> Iterator[Event]:
    """Walk along the facts of one kind, which never overlap."""
    before: FactSpan | None = None
    for fact in facts:
        if before is not None and before.period.meets(fact.period):
            if before.value != fact.value and fact.period.start is not None:
                yield Event(fact.period.start, fact.division, fact.aspect, fact.what, before, fact)
        else:
            yield from _end(before)
            if fact.period.start is not None:
                yield Event(fact.period.start, fact.division, fact.aspect, fact.what, None, fact)
        before = fact
    yield from _end(before)


def _end(fact: FactSpan | None) -> Iterator[Event]:
    if fact is not None and fact.period.end is not None:
        yield Event(fact.period.end, fact.division, fact.aspect, fact.what, fact, None)


def is_created(events: Iterable[Event]) -> bool:
    """Tell whether a division began with these events of one day."""
    return any(event.aspect is Aspect.LEVEL and event.kind == "begun" for event in events)


def is_abolished(events: Iterable[Event]) -> bool:
    """Tell whether a division ended with these events of one day."""
    return any(event.aspect is Aspect.LEVEL and event.kind == "ended" for event in events)
