"""Name the divisions that a history speaks of, each as it stood on the day it is spoken of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from geo.register.timeline import Aspect, Event, FactSpan
from services.lookups import NUL, get_coded, list_matching
from services.queries import RegisterState, is_current
from services.register.causes import ChangeRecord, DecreeLine, list_endings, load_sources
from services.tables.register import Code, Standing

Spoken = tuple[int, date]
"""A division and the day it is spoken of."""


@dataclass(frozen=True)
class ChangeLine:
    """Tell an applied change with its decree and parties, named as they stood just before and on its first day."""

    id: int
    """The key of the change."""
    kind: str
    """Its kind."""
    effective_on: date
    """The first day on which it holds."""
    decree: DecreeLine
    """The decree that orders it."""
    predecessors: tuple[Division, ...]
    """The divisions that went into it, by level and code."""
    successors: tuple[Division, ...]
    """The divisions that came out of it, by level and code."""


@dataclass(frozen=True)
class EventLine:
    """Tell one thing that happened to a division on a day."""

    day: date
    """The first day on which it is so."""
    division: Division
    """The division, as it stood on that day, or on the day before where it ended."""
    aspect: str
    """What it is about."""
    what: str
    """Which of several: a language, or `scheme/version`."""
    kind: str
    """Whether it was `begun`, `ended` or `changed`."""
    before: str
    """What was said until then; empty for a beginning."""
    after: str
    """What is said from then on; empty for an end."""
    parent_before: Division | None
    """The division it stood under until then, of a parent."""
    parent_after: Division | None
    """The division it stands under from then on, of a parent."""
    area_before_m2: float | None
    """The area until then, of a boundary."""
    area_after_m2: float | None
    """The area from then on, of a boundary."""
    change: int | None
    """The change that brought it, if one did."""
    source: str
    """The file that brought it, if one did."""


def label_changes(session: Session, register: RegisterState, changes: Iterable[ChangeRecord]) -> tuple[ChangeLine, ...]:
    """Tell changes with the names of their parties."""
    told = list(changes)
    before = {(key, _eve(one.effective_on)) for one in told for key in one.predecessors}
    after = {(key, one.effective_on) for one in told for key in one.successors}
    known = load_labels(session, register, before | after)

    def name(keys: frozenset[int], day: date) -> tuple[Division, ...]:
        found = [known[key, day] for key in keys if (key, day) in known]
        return tuple(sorted(found, key=lambda one: (register.pack.level(one.level).rank, one.code, one.id)))

    return tuple(
        ChangeLine(
            one.id,
            one.kind,
            one.effective_on,
            one.decree,
            name(one.predecessors, _eve(one.effective_on)),
            name(one.successors, one.effective_on),
        )
        for one in told
    )


def label_events(
    session: Session, register: RegisterState, events: Iterable[Event], changes: Iterable[ChangeRecord]
) -> tuple[EventLine, ...]:
    """Tell events with the names of their divisions and parents, and with what brought them."""
    told = list(events)
    sources = load_sources(session, {event.source for event in told if event.source is not None})
    endings = list_endings(changes)
    spoken = {one for event in told for one in _list_spoken(event)}
    known = load_labels(session, register, spoken)
    lines = [_to_line(event, known, sources) for event in told if (event.division, _find_day(event)) in known]
    return tuple(
        replace(line, change=endings.get((line.division.id, line.day))) if line.kind == "ended" else line
        for line in lines
    )


def _to_line(event: Event, known: dict[Spoken, Division], sources: dict[int, str]) -> EventLine:
    was = _find_parent(event.before, _eve(event.day), known)
    now = _find_parent(event.after, event.day, known)
    return EventLine(
        day=event.day,
        division=known[event.division, _find_day(event)],
        aspect=str(event.aspect),
        what=event.what,
        kind=event.kind,
        before=_write_side(event.before, was),
        after=_write_side(event.after, now),
        parent_before=was,
        parent_after=now,
        area_before_m2=event.before.area_m2 if event.before else None,
        area_after_m2=event.after.area_m2 if event.after else None,
        change=event.change,
        source=sources.get(event.source or 0, ""),
    )


def _find_parent(fact: FactSpan | None, day: date, known: dict[Spoken, Division]) -> Division | None:
    if fact is None or fact.aspect is not Aspect.PARENT:
        return None
    return known.get((int(fact.value), day))


def _write_side(fact: FactSpan | None, parent: Division | None) -> str:
    """Write what is said on one side of a day; of a parent its code."""
    if fact is None:
        return ""
    return parent.code if parent else fact.value


def _list_spoken(event: Event) -> set[Spoken]:
    spoken = {(event.division, event.day), (event.division, _eve(event.day))}
    if event.aspect is Aspect.PARENT:
        sides = ((event.before, _eve(event.day)), (event.after, event.day))
        spoken |= {(int(fact.value), day) for fact, day in sides if fact is not None}
    return spoken


def _find_day(event: Event) -> date:
    return _eve(event.day) if event.kind == "ended" else event.day


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def load_labels(session: Session, register: RegisterState, spoken: Iterable[Spoken]) -> dict[Spoken, Division]:
    """Load divisions as they stood on the days they are spoken of; those not standing then are left out."""
    by_day: dict[date, set[int]] = defaultdict(set)
    for division, day in spoken:
        by_day[day].add(division)
    found: dict[Spoken, Division] = {}
    for day, divisions in sorted(by_day.items()):
        for one in list_matching(session, register, day, Standing.division_id == func.any(sorted(divisions))):
            found[one.id, day] = one
    return found


def find_holder(
    session: Session, register: RegisterState, code: str, *, day: date, level: str | None = None, last: bool = False
) -> tuple[Division, date]:
    """Give the division that has a code on `day`; with `last`, else the one that had it last, and the day it did.

    Raises DivisionNotFound, or AmbiguousDivision with those it could be.
    """
    held = _find_last_day(session, register, code, day) if last and NUL not in code else day
    return get_coded(session, register, code, day=held, level=level), held


def _find_last_day(session: Session, register: RegisterState, code: str, day: date) -> date:
    """Give the last day on which a code was held, up to `day`."""
    held = (Code.register_id == register.id, Code.code == code, is_current(Code))
    begun = func.coalesce(func.lower(Code.valid) <= day, True)
    ends = session.scalars(select(func.upper(Code.valid)).where(*held, begun)).all()
    known = [day if end is None or end > day else _eve(end) for end in ends]
    return max(known, default=day)
