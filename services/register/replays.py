"""Play the changes of a register back, and compare the outcome with what the register says.

The history begins with what was recorded before the first change. What imports brought between two changes is laid
in as it was recorded; each change is worked out anew from its order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import shapely
from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.register.changes import ChangeKind, History, look_around, plan_change
from geo.register.changes.replay import Holding, Key
from geo.register.periods import Period
from geo.register.plan import Fact
from services.queries import RegisterState
from services.register.change_records import ChangeRecord, list_applied
from services.tables.register import Boundary, Code, Division, Name, Position, Standing

TABLES: dict[Fact, Any] = {
    Fact.STANDING: Standing,
    Fact.CODE: Code,
    Fact.NAME: Name,
    Fact.BOUNDARY: Boundary,
    Fact.POSITION: Position,
}
"""The facts that hold for a period."""

Told = dict[Key, tuple[Holding, ...]]


@dataclass(frozen=True)
class ReplayReport:
    """Say whether the changes make the register what it is."""

    changes: int
    """How many changes were played back."""
    differences: tuple[str, ...]
    """The facts that came out otherwise, as kind, division and language or scheme; none when all is well."""


def replay_changes(session: Session, register: RegisterState) -> ReplayReport:
    """Play all applied changes back, and compare the outcome with the register as it is."""
    changes = list_applied(session, register)
    history, last = History(), None
    for change in changes:
        assert change.applied_at is not None
        history.lay_in(_load_imported(session, register, after=last, before=change.applied_at))
        _play(history, change, register)
        last = change.applied_at
    history.lay_in(_load_imported(session, register, after=last, before=None))
    now = History(_load(session, register, func.upper_inf))
    differences = history.list_differences(now)
    return ReplayReport(len(changes), tuple(" ".join(map(str, key)).strip() for key in differences))


def _play(history: History, change: ChangeRecord, register: RegisterState) -> None:
    if change.kind is ChangeKind.UNDO:
        history.undo(change.id, change.undoes or 0)
        return
    view = look_around(history, change.order, change.references, register.pack)
    effect = plan_change(change.order, replace(view, promised=change.promised))
    history.apply(change.id, effect, change.effective_on, ids=change.founded)


def _load_imported(
    session: Session, register: RegisterState, *, after: datetime | None, before: datetime | None
) -> Told:
    """Load what was said just before a moment of the facts that were written since another, by no change."""
    told = _load(session, register, lambda recorded: _was_said(recorded, before))
    if after is None:
        return told
    written: set[Key] = set()
    for edge in (func.lower, func.upper):
        written |= _load(session, register, partial(_is_between, edge=edge, after=after, before=before)).keys()
    return {key: told.get(key, ()) for key in sorted(written)}


def _was_said(recorded: Any, before: datetime | None) -> ColumnElement[bool]:  # noqa: ANN401 - a column of ranges
    if before is None:
        return func.upper_inf(recorded)
    still = or_(func.upper_inf(recorded), func.upper(recorded) >= literal(before))
    return and_(func.lower(recorded) < literal(before), still)


def _is_between(
    recorded: Any,  # noqa: ANN401 - a column of ranges
    *,
    edge: Callable[[Any], ColumnElement[datetime]],
    after: datetime,
    before: datetime | None,
) -> ColumnElement[bool]:
    later = edge(recorded) > literal(after)
    return later if before is None else and_(later, edge(recorded) < literal(before))


def _load(session: Session, register: RegisterState, choose: Callable[[Any], ColumnElement[bool]]) -> Told:
    """Load the facts whose record meets a condition, each with its periods in order."""
    found: dict[Key, list[Holding]] = {}
    for fact, table in TABLES.items():
        query = (
            select(table.division_id, table.valid, *_select_value(fact))
            .join(Division, Division.id == table.division_id)
            .where(Division.register_id == register.id, choose(table.recorded))
            .order_by(table.division_id, func.lower(table.valid).nulls_first())
        )
        for division, valid, what, *value in session.execute(query.where(Name.official) if table is Name else query):
            holding = Holding(Period(valid.lower, valid.upper), _read_value(fact, value))
            found.setdefault((fact, division, what), []).append(holding)
    return {key: tuple(holdings) for key, holdings in found.items()}


def _select_value(fact: Fact) -> tuple[Any, ...]:
    match fact:
        case Fact.STANDING:
            return literal(""), Standing.level, Standing.parent_id
        case Fact.CODE:
            return Code.scheme + "/" + Code.version, Code.code
        case Fact.NAME:
            return Name.language, Name.text
    return literal(""), func.ST_AsBinary(TABLES[fact].geom)


def _read_value(fact: Fact, value: list[Any]) -> object:
    if fact is Fact.STANDING:
        return tuple(value)
    return value[0] if fact in (Fact.CODE, Fact.NAME) else shapely.from_wkb(bytes(value[0]))
