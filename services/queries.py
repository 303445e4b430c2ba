"""Hold the pieces of SQL that several use cases share: registers, and divisions as of a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, aliased

from geo.errors import RegisterNotFound
from geo.register.countries import CountryPack
from geo.register.divisions import Division, sum_parts
from geo.register.packs import load_pack
from geo.register.periods import Period
from services.database.readiness import ReadyStatement, finish_statement
from services.tables import Table
from services.tables.changes import Change, Lineage
from services.tables.register import Boundary, Code, Name, Population, Register, Standing
from services.tables.register import Division as Record


@dataclass(frozen=True)
class RegisterState:
    """Name a register and the version it is at."""

    id: int
    """The key of the register."""
    name: str
    """Its name."""
    country: str
    """The country whose pack it follows."""
    version: int
    """How many writes it has seen; a write says which version it is based on."""

    @property
    def pack(self) -> CountryPack:
        """Give the pack of its country."""
        return load_pack(self.country)


def find_register(session: Session, name: str) -> RegisterState | None:
    """Find a register by its name."""
    if "\0" in name:
        return None
    row = session.execute(_select_registers().where(Register.name == name)).one_or_none()
    return RegisterState(**row._mapping) if row else None


def get_register(session: Session, name: str) -> RegisterState:
    """Give the register of that name, or raise RegisterNotFound."""
    found = find_register(session, name)
    if found is None:
        raise RegisterNotFound(register=name)
    return found


def list_registers(session: Session) -> tuple[RegisterState, ...]:
    """List the registers by name."""
    return tuple(RegisterState(**row._mapping) for row in session.execute(_select_registers().order_by(Register.name)))


def _select_registers() -> Select[int, str, str, int]:
    return select(Register.id, Register.name, Register.country, Register.version)


Day = date | BindParameter[date]
"""A day, or the parameter that stands for one in a statement that is kept."""


def holds_on(table: Any, day: Day) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table or its alias
    """Say that a fact holds on `day`, as far as the register knows now."""
    return and_(table.valid.contains(literal(day) if isinstance(day, date) else day), is_current(table))


def is_current(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any recorded table or its alias
    """Say that the register still says so."""
    return func.upper_inf(table.recorded)


def select_divisions(register: RegisterState, day: Day) -> Select[Any]:
    """Select id, level, parent, code, scheme, official names and area of a register's divisions on `day`.

    The code is that of the level's primary scheme, else of the first scheme the division has a code in. Narrow the
    answer by adding conditions on `Standing`; `to_division` reads its rows.
    """
    code = select_code(register, day).lateral("code")
    return (
        select(
            Standing.division_id,
            Standing.level,
            Standing.parent_id,
            code.c.code,
            code.c.scheme,
            _select_names(day).label("names"),
            _select_area(day).label("area_m2"),
        )
        .join(Record, Record.id == Standing.division_id)
        .join(code, true(), isouter=True)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    )


def select_code(register: RegisterState, day: Day) -> Select[str, str]:
    """Select code and scheme of the division of a `Standing`: the primary scheme's, else the first scheme's."""
    schemes = {level.key: register.pack.primary_scheme(level.key) for level in register.pack.levels}
    is_primary = or_(
        *(and_(Standing.level == level, Code.scheme == scheme.key) for level, scheme in sorted(schemes.items()))
    )
    return (
        select(Code.code, Code.scheme)
        .where(Code.division_id == Standing.division_id, holds_on(Code, day))
        .order_by(is_primary.desc(), Code.scheme, Code.version.desc())
        .limit(1)
    )


def _select_names(day: Day) -> ScalarSelect[dict[str, str]]:
    pairs = func.jsonb_object_agg(Name.language, Name.text)
    official = (Name.division_id == Standing.division_id, Name.official, holds_on(Name, day))
    return select(pairs).where(*official).scalar_subquery()


def _select_area(day: Day) -> ScalarSelect[float]:
    own = (Boundary.division_id == Standing.division_id, holds_on(Boundary, day))
    return select(Boundary.area_m2).where(*own).scalar_subquery()


def to_division(row: Row[Any]) -> Division:
    """Read a row of `select_divisions`."""
    return Division(
        id=row.division_id,
        level=row.level,
        code=row.code or "",
        scheme=row.scheme or "",
        names=row.names or {},
        parent_id=row.parent_id,
        area_m2=row.area_m2,
    )


def count_people(session: Session, register: RegisterState, day: date) -> dict[int, int]:
    """Count the people of every division that has a figure, or whose parts have: division id to people."""
    standings = session.execute(
        select(Standing.division_id, Standing.parent_id)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    )
    own = select(Record.id).where(Record.register_id == register.id)
    parents = {division: parent for division, parent in standings}
    return sum_parts(parents, _load_figures(session, Population.division_id.in_(own), day))


def count_people_in(session: Session, divisions: Iterable[int], day: date) -> dict[int, int]:
    """Count the people of some divisions as `count_people` does, from them and their parts alone."""
    asked = sorted(set(divisions))
    parents: dict[int, int | None] = dict.fromkeys(asked)
    figures: dict[int, int] = {}
    step = asked
    while step:
        figures |= {row.division_id: row.people for row in _finish_figures().run(session, divisions=step, day=day)}
        whole = [division for division in step if division not in figures]
        below = _finish_below().run(session, divisions=whole, day=day) if whole else ()
        found = {row.division_id: row.parent_id for row in below}
        step = sorted(found.keys() - parents.keys())
        parents |= found
    people = sum_parts(parents, figures)
    return {division: people[division] for division in asked if division in people}


@cache
def _finish_figures() -> ReadyStatement:
    """Finish the statement that loads the figures of some divisions, the latest last."""
    return finish_statement(_select_figures(Population.division_id == func.any(_DIVISIONS), _DAY))


@cache
def _finish_below() -> ReadyStatement:
    """Finish the statement that lists what stands directly under some divisions."""
    below = (Standing.parent_id == func.any(_DIVISIONS), holds_on(Standing, _DAY))
    return finish_statement(select(Standing.division_id, Standing.parent_id).where(*below))


_DIVISIONS = bindparam("divisions", type_=ARRAY(BigInteger))
_DAY = bindparam("day", type_=Date())


def _load_figures(session: Session, condition: ColumnElement[bool], day: date) -> dict[int, int]:
    """Load the latest figure of each division that has its own."""
    return {division: people for division, people in session.execute(_select_figures(condition, day))}


def _select_figures(condition: ColumnElement[bool], day: Day) -> Select[int, int]:
    """Select the figures of divisions, the latest last; one counted on another extent says nothing of a division."""
    return (
        select(Population.division_id, Population.people)
        .where(condition, is_current(Population), ~_was_resized(day))
        .order_by(Population.division_id, Population.counted_on.nulls_first(), Population.source)
    )


def _was_resized(day: Day) -> ColumnElement[bool]:
    """Say that the division of a figure has changed its extent between the count and a day."""
    undo = aliased(Change)
    # a change is on record from its application until it is taken back, like any other fact
    record = func.tstzrange(Change.applied_at, undo.applied_at).label("recorded")
    resizing = (
        select(Lineage.division_id, Change.effective_on, record)
        .join(Change, Change.id == Lineage.change_id)
        .join(undo, and_(undo.undoes == Change.id, undo.state == "applied"), isouter=True)
        .where(Lineage.role == "resized", Lineage.division_id == Population.division_id, Change.state == "applied")
        .correlate(Population)
        .subquery("resizing")
    )
    counted_before = or_(Population.counted_on.is_(None), Population.counted_on < resizing.c.effective_on)
    meant = (func.upper_inf(resizing.c.recorded), resizing.c.effective_on <= day, counted_before)
    return select(literal(1)).select_from(resizing).where(*meant).exists()


def load_boundaries(
    session: Session, register: RegisterState, day: date, condition: ColumnElement[bool]
) -> dict[int, BaseGeometry]:
    """Load the boundaries, EPSG:4326, of the divisions whose standing meets a condition: division id to geometry."""
    chosen = (
        select(Boundary.division_id, func.ST_AsBinary(Boundary.geom))
        .join(Standing, Standing.division_id == Boundary.division_id)
        .join(Record, Record.id == Boundary.division_id)
        .where(Record.register_id == register.id, holds_on(Boundary, day), holds_on(Standing, day), condition)
        .order_by(Boundary.division_id)
    )
    return {division: shapely.from_wkb(bytes(wkb)) for division, wkb in session.execute(chosen)}


def to_period(valid: Range[date]) -> Period:
    """Read a stored period."""
    return Period(valid.lower, valid.upper)


def analyse_tables(session: Session, *tables: type[Table]) -> None:
    """Let the planner look at tables that a bulk write has changed.

    Autovacuum would do so in a minute, which a private cluster that stops with its program never has; without it a
    join of complaints and boundaries has been seen to take eighty times as long.
    """
    for table in tables:
        session.execute(text(f"analyze {table.__tablename__}"))
