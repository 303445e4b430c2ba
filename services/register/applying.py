"""Write the effect of a change into the register, or take one back, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.errors import ChangeRefused
from geo.register.changes.effects import Effect, End
from geo.register.changes.problems import find_problem, refuse_change
from geo.register.plan import Fact
from services.queries import analyse_tables
from services.register.statements import TABLES, UndoingSteps, list_ending_steps, list_undoing_steps
from services.register.writing import Entry, Writer, open_writer, write_facts
from services.tables.changes import Change, Lineage
from services.tables.register import Boundary, Code, Division, Name, Position, Standing

MANY_WRITES = 1000
"""From so many facts on, the planner is told of them at once."""


def write_effect(session: Session, effect: Effect, entry: Entry) -> Writer:
    """Write what ends and what begins with a change, and who descends from whom."""
    writes = effect.list_writes()
    with open_writer(session, entry, effect.founded) as writer:
        _end_facts(writer, effect)
        write_facts(writer, writes)
    _write_lineage(session, effect, writer)
    if len(writes) >= MANY_WRITES:
        analyse_tables(session, Division, Standing, Code, Name, Boundary, Position)
    return writer


def _end_facts(writer: Writer, effect: Effect) -> None:
    """End single facts, and everything that is said of divisions that are no more."""
    ended = set(effect.ended)
    single = [end for end in effect.list_ends() if end.division not in ended]
    for fact, what, ends in _group(single):
        _execute_ending(writer, fact, [end.division for end in ends], what=what)
    for fact, table in TABLES.items():
        if table.dated and ended:
            _execute_ending(writer, fact, sorted(ended), what=None)


def _group(ends: list[End]) -> Iterator[tuple[Fact, str, list[End]]]:
    for (fact, what), found in groupby(sorted(ends, key=_find_group), key=_find_group):
        yield Fact(fact), what, list(found)


def _find_group(end: End) -> tuple[str, str]:
    return str(end.fact), end.what


def _execute_ending(writer: Writer, fact: Fact, divisions: list[int], *, what: str | None) -> None:
    values = {**writer.values, "divisions": divisions, "what": what, "is_dated": True}
    for step in list_ending_steps(fact, TABLES[fact], all_of_kind=what is None):
        writer.connection.execute(step, values)


def _write_lineage(session: Session, effect: Effect, writer: Writer) -> None:
    parties = {"predecessor": effect.predecessors, "successor": effect.successors, "resized": effect.resized}
    rows = [
        {"change_id": writer.entry.change_id, "role": role, "division_id": writer.resolve(division)}
        for role, divisions in parties.items()
        for division in divisions
    ]
    if rows:
        session.execute(insert(Lineage), rows)


def take_back(session: Session, entry: Entry, *, change: int, applied_at: datetime) -> Writer:
    """Withdraw what a change wrote and restore what it closed.

    Raises ChangeRefused when a later change has touched the same facts.
    """
    with open_writer(session, entry, ()) as writer:
        values = {**writer.values, "applied_at": applied_at}
        for fact, table in TABLES.items():
            if table.dated:
                _take_back_facts(session, writer, list_undoing_steps(fact, table), change=change, values=values)
    return writer


def _take_back_facts(
    session: Session, writer: Writer, steps: UndoingSteps, *, change: int, values: dict[str, object]
) -> None:
    for step in steps.before:
        writer.connection.execute(step, values)
    moments = {row[0] for row in writer.connection.execute(steps.overtaken)}
    if moments:
        raise _refuse_undoing(session, writer.entry, change, moments)
    for step in steps.after:
        writer.connection.execute(step, values)


def _refuse_undoing(session: Session, entry: Entry, change: int, moments: set[datetime]) -> ChangeRefused:
    """Name the changes that stand in the way of taking one back."""
    later = select(Change.id).where(Change.register_id == entry.register.id, Change.applied_at.in_(sorted(moments)))
    changes = tuple(session.scalars(later.order_by(Change.id)))
    return refuse_change(find_problem("undo_later", str(change), change=change, changes=changes))
