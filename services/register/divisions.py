"""Look divisions up: by code, name, point, level and parent, and describe one with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Date, Double, Select, bindparam, func, select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from geo.register.periods import Period
from services.database.readiness import ReadyStatement, finish_statement
from services.lookups import get_coded, has_code, has_name, list_ancestors, list_matching, sort_divisions
from services.queries import (
    RegisterState,
    count_people_in,
    holds_on,
    is_current,
    select_divisions,
    to_division,
    to_period,
)
from services.register.pages import list_page
from services.tables.register import Boundary, Code, Name, Population, Position, Standing
from services.tables.register import Division as Record


@dataclass(frozen=True)
class DivisionFilter:
    """Say which divisions are wanted; None leaves a side open."""

    level: str | None = None
    """Only of this level."""
    parent: int | None = None
    """Only those that stand directly under this division."""
    code: str | None = None
    """Only those with this code, in any scheme."""
    name: str | None = None
    """Only those of this name, however it is spelt."""


@dataclass(frozen=True)
class CodeFact:
    """Hold one code of a division with its period."""

    scheme: str
    """The scheme."""
    version: str
    """Its version."""
    code: str
    """The code."""
    period: Period
    """When it holds."""


@dataclass(frozen=True)
class NameFact:
    """Hold one name of a division."""

    language: str
    """Its language."""
    text: str
    """The name."""
    official: bool
    """Whether it is the official one."""
    period: Period
    """When it holds."""


@dataclass(frozen=True)
class PeopleFact:
    """Hold one population figure of a division."""

    source: str
    """Who counted, and when."""
    people: int
    """How many."""


@dataclass(frozen=True)
class DivisionRecord:
    """Hold a division with all that the register says of it."""

    division: Division
    """The division as it stands on the day."""
    chain: tuple[Division, ...]
    """The divisions above it, from the top."""
    children: int
    """How many stand directly under it."""
    codes: tuple[CodeFact, ...]
    """All its codes, past and present."""
    names: tuple[NameFact, ...]
    """All its names, past and present."""
    population: tuple[PeopleFact, ...]
    """All its figures."""
    position: tuple[float, float] | None
    """Longitude and latitude of the place, or of the centre."""


def list_divisions(
    session: Session, register: RegisterState, wanted: DivisionFilter, *, day: date, limit: int = 100, offset: int = 0
) -> tuple[Division, ...]:
    """List divisions as they stand on `day`, with the people counted in them.

    They come by level, then by code; those without a code in the primary scheme come last in their level.
    """
    if wanted.parent is None and wanted.code is None and wanted.name is None:
        level = None if wanted.level is None else register.pack.level(wanted.level).key
        ids = list_page(session, register, level, day=day, limit=limit, offset=offset)
        return add_people(session, _list_in_order(session, register, ids, day=day), day=day)
    found = list_matching(session, register, day, Standing.division_id.in_(_select_ids(register, wanted, day)))
    found.sort(key=lambda one: _find_order(register, one))
    return add_people(session, found[offset : offset + limit], day=day)


def _find_order(register: RegisterState, division: Division) -> tuple[int, bool, str, int]:
    level = register.pack.level(division.level)
    is_other = division.scheme != register.pack.primary_scheme(level.key).key
    return level.rank, is_other, division.code, division.id


def _list_in_order(session: Session, register: RegisterState, ids: Sequence[int], *, day: date) -> list[Division]:
    found = {one.id: one for one in list_matching(session, register, day, Standing.division_id == func.any(list(ids)))}
    return [found[division] for division in ids]


def list_divisions_at(
    session: Session, register: RegisterState, point: shapely.Point, *, day: date
) -> tuple[Division, ...]:
    """List the divisions of every level that cover a point, from the top; on a shared edge all that touch it."""
    rows = _finish_covering(register.id, register.country).run(session, lon=point.x, lat=point.y, day=day)
    return add_people(session, sort_divisions(register, [to_division(row) for row in rows]), day=day)


@lru_cache(maxsize=64)
def _finish_covering(register_id: int, country: str) -> ReadyStatement:
    """Finish the statement that finds what covers a point."""
    register, day = RegisterState(register_id, "", country, 0), bindparam("day", type_=Date())
    lon_lat = (bindparam(side, type_=Double[float]()) for side in ("lon", "lat"))
    place = func.ST_SetSRID(func.ST_MakePoint(*lon_lat), 4326)
    covering = select(Boundary.division_id).where(holds_on(Boundary, day), func.ST_Covers(Boundary.geom, place))
    return finish_statement(select_divisions(register, day).where(Standing.division_id.in_(covering)))


def count_divisions(session: Session, register: RegisterState, wanted: DivisionFilter, *, day: date) -> int:
    """Count the divisions that `list_divisions` would give."""
    ids = _select_ids(register, wanted, day).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def count_levels(session: Session, register: RegisterState, *, day: date) -> dict[str, int]:
    """Count the divisions of each level on `day`, in the order of the levels."""
    rows = session.execute(
        select(Standing.level, func.count())
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
        .group_by(Standing.level)
    )
    counts = {level: count for level, count in rows}
    return {level: counts[level] for level in register.pack.level_keys if level in counts}


def _select_ids(register: RegisterState, wanted: DivisionFilter, day: date) -> Select[int]:
    query = (
        select(Standing.division_id)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    )
    if wanted.level is not None:
        query = query.where(Standing.level == register.pack.level(wanted.level).key)
    if wanted.parent is not None:
        query = query.where(Standing.parent_id == wanted.parent)
    if wanted.code is not None:
        query = query.where(has_code(register, wanted.code, day))
    if wanted.name is not None:
        query = query.where(has_name(wanted.name, day))
    return query


def add_people(session: Session, divisions: Sequence[Division], *, day: date) -> tuple[Division, ...]:
    """Add to divisions the people counted in them or in their parts."""
    people = count_people_in(session, [division.id for division in divisions], day)
    return tuple(replace(division, people=people.get(division.id)) for division in divisions)


def get_division(
    session: Session, register: RegisterState, code: str, *, day: date, level: str | None = None
) -> Division:
    """Give the one division that has `code`, as `get_coded` does, with the people counted in it."""
    return add_people(session, [get_coded(session, register, code, day=day, level=level)], day=day)[0]


def describe_division(session: Session, register: RegisterState, division: Division, *, day: date) -> DivisionRecord:
    """Gather all that the register says of a division."""
    above = list_ancestors(session, register, division, day=day)
    return DivisionRecord(
        division=division,
        chain=tuple(one for one in above if one.id != division.id),
        children=count_divisions(session, register, DivisionFilter(parent=division.id), day=day),
        codes=_list_codes(session, division),
        names=_list_names(session, division),
        population=_list_people(session, division),
        position=_find_position(session, division, day),
    )


def _list_codes(session: Session, division: Division) -> tuple[CodeFact, ...]:
    rows = session.execute(
        select(Code.scheme, Code.version, Code.code, Code.valid)
        .where(Code.division_id == division.id, is_current(Code))
        .order_by(Code.scheme, Code.version, Code.valid)
    )
    return tuple(CodeFact(scheme, version, code, to_period(valid)) for scheme, version, code, valid in rows)


def _list_names(session: Session, division: Division) -> tuple[NameFact, ...]:
    rows = session.execute(
        select(Name.language, Name.text, Name.official, Name.valid)
        .where(Name.division_id == division.id, is_current(Name))
        .order_by(Name.official.desc(), Name.language, Name.valid)
    )
    return tuple(NameFact(language, text, official, to_period(valid)) for language, text, official, valid in rows)


def _list_people(session: Session, division: Division) -> tuple[PeopleFact, ...]:
    rows = session.execute(
        select(Population.source, Population.people)
        .where(Population.division_id == division.id, is_current(Population))
        .order_by(Population.source)
    )
    return tuple(PeopleFact(source, people) for source, people in rows)


def _find_position(session: Session, division: Division, day: date) -> tuple[float, float] | None:
    row = session.execute(
        select(func.ST_X(Position.geom), func.ST_Y(Position.geom)).where(
            Position.division_id == division.id, holds_on(Position, day)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def find_geometry(session: Session, division: Division, *, day: date) -> BaseGeometry | None:
    """Find the boundary of a division, or the point of a place, EPSG:4326."""
    for table in (Boundary, Position):
        wkb = session.scalar(
            select(func.ST_AsBinary(table.geom)).where(table.division_id == division.id, holds_on(table, day))
        )
        if wkb is not None:
            return shapely.from_wkb(bytes(wkb))
    return None
