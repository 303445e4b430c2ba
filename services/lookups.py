"""Look divisions up by code, name and kinship, for every use case that begins with one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from geo.errors import AmbiguousDivision, DivisionNotFound
from geo.register.divisions import Division
from geo.register.names import search_key
from geo.register.schemes import Scheme
from services.database.readiness import ReadyStatement, finish_statement
from services.queries import RegisterState, holds_on, is_current, select_divisions, to_division
from services.tables.changes import ReservedCode
from services.tables.register import Code, Name, Standing

NUL = "\0"
"""What PostgreSQL cannot hold in a text, and so cannot be asked about."""


def list_named(session: Session, register: RegisterState, name: str, *, day: date) -> list[Division]:
    """List the divisions that are called `name` on `day`, however it is spelt."""
    return list_matching(session, register, day, has_name(name, day))


def list_coded(session: Session, register: RegisterState, code: str, *, day: date) -> list[Division]:
    """List the divisions that have `code` in any scheme on `day`."""
    if NUL in code:
        return []
    rows = _finish_coded(register.id, register.country).run(session, code=code, day=day)
    return sort_divisions(register, [to_division(row) for row in rows])


@lru_cache(maxsize=64)
def _finish_coded(register_id: int, country: str) -> ReadyStatement:
    """Finish the statement that looks a code up, which nearly every question begins with."""
    register = RegisterState(register_id, "", country, 0)
    day, code = bindparam("day", type_=Date()), bindparam("code", type_=Text())
    same = and_(Code.register_id == register_id, Code.code == code, holds_on(Code, day))
    asked = Standing.division_id.in_(select(Code.division_id).where(same))
    return finish_statement(select_divisions(register, day).where(asked))


def list_ancestors(session: Session, register: RegisterState, division: Division, *, day: date) -> list[Division]:
    """List the divisions above one, from the top, and itself."""
    steps = _select_ancestors(division.id, day).subquery()
    return list_matching(session, register, day, Standing.division_id.in_(select(steps.c.division_id)))


def has_name(name: str, day: date) -> ColumnElement[bool]:
    """Say that a standing is of a division called `name`."""
    if NUL in name:
        return false()
    return Standing.division_id.in_(select(Name.division_id).where(Name.key == search_key(name), holds_on(Name, day)))


def has_code(register: RegisterState, code: str, day: date) -> ColumnElement[bool]:
    """Say that a standing is of a division with `code` in any scheme."""
    if NUL in code:
        return false()
    same = and_(Code.register_id == register.id, Code.code == code, holds_on(Code, day))
    return Standing.division_id.in_(select(Code.division_id).where(same))


def list_matching(
    session: Session, register: RegisterState, day: date, condition: ColumnElement[bool]
) -> list[Division]:
    """List the divisions whose standing meets a condition."""
    rows = session.execute(select_divisions(register, day).where(condition))
    return sort_divisions(register, [to_division(row) for row in rows])


def sort_divisions(register: RegisterState, divisions: Sequence[Division]) -> list[Division]:
    """Sort divisions by level, then by code."""
    return sorted(divisions, key=lambda one: (register.pack.level(one.level).rank, one.code, one.id))


def _select_ancestors(division: int, day: date) -> Select[Any]:
    first = select(Standing.division_id, Standing.parent_id).where(
        Standing.division_id == division, holds_on(Standing, day)
    )
    steps = first.cte("steps", recursive=True)
    above = select(Standing.division_id, Standing.parent_id).where(
        Standing.division_id == steps.c.parent_id, holds_on(Standing, day)
    )
    return select(steps.union(above).c.division_id)


def get_coded(session: Session, register: RegisterState, code: str, *, day: date, level: str | None = None) -> Division:
    """Give the one division with `code` in any scheme, of `level` if one is named.

    Raises DivisionNotFound, or AmbiguousDivision with those it could be.
    """
    found = [one for one in list_coded(session, register, code, day=day) if level in (None, one.level)]
    if not found:
        raise DivisionNotFound(asked=code)
    if len(found) > 1:
        raise AmbiguousDivision(asked=code, candidates=tuple(f"{one.level}:{one.scheme}:{one.code}" for one in found))
    return found[0]


def map_codes(session: Session, register: RegisterState, codes: Iterable[str]) -> dict[str, int]:
    """Map codes to the divisions that have, or had last, each in the primary scheme of their level.

    Raises DivisionNotFound with the first ten codes that no division or more than one has.
    """
    wanted = sorted(set(codes))
    rows = session.execute(
        select(Code.code, Code.division_id, func.upper(Code.valid).label("until"))
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.code == func.any(wanted), _is_primary(register))
        .where(is_current(Code), is_current(Standing))
        .order_by(Code.code, func.upper(Code.valid).desc().nulls_first())
    )
    latest: dict[str, object] = {}
    found: dict[str, set[int]] = {}
    for row in rows:
        if latest.setdefault(row.code, row.until) == row.until:
            found.setdefault(row.code, set()).add(row.division_id)
    unclear = [code for code in wanted if len(found.get(code, ())) != 1]
    if unclear:
        raise DivisionNotFound(asked=unclear[:10])
    return {code: min(divisions) for code, divisions in found.items()}


def _is_primary(register: RegisterState) -> ColumnElement[bool]:
    schemes = {level.key: register.pack.primary_scheme(level.key).key for level in register.pack.levels}
    return or_(*(and_(Standing.level == level, Code.scheme == scheme) for level, scheme in sorted(schemes.items())))


def list_taken(session: Session, register: RegisterState, scheme: Scheme) -> frozenset[str]:
    """List the codes of a scheme's version that are never free: held on any day, reserved, retired."""
    taken: set[str] = set()
    for table in (Code, ReservedCode):
        own = (table.register_id == register.id, table.scheme == scheme.key, table.version == scheme.version)
        taken.update(session.scalars(select(table.code).where(*own)))
    return frozenset(taken)
