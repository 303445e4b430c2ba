"""Tell the life of one division: what it was called, where it stood, how its ground changed, and by which decrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from geo.register.periods import Period
from geo.register.timeline import Aspect, FactSpan, list_events
from services.queries import RegisterState, is_current, to_period
from services.register.causes import load_changes, touches
from services.register.facts import load_facts
from services.register.labels import ChangeLine, EventLine, find_holder, label_changes, label_events
from services.tables.register import Boundary


@dataclass(frozen=True)
class DivisionHistory:
    """Hold the life of one division."""

    register: str
    """The register."""
    division: Division
    """The division as it stood on the day asked about."""
    day: date
    """That day, or the last one on which it stood."""
    periods: tuple[Period, ...]
    """When it stands, in order; open where no end or beginning is known."""
    events: tuple[EventLine, ...]
    """What happened to it, in the order of time."""
    changes: tuple[ChangeLine, ...]
    """The applied changes it took part in, in the order of time."""


@dataclass(frozen=True)
class GroundSpan:
    """Hold one boundary of a division with its period."""

    period: Period
    """When it holds."""
    shape: BaseGeometry
    """The boundary, EPSG:4326."""
    area_m2: float
    """Its geodesic area."""


def describe_history(
    session: Session, register: RegisterState, code: str, *, day: date, level: str | None = None, last: bool = False
) -> DivisionHistory:
    """Tell the life of the division that has a code on `day`; with `last`, else of the one that had it last."""
    division, held = find_holder(session, register, code, day=day, level=level, last=last)
    facts = load_facts(session, [division.id])
    changes = load_changes(session, register, touches([division.id]))
    return DivisionHistory(
        register=register.name,
        division=division,
        day=held,
        periods=_join_periods(facts),
        events=label_events(session, register, list_events(facts), changes),
        changes=label_changes(session, register, changes),
    )


def _join_periods(facts: Sequence[FactSpan]) -> tuple[Period, ...]:
    """Join the periods of standing that meet."""
    joined: list[Period] = []
    own = (fact.period for fact in facts if fact.aspect is Aspect.LEVEL)
    for period in sorted(own, key=lambda one: one.start or date.min):
        if joined and joined[-1].meets(period):
            joined[-1] = Period(joined[-1].start, period.end)
        else:
            joined.append(period)
    return tuple(joined)


def list_grounds(session: Session, division: Division) -> tuple[GroundSpan, ...]:
    """List the boundaries a division has had, in the order of time."""
    rows = session.execute(
        select(Boundary.valid, func.ST_AsBinary(Boundary.geom), Boundary.area_m2)
        .where(Boundary.division_id == division.id, is_current(Boundary))
        .order_by(func.lower(Boundary.valid).nulls_first())
    )
    return tuple(GroundSpan(to_period(valid), shapely.from_wkb(bytes(wkb)), area) for valid, wkb, area in rows)
