"""Relate complaints to people and ground, division by division, beside the council in charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from geo.civic.density import Density, measure_density
from geo.errors import InvalidValue, because
from geo.register.divisions import Division
from geo.register.periods import Period
from services.civic.counts import ComplaintCounts, count_complaints
from services.civic.seats import CouncilLine, list_councils
from services.queries import RegisterState


@dataclass(frozen=True)
class DensityRow:
    """Hold the complaints of one division."""

    division: Division
    """The division."""
    density: Density
    """How many complaints it has, and by people and ground."""
    council: CouncilLine | None
    """The council in charge: its own or the nearest above it; None without one."""


@dataclass(frozen=True)
class DensityAnswer:
    """Answer how dense complaints are in the divisions of one level."""

    register: str
    """The register that was asked."""
    level: str
    """The level of the divisions."""
    period: Period
    """When the complaints came in, half-open, in days of UTC."""
    day: date
    """The day on which the divisions stand as they are counted."""
    category: str | None
    """The category that was counted; None for all."""
    threshold: int
    """Counts from one up to but without this are hidden, and others that would give them away."""
    rows: tuple[DensityRow, ...]
    """The divisions by code."""
    total: int | None
    """All complaints of the register; None where hidden."""
    unplaced: int | None
    """Those that lie in no division of the level; None where hidden."""
    synthetic: bool
    """True where the complaints are invented ones."""

    @property
    def hidden_count(self) -> int:
        """Count the divisions whose count is hidden."""
        return sum(row.density.is_hidden for row in self.rows)


def complaint_density(
    session: Session,
    register: RegisterState,
    *,
    level: str,
    period: Period,
    day: date,
    category: str | None = None,
    threshold: int | None = None,
) -> DensityAnswer:
    """Count the complaints of a period in the divisions of a level as they stand on `day`, with small counts hidden.

    `threshold` is that of the country pack unless an officer asks for another: callers of the public must not choose
    it, since two answers with different thresholds tell more than either.
    """
    check_question(register, level, category)
    counts = count_complaints(session, register, period=period, day=day, threshold=threshold)
    return measure_level(session, register, counts, level=level, category=category)


def measure_level(
    session: Session, register: RegisterState, counts: ComplaintCounts, *, level: str, category: str | None = None
) -> DensityAnswer:
    """Measure one level of complaints that have been counted: one count answers for all levels and categories."""
    column = None if category is None else f"category.{category}"
    councils = list_councils(session, register, counts.day)
    # counted over all levels and categories, though one is asked for: that keeps answers from telling on each other
    chosen = [one for one in counts.divisions.values() if one.level == level]
    rows = [
        DensityRow(one, _measure(counts, one, column), _find_council(counts.divisions, councils, one))
        for one in sorted(chosen, key=lambda division: (division.code, division.id))
    ]
    return DensityAnswer(
        register=register.name,
        level=level,
        period=counts.period,
        day=counts.day,
        category=category,
        threshold=counts.shown.threshold,
        rows=tuple(rows),
        total=counts.find_total(column),
        unplaced=counts.find_unplaced(level, column),
        synthetic=counts.synthetic,
    )


def check_question(register: RegisterState, level: str, category: str | None) -> None:
    """Refuse a level without ground and an unknown category before anything is counted."""
    if register.pack.level(level).is_place:
        raise InvalidValue(field="level", value=level, reason=because("level_without_ground"))
    known = tuple(one.code for one in register.pack.categories)
    if category is not None and category not in known:
        raise InvalidValue(field="category", value=category, reason=because("not_a_category", known=known))


def last_day(period: Period, today: date) -> date:
    """Give the last day of a period that has passed: the day whose divisions a report on it usually shows."""
    return today if period.end is None else min(today, period.end - timedelta(days=1))


def _measure(counts: ComplaintCounts, division: Division, column: str | None) -> Density:
    count = counts.find_count(division.id, column)
    return measure_density(count, people=division.people, area_m2=division.area_m2)


def _find_council(
    divisions: dict[int, Division], councils: dict[int, CouncilLine], division: Division
) -> CouncilLine | None:
    """Climb to the first division with a council."""
    step: Division | None = division
    while step is not None and step.id not in councils:
        step = divisions.get(step.parent_id or 0)
    return councils[step.id] if step is not None else None
