"""Read what the register knows on a date, so that an import can be compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import Session

from geo.register.candidates import CodeKey
from geo.register.ground import digest_bytes
from geo.register.plan import Fact, ImportPlan, KnownDivision
from services.queries import RegisterState, holds_on, is_current
from services.tables.register import Boundary, Code, Division, Name, Population, Position, Standing


def start_plan(session: Session, register: RegisterState, day: date) -> ImportPlan:
    """Begin an import plan over all that the register knows of its divisions on `day`."""
    plan = ImportPlan(register.pack)
    for division, level, above in session.execute(_select(register, Standing, day, "level", "parent_id")):
        plan.known[division] = KnownDivision(division, level, above)
    _add_codes(session, register, day, plan=plan)
    official = _select(register, Name, day, "language", "text").where(Name.official)
    for known, language, text in _pair(session, official, plan):
        known.names[language] = text
    for known, digest in _pair(session, _select(register, Boundary, day, "digest"), plan):
        known.ground[Fact.BOUNDARY] = digest
    _add_positions(session, register, day, plan=plan)
    _add_people(session, register, plan)
    return plan


def _select(register: RegisterState, table: Any, day: date, *columns: str) -> Select[Any]:  # noqa: ANN401 - any dated table
    chosen = (getattr(table, column) for column in columns)
    owned = select(table.division_id, *chosen).join(Division, Division.id == table.division_id)
    return owned.where(Division.register_id == register.id, holds_on(table, day))


def _pair(session: Session, query: Any, plan: ImportPlan) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any select
    """Give the rows of a query with their division as known; what outlives its division is passed over."""
    for division, *values in session.execute(query):
        known = plan.known.get(division)
        if known is not None:
            yield known, *values


def _add_codes(session: Session, register: RegisterState, day: date, *, plan: ImportPlan) -> None:
    for known, *key in _pair(session, _select(register, Code, day, "scheme", "version", "code"), plan):
        scheme, version, code = key
        known.codes[scheme, version] = code
        plan.by_code[CodeKey(scheme, version, code)] = known.id
    others = select(Code.division_id, Code.scheme, Code.version, Code.code).where(
        Code.register_id == register.id, is_current(Code), not_(holds_on(Code, day))
    )
    for division, *key in session.execute(others):
        plan.other_days.setdefault(CodeKey(*key), set()).add(division)


def _add_positions(session: Session, register: RegisterState, day: date, *, plan: ImportPlan) -> None:
    points = select(Position.division_id, func.ST_AsBinary(Position.geom, "NDR"))
    owned = points.join(Division, Division.id == Position.division_id)
    chosen = owned.where(Division.register_id == register.id, holds_on(Position, day))
    for known, wkb in _pair(session, chosen, plan):
        known.ground[Fact.POSITION] = digest_bytes(bytes(wkb))


def _add_people(session: Session, register: RegisterState, plan: ImportPlan) -> None:
    figures = select(Population.division_id, Population.source, Population.people)
    owned = figures.join(Division, Division.id == Population.division_id)
    current = owned.where(Division.register_id == register.id, is_current(Population))
    for known, source, people in _pair(session, current, plan):
        known.people[source] = people
