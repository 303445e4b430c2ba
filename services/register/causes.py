"""Tell what brought a fact: the change and its decree, or the import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from geo.register.divisions import Division
from geo.register.lineage import LineageStep, sort_steps
from services.database.recorded import was_recorded
from services.queries import RegisterState, is_current
from services.tables.changes import Change, Decree, Lineage
from services.tables.register import ImportRun, Standing

UNDO = "undo"
"""The kind of the change that takes another back."""


@dataclass(frozen=True)
class DecreeLine:
    """Name the legal act behind a change."""

    number: str
    """Its number."""
    issuer: str
    """Who issued it."""
    title: str
    """What it is called; may be empty."""
    signed_on: date
    """When it was signed."""
    in_force_from: date
    """From when on it is in force."""


@dataclass(frozen=True)
class ChangeRecord:
    """Hold an applied change with its decree and parties."""

    id: int
    """The key of the change."""
    kind: str
    """Its kind."""
    effective_on: date
    """The first day on which it holds."""
    decree: DecreeLine
    """The decree that orders it."""
    predecessors: frozenset[int]
    """The divisions that went into it, by key."""
    successors: frozenset[int]
    """The divisions that came out of it, by key."""
    resized: frozenset[int]
    """The other divisions whose extent is not what it was, by key."""

    @property
    def parties(self) -> frozenset[int]:
        """Give all divisions that took part."""
        return self.predecessors | self.successors


def load_changes(session: Session, register: RegisterState, condition: ColumnElement[bool]) -> list[ChangeRecord]:
    """Load the applied changes that meet a condition, in the order of time, without those taken back."""
    rows = session.execute(
        select(Change.id, Change.kind, Change.effective_on, *_DECREE)
        .join(Decree, Decree.id == Change.decree_id)
        .where(Change.register_id == register.id, _counts(session), condition)
        .order_by(Change.effective_on, Change.id)
    ).all()
    parties = _load_parties(session, [row.id for row in rows])
    return [
        ChangeRecord(
            row.id,
            row.kind,
            row.effective_on,
            DecreeLine(row.number, row.issuer, row.title, row.signed_on, row.in_force_from),
            frozenset(parties[row.id, "predecessor"]),
            frozenset(parties[row.id, "successor"]),
            frozenset(parties[row.id, "resized"]),
        )
        for row in rows
    ]


_DECREE = (Decree.number, Decree.issuer, Decree.title, Decree.signed_on, Decree.in_force_from)


def _counts(session: Session) -> ColumnElement[bool]:
    """Say that a change was applied and not taken back, as far as was recorded."""
    undo = aliased(Change)
    taken_back = select(undo.id).where(undo.undoes == Change.id, was_recorded(session, undo.applied_at)).exists()
    return was_recorded(session, Change.applied_at) & (Change.kind != UNDO) & ~taken_back


def touches(divisions: Collection[int]) -> ColumnElement[bool]:
    """Say that one of the divisions took part in a change, or was resized by it."""
    own = select(Lineage.change_id).where(Lineage.division_id == func.any(sorted(divisions)))
    return Change.id.in_(own)


def _load_parties(session: Session, changes: list[int]) -> dict[tuple[int, str], set[int]]:
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    if changes:
        asked = select(Lineage.change_id, Lineage.role, Lineage.division_id)
        for change, role, division in session.execute(asked.where(Lineage.change_id == func.any(changes))):
            found[change, role].add(division)
    return found


def load_family(session: Session, register: RegisterState, division: Division) -> list[LineageStep]:
    """Load every change that a division, or whatever is kin to it by changes, took part in, as lineage sees it.

    Of the divisions that a change resized only those of the same level count: those above hold the ground anyhow.
    """
    known: dict[int, LineageStep] = {}
    asked, wanted = {division.id}, {division.id}
    while wanted:
        found = load_changes(session, register, touches(wanted))
        resized = _choose_level(session, {key for change in found for key in change.resized}, division.level)
        steps = [_to_step(change, resized) for change in found]
        known |= {step.change: step for step in steps}
        wanted = {key for step in steps for key in step.predecessors | step.successors | step.resized} - asked
        asked |= wanted
    return sort_steps(known.values())


def _to_step(change: ChangeRecord, resized: set[int]) -> LineageStep:
    return LineageStep(change.id, change.effective_on, change.predecessors, change.successors, change.resized & resized)


def _choose_level(session: Session, divisions: Collection[int], level: str) -> set[int]:
    if not divisions:
        return set()
    of_level = (Standing.division_id == func.any(sorted(divisions)), Standing.level == level, is_current(Standing))
    return set(session.scalars(select(Standing.division_id).where(*of_level)))


def list_endings(changes: Iterable[ChangeRecord]) -> dict[tuple[int, date], int]:
    """List which change did something to a division on a day; what only ended says so nowhere else."""
    return {(key, change.effective_on): change.id for change in changes for key in change.parties | change.resized}


def load_sources(session: Session, imports: Collection[int]) -> dict[int, str]:
    """Load what imports were made from."""
    if not imports:
        return {}
    rows = session.execute(select(ImportRun.id, ImportRun.source).where(ImportRun.id == func.any(sorted(imports))))
    return {run: source for run, source in rows}
