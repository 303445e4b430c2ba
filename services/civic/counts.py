"""Count complaints by division, category and status, and hide what could tell on a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, literal, select
from sqlalchemy.orm import Session

from geo.civic.complaints import ComplaintStatus
from geo.civic.suppression import ProtectedTable, protect
from geo.civic.tables import TOTAL, CountTable, build_table
from geo.errors import InvalidValue, because
from geo.register.divisions import Division
from geo.register.periods import Period
from services.civic.placing import Own, count_own
from services.queries import RegisterState, count_people_in, select_divisions, to_division
from services.tables.civic import Complaint
from services.tables.register import Standing

STATUSES = tuple(status.value for status in ComplaintStatus)
"""The statuses of complaints in the store, from the first to the last."""


@dataclass(frozen=True)
class ComplaintCounts:
    """Hold the counts of one period over the divisions of one day."""

    divisions: dict[int, Division]
    """The divisions with a boundary, by id, with their people."""
    shown: ProtectedTable
    """The counts with what is hidden among them."""
    columns: dict[str, int]
    """The column of each category (`category.water`) and status (`status.open`)."""
    synthetic: bool
    """True where the complaints are invented: they are counted only while there are no others."""
    period: Period
    """When the complaints came in."""
    day: date
    """The day on which the divisions stand."""

    def find_count(self, division: int, column: str | None = None) -> int | None:
        """Give the count of a division in a column, or in all, or None where it is hidden."""
        return self.shown.show(self.shown.table.rows[division], TOTAL if column is None else self.columns[column])

    def find_total(self, column: str | None = None) -> int | None:
        """Give the count of the whole register."""
        return self.shown.show(0, TOTAL if column is None else self.columns[column])

    def find_unplaced(self, level: str, column: str | None = None) -> int | None:
        """Count what lies in no division of a level, or None where a hidden count is part of it."""
        table = self.shown.table
        placed = {row for key, row in table.rows.items() if self.divisions[key].level == level}
        for row in range(len(table.keys)):
            if table.above[row] in placed:
                placed.add(row)
        outside = [row for row in table.leaves.tolist() if row not in placed]
        return self.shown.show_sum(outside, TOTAL if column is None else self.columns[column])


def count_complaints(
    session: Session, register: RegisterState, *, period: Period, day: date, threshold: int | None = None
) -> ComplaintCounts:
    """Count the complaints of a period in the divisions as they stand on `day`.

    One table answers every question about a period, whatever its level or category, so that no two answers can be
    subtracted to find what is hidden. A threshold below that of the country pack is for officers only.
    """
    limit = register.pack.suppression_threshold if threshold is None else threshold
    if limit < 1:
        raise InvalidValue(field="threshold", value=limit, reason=because("below_least", least=1))
    divisions = _list_divisions(session, register, day)
    columns = _number_columns(register)
    is_counted, synthetic = _choose_complaints(session, register, period)
    own = count_own(session, list(divisions), is_counted, day=day)
    table = _to_table(divisions, own, columns)
    return ComplaintCounts(divisions, protect(table, threshold=limit), columns, synthetic, period, day)


def _list_divisions(session: Session, register: RegisterState, day: date) -> dict[int, Division]:
    """List the divisions of polygon levels, the lowest level first and then by code: the first that covers wins."""
    levels = {level.key: level.rank for level in register.pack.levels if not level.is_place}
    rows = session.execute(select_divisions(register, day).where(Standing.level.in_(sorted(levels))))
    found = [to_division(row) for row in rows]
    people = count_people_in(session, [division.id for division in found], day)
    found = [replace(division, people=people.get(division.id)) for division in found]
    found.sort(key=lambda division: (-levels[division.level], division.code, division.id))
    return {division.id: division for division in found}


def _number_columns(register: RegisterState) -> dict[str, int]:
    categories = [f"category.{category.code}" for category in register.pack.categories]
    names = [*categories, *(f"status.{status}" for status in STATUSES)]
    return {name: place for place, name in enumerate(names, start=TOTAL + 1)}


def _choose_complaints(session: Session, register: RegisterState, period: Period) -> tuple[ColumnElement[bool], bool]:
    """Count real complaints; invented ones only in a register that has no others."""
    # an invented record beside real ones is a left-over of a trial
    own = Complaint.register_id == register.id
    synthetic = not session.scalar(select(exists().where(own, Complaint.synthetic.is_(False))))
    start = Complaint.submitted_at >= period.start if period.start else literal(True)
    end = Complaint.submitted_at < period.end if period.end else literal(True)
    return and_(own, Complaint.synthetic.is_(synthetic), start, end), synthetic


def _to_table(divisions: dict[int, Division], own: Own, columns: dict[str, int]) -> CountTable:
    groups = tuple(
        tuple(place for name, place in columns.items() if name.startswith(f"{kind}."))
        for kind in ("category", "status")
    )
    full = {
        key: [sum(counts[name] for name in columns if name.startswith("status.")), *(counts[name] for name in columns)]
        for key, counts in own.items()
    }
    return build_table({key: one.parent_id for key, one in divisions.items()}, full, groups=groups)
