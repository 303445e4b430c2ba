"""Tell all that changed in a register, or in one division and all below it, between two dates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from geo.register.divisions import Division
from geo.register.periods import Period
from geo.register.timeline import Event, list_events
from services.queries import RegisterState
from services.register.causes import load_changes, touches
from services.register.facts import list_ever_below, load_facts, select_edges, to_range
from services.register.labels import ChangeLine, EventLine, find_holder, label_changes, label_events
from services.tables.changes import Change

MOST_ENTRIES = 1000
"""So many entries a page has at most."""


@dataclass(frozen=True)
class Between:
    """Hold what changed between two dates."""

    register: str
    """The register."""
    window: Period
    """The days looked at, half-open."""
    within: Division | None
    """The division looked into; None is the whole register."""
    changes: tuple[ChangeLine, ...]
    """The applied changes that begin to hold in the window, in the order of time."""
    counts: dict[str, dict[str, int]]
    """How many facts of each table were `begun` and `ended`."""
    total: int
    """How many divisions had something happen to them, each counted once a day."""
    events: tuple[EventLine, ...]
    """What happened to those of this page, by day and division."""


@dataclass(frozen=True)
class DayLine:
    """Hold what happened on one day."""

    day: date
    """The day."""
    divisions: int
    """How many divisions had something happen to them."""
    changes: int
    """How many applied changes begin to hold."""
    counts: dict[str, dict[str, int]]
    """How many facts of each table were `begun` and `ended`."""


@dataclass(frozen=True)
class Timeline:
    """Hold the days on which something happened."""

    register: str
    """The register."""
    total: int
    """How many such days there are."""
    days: tuple[DayLine, ...]
    """Those of this page, the latest first."""


EVER = Period(date.min, None)
"""Every day that something can begin on."""


def list_between(
    session: Session,
    register: RegisterState,
    window: Period,
    *,
    code: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Between:
    """List what changed on the days of a window, inside the division with a code or everywhere.

    The code is the one the division has on the last day of the window, or had last. All that stood under it on some
    day of the window belongs to it.
    """
    _check_page(limit)
    within, inside = _find_inside(session, register, code, window)
    edges = select_edges(register, window, inside).subquery("asked")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"begun": 0, "ended": 0})
    for fact, kind, count in session.execute(
        select(edges.c.fact, edges.c.kind, func.count()).group_by(edges.c.fact, edges.c.kind)
    ):
        counts[fact][kind] = count
    entries = select(edges.c.day, edges.c.division_id).distinct().subquery("entries")
    total = session.scalar(select(func.count()).select_from(entries)) or 0
    page = session.execute(
        select(entries.c.day, entries.c.division_id).order_by(*entries.c).limit(limit).offset(offset)
    ).all()
    changes = load_changes(session, register, _happens(window, inside))
    entered = [(day, division) for day, division in page]
    return Between(
        register=register.name,
        window=window,
        within=within,
        changes=label_changes(session, register, changes),
        counts=dict(sorted(counts.items())),
        total=total,
        events=label_events(session, register, _list_events(session, entered, window), changes),
    )


def _check_page(limit: int) -> None:
    if not 1 <= limit <= MOST_ENTRIES:
        raise InvalidValue(field="limit", value=limit, reason=because("outside_range", least=1, most=MOST_ENTRIES))


def _find_inside(
    session: Session, register: RegisterState, code: str | None, window: Period
) -> tuple[Division | None, list[int] | None]:
    """Find the division looked into, and the keys of all that stood under it."""
    if code is None:
        return None, None
    end = window.end or date.max
    division, _ = find_holder(session, register, code, day=date.fromordinal(end.toordinal() - 1), last=True)
    return division, list_ever_below(session, division.id, window)


def _happens(window: Period, inside: Collection[int] | None) -> ColumnElement[bool]:
    """Say that a change begins to hold in a window, and that somebody inside took part."""
    holds = literal(to_range(window)).contains(Change.effective_on)
    return holds if inside is None else holds & touches(inside)


def _list_events(session: Session, entries: list[tuple[date, int]], window: Period) -> list[Event]:
    """List what happened to divisions, each on its day."""
    chosen = set(entries)
    facts = load_facts(session, {division for _, division in entries}, window)
    return [event for event in list_events(facts, window) if (event.day, event.division) in chosen]


def list_days(session: Session, register: RegisterState, *, limit: int = 100, offset: int = 0) -> Timeline:
    """List the days on which something in a register began or ended, the latest first."""
    _check_page(limit)
    edges = select_edges(register, EVER, None).subquery("asked")
    grouped = select(edges.c.day, func.count(edges.c.division_id.distinct()).label("divisions")).group_by(edges.c.day)
    total = session.scalar(select(func.count()).select_from(grouped.subquery())) or 0
    rows = session.execute(grouped.order_by(edges.c.day.desc()).limit(limit).offset(offset)).all()
    days = [row.day for row in rows]
    counted = _count_facts(session, register, days)
    changed = Counter(change.effective_on for change in load_changes(session, register, Change.effective_on.in_(days)))
    lines = (DayLine(row.day, row.divisions, changed[row.day], counted[row.day]) for row in rows)
    return Timeline(register.name, total, tuple(lines))


def _count_facts(session: Session, register: RegisterState, days: list[date]) -> dict[date, dict[str, dict[str, int]]]:
    counted: dict[date, dict[str, dict[str, int]]] = {day: {} for day in days}
    if not days:
        return counted
    window = Period(min(days), date.fromordinal(max(days).toordinal() + 1))
    edges = select_edges(register, window, None).subquery("asked")
    columns = (edges.c.day, edges.c.fact, edges.c.kind)
    rows = session.execute(
        select(*columns, func.count()).where(edges.c.day.in_(days)).group_by(*columns).order_by(*columns)
    )
    for day, fact, kind, count in rows:
        counted[day].setdefault(fact, {"begun": 0, "ended": 0})[kind] = count
    return counted
