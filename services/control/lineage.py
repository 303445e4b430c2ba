"""Find decrees that nothing was done under, and what was done without a decree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from geo.register.divisions import Division
from services.control.findings import DecreeFinding, DecreeFindingKind, Detail
from services.lookups import list_matching
from services.queries import RegisterState, holds_on, is_current
from services.tables.changes import Change, Decree, Lineage
from services.tables.register import Boundary, Standing
from services.tables.register import Division as Record

FACTS: dict[str, Any] = {"boundary": Boundary, "standing": Standing}
"""The facts that only a change under a decree may alter once they are there."""


def list_unused(session: Session, register: RegisterState, day: date) -> Iterator[DecreeFinding]:
    """List the decrees in force on a day under which no change was applied."""
    applied = exists().where(Change.decree_id == Decree.id, Change.state == "applied")
    query = (
        select(Decree.id, Decree.in_force_from)
        .where(Decree.register_id == register.id, Decree.in_force_from <= day, ~applied)
        .order_by(Decree.id)
    )
    for key, start in session.execute(query):
        yield DecreeFinding(DecreeFindingKind.UNUSED_DECREE, key, (), detail={"in_force_from": start.isoformat()})


def list_changes_without(session: Session, register: RegisterState, day: date) -> Iterator[DecreeFinding]:
    """List what was changed before its decree was in force, or without any."""
    yield from _list_early(session, register)
    for fact, table in FACTS.items():
        for division, start in _list_undecreed(session, register, table, day):
            detail = {"of": fact, "since": start.isoformat()}
            yield DecreeFinding(DecreeFindingKind.UNDECREED_CHANGE, None, (division,), detail=detail)


def _list_early(session: Session, register: RegisterState) -> Iterator[DecreeFinding]:
    query = (
        select(Change.id, Change.decree_id, Change.effective_on, Decree.in_force_from)
        .join(Decree, Decree.id == Change.decree_id)
        .where(Change.register_id == register.id, Change.state == "applied", Change.kind != "undo")
        .where(Change.effective_on < Decree.in_force_from)
        .order_by(Change.id)
    )
    for key, decree, start, force in session.execute(query).all():
        concerned = select(Lineage.division_id).where(Lineage.change_id == key)
        divisions = list_matching(session, register, start, Standing.division_id.in_(concerned))
        detail: Detail = {"change": key, "effective_on": start.isoformat(), "in_force_from": force.isoformat()}
        yield DecreeFinding(DecreeFindingKind.EARLY_CHANGE, decree, tuple(divisions), detail=detail)


def _list_undecreed(session: Session, register: RegisterState, table: Any, day: date) -> list[tuple[Division, date]]:  # noqa: ANN401 - a dated table
    """List the divisions whose fact on a day follows another one and was brought by no change."""
    before = aliased(table)
    follows = exists().where(
        before.division_id == table.division_id,
        is_current(before),
        func.upper(before.valid) == func.lower(table.valid),
    )
    query = (
        select(table.division_id, func.lower(table.valid))
        .join(Record, Record.id == table.division_id)
        .where(Record.register_id == register.id, holds_on(table, day), table.change_id.is_(None), follows)
        .order_by(table.division_id)
    )
    starts = {division: start for division, start in session.execute(query)}
    found = list_matching(session, register, day, Standing.division_id.in_(starts))
    return [(one, starts[one.id]) for one in found]
