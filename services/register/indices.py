"""Bring in the values of indices, and grade divisions by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, RowsRefused, because
from geo.register.divisions import Division
from geo.register.indices import Graded, IndexSet, grade_divisions
from geo.register.problems import Problem, Weight
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.lookups import list_matching
from services.queries import RegisterState, analyse_tables, holds_on, is_current
from services.register.index_files import IndexTable, read_index_table
from services.tables.indices import IndexValue
from services.tables.register import Code, Register, Standing

MOST_BYTES = 64 * 1024**2
"""The largest table that is read; a country's villages with a hundred indices need half of it."""

Cell = tuple[int, str]
"""A division and an index."""


@dataclass(frozen=True)
class IndexReport:
    """Say what an import of values did."""

    register: str
    """The register."""
    set: str
    """The set of indices."""
    file: str
    """The file."""
    leaves: tuple[str, ...]
    """The indices it had columns for."""
    passed_over: tuple[str, ...]
    """Columns that are called by no index."""
    rows: int
    """Its rows."""
    new: int
    """Values of which nothing was known."""
    changed: int
    """Values that were known otherwise."""
    same: int
    """Values that were known so."""
    problems: tuple[Problem, ...]
    """What is wrong with rows."""


@dataclass(frozen=True)
class GradeLine:
    """Hold how one division is graded."""

    division: Division
    """The division."""
    graded: Graded
    """Its score, its grade, and what is missing."""


@dataclass(frozen=True)
class GradeAnswer:
    """Hold how the divisions of a level are graded among each other."""

    register: str
    """The register."""
    indices: IndexSet
    """The set they are graded by."""
    level: str
    """Their level."""
    day: date
    """The day on which they stand so."""
    lines: tuple[GradeLine, ...]
    """The divisions: the best first, then those that are incomplete, by code."""

    @property
    def incomplete(self) -> int:
        """Count the divisions of which a value is missing."""
        return sum(bool(line.graded.missing) for line in self.lines)


def import_values(
    session: Session,
    register: RegisterState,
    path: Path,
    *,
    indices: str,
    caller: Caller,
    day: date,
    skip_refused: bool = False,
) -> IndexReport:
    """Bring in a table of values, all rows or none; what was said before of the same cells stays on record.

    Raises RowsRefused with the report when a row names no division of the day, or a cell is no number, unless
    `skip_refused` leaves such rows out.
    """
    check_permitted(session, caller, Action.RECORD_INDICES, register)
    chosen = register.pack.index_set(indices)
    table = read_index_table(path, chosen, most_bytes=MOST_BYTES)
    divisions, problems = _resolve(session, register, table, indices=chosen, day=day)
    if problems and not skip_refused:
        report = _report(register, chosen, table, problems=problems, counts=(0, 0, 0))
        raise RowsRefused(refused=len({one.row for one in problems}), total=len(report_rows(table)), report=report)
    refused = {problem.row for problem in problems}
    taken = [code for code, row in table.rows.items() if row not in refused]
    values = {(divisions[code], leaf): value for code in taken for leaf, value in table.values[code].items()}
    counts = _write(session, register, values, table=table, terms=(chosen.key, caller.name))
    detail = {"set": chosen.key, "file": table.name, "rows": len(taken), "refused": len(refused), "values": len(values)}
    record_write(session, caller=caller, action=Action.RECORD_INDICES, subject=register.name, detail=detail)
    return _report(register, chosen, table, problems=problems, counts=counts)


def report_rows(table: IndexTable) -> set[int]:
    """List the rows of a table, with those that could not be taken."""
    return set(table.rows.values()) | {problem.row for problem in table.problems}


def _report(
    register: RegisterState,
    indices: IndexSet,
    table: IndexTable,
    *,
    problems: Sequence[Problem],
    counts: tuple[int, int, int],
) -> IndexReport:
    new, changed, same = counts
    return IndexReport(
        register=register.name,
        set=indices.key,
        file=table.name,
        leaves=table.leaves,
        passed_over=table.passed_over,
        rows=len(report_rows(table)),
        new=new,
        changed=changed,
        same=same,
        problems=tuple(sorted(problems, key=lambda problem: (problem.row, problem.field))),
    )


