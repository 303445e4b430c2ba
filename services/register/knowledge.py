"""Read what the register knows on a date, so that an import can be compared with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import Session

from geo.register.candidates import CodeKey
from geo.register.ground import digest_ground
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
    for named, language, text in session.execute(official):
        plan.known[named].names[language] = text
    for bounded, digest in session.execute(_select(register, Boundary, day, "digest")):
        plan.known[bounded].ground[Fact.BOUNDARY] = digest
    _add_positions(session, register, day, plan=plan)
    _add_people(session, register, plan)
    return plan


def _select(register: RegisterState, table: Any, day: date, *columns: str) -> Select[Any]:  # noqa: ANN401 - any dated table
    chosen = (getattr(table, column) for column in columns)
    owned = select(table.division_id, *chosen).join(Division, Division.id == table.division_id)
    return owned.where(Division.register_id == register.id, holds_on(table, day))


def _add_codes(session: Session, register: RegisterState, day: date, *, plan: ImportPlan) -> None:
    for division, scheme, version, code in session.execute(_select(register, Code, day, "scheme", "version", "code")):
        plan.known[division].codes[scheme, version] = code
        plan.by_code[CodeKey(scheme, version, code)] = division
    others = select(Code.scheme, Code.version, Code.code).where(
        Code.register_id == register.id, is_current(Code), not_(holds_on(Code, day))
    )
    plan.other_days.update(CodeKey(*row) for row in session.execute(others))


def _add_positions(session: Session, register: RegisterState, day: date, *, plan: ImportPlan) -> None:
    points = select(Position.division_id, func.ST_AsBinary(Position.geom))
    owned = points.join(Division, Division.id == Position.division_id)
    for division, wkb in session.execute(owned.where(Division.register_id == register.id, holds_on(Position, day))):
        plan.known[division].ground[Fact.POSITION] = digest_ground(shapely.from_wkb(bytes(wkb)))


def _add_people(session: Session, register: RegisterState, plan: ImportPlan) -> None:
    figures = select(Population.division_id, Population.source, Population.people)
    owned = figures.join(Division, Division.id == Population.division_id)
    current = owned.where(Division.register_id == register.id, is_current(Population))
    for division, source, people in session.execute(current):
        plan.known[division].people[source] = people


def load_grounds(session: Session, register: RegisterState, day: date, *, level: str) -> dict[int, shapely.Geometry]:
    """Load the boundaries of a level by division."""
    chosen = (
        select(Boundary.division_id, func.ST_AsBinary(Boundary.geom))
        .join(Standing, Standing.division_id == Boundary.division_id)
        .join(Division, Division.id == Boundary.division_id)
        .where(Division.register_id == register.id, Standing.level == level)
        .where(holds_on(Boundary, day), holds_on(Standing, day))
    )
    return {division: shapely.from_wkb(bytes(wkb)) for division, wkb in session.execute(chosen)}