def _resolve(
    session: Session, register: RegisterState, table: IndexTable, *, indices: IndexSet, day: date
) -> tuple[dict[str, int], list[Problem]]:
    """Find the division of each code, and note the rows of which there is none, or of another level."""
    found: dict[str, list[tuple[int, str]]] = {}
    rows = session.execute(
        select(Code.code, Code.division_id, Standing.level)
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.code == func.any(sorted(table.rows)))
        .where(holds_on(Code, day), holds_on(Standing, day))
        .distinct()
    )
    for code, division, level in rows:
        found.setdefault(code, []).append((division, level))
    problems, divisions = list(table.problems), {}
    for code, number in table.rows.items():
        fitting = sorted({division for division, level in found.get(code, ()) if level in indices.levels})
        if len(fitting) == 1:
            divisions[code] = fitting[0]
            continue
        levels = sorted({level for _, level in found.get(code, ())})
        why = because("index_code_level", level=levels[0]) if levels and not fitting else because("index_code_unknown")
        problems.append(Problem(table.name, number, "code", why.key, Weight.REFUSED, why, code[:80]))
    return divisions, problems


def _write(
    session: Session,
    register: RegisterState,
    values: Mapping[Cell, float],
    *,
    table: IndexTable,
    terms: tuple[str, str],
) -> tuple[int, int, int]:
    """Close what is no longer said and write what is new; gives the counts of new, changed and same."""
    session.execute(select(Register.version).where(Register.id == register.id).with_for_update(key_share=True))
    # the clock is read under the lock, so that later imports are recorded later
    moment: datetime = session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
    known = _load_values(session, register, terms[0])
    fresh = {cell: value for cell, value in values.items() if cell not in known}
    other = {cell: value for cell, value in values.items() if cell in known and known[cell][1] != value}
    if other:
        closing = sorted(known[cell][0] for cell in other)
        ended = func.tstzrange(func.lower(IndexValue.recorded), literal(moment))
        session.execute(update(IndexValue).where(IndexValue.id == func.any(closing)).values(recorded=ended))
    if fresh or other:
        common = {"register_id": register.id, "index_set": terms[0], "source": table.name, "actor": terms[1]}
        rows = [
            {"division_id": division, "leaf": leaf, "value": value, "recorded": Range(moment, None), **common}
            for (division, leaf), value in sorted((fresh | other).items())
        ]
        session.execute(insert(IndexValue), rows)
        analyse_tables(session, IndexValue)
    return len(fresh), len(other), len(values) - len(fresh) - len(other)


def _load_values(session: Session, register: RegisterState, indices: str) -> dict[Cell, tuple[int, float]]:
    rows = session.execute(
        select(IndexValue.id, IndexValue.division_id, IndexValue.leaf, IndexValue.value).where(
            IndexValue.register_id == register.id, IndexValue.index_set == indices, is_current(IndexValue)
        )
    )
    return {(row.division_id, row.leaf): (row.id, row.value) for row in rows}


def grade_level(
    session: Session, register: RegisterState, *, indices: str, level: str, day: date, within: int | None = None
) -> GradeAnswer:
    """Grade the divisions of a level on `day` among each other, in the whole register or directly under one.

    Raises InvalidValue when the set does not grade the level, or when an index has no values at all.
    """
    chosen = register.pack.index_set(indices)
    if register.pack.level(level).key not in chosen.levels:
        known = because("index_level", set=chosen.key, known=chosen.levels)
        raise InvalidValue(field="level", value=level, reason=known)
    condition = Standing.level == level
    if within is not None:
        condition &= Standing.parent_id == within
    divisions = {one.id: one for one in list_matching(session, register, day, condition)}
    values: dict[str, dict[int, float]] = {leaf.key: {} for leaf in chosen.leaves}
    for (division, leaf), (_, value) in _load_values(session, register, chosen.key).items():
        if leaf in values:
            values[leaf][division] = value
    graded = grade_divisions(chosen, tuple(divisions), values)
    lines = [GradeLine(divisions[one.key], one) for one in graded]
    lines.sort(key=lambda line: (line.graded.score is None, -(line.graded.score or 0), line.division.code))
    return GradeAnswer(register.name, chosen, level, day, tuple(lines))
