"""Look divisions up by code, name and kinship, for every use case that begins with one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from geo.register.names import search_key
from services.queries import RegisterState, holds_on, select_divisions, to_division
from services.tables.register import Code, Name, Standing


def list_named(session: Session, register: RegisterState, name: str, *, day: date) -> list[Division]:
    """List the divisions that are called `name` on `day`, however it is spelt."""
    return list_matching(session, register, day, has_name(name, day))


def list_coded(session: Session, register: RegisterState, code: str, *, day: date) -> list[Division]:
    """List the divisions that have `code` in any scheme on `day`."""
    return list_matching(session, register, day, has_code(register, code, day))


def list_ancestors(session: Session, register: RegisterState, division: Division, *, day: date) -> list[Division]:
    """List the divisions above one, from the top, and itself."""
    steps = _select_ancestors(division.id, day).subquery()
    return list_matching(session, register, day, Standing.division_id.in_(select(steps.c.division_id)))


def has_name(name: str, day: date) -> ColumnElement[bool]:
    """Say that a standing is of a division called `name`."""
    return Standing.division_id.in_(select(Name.division_id).where(Name.key == search_key(name), holds_on(Name, day)))


def has_code(register: RegisterState, code: str, day: date) -> ColumnElement[bool]:
    """Say that a standing is of a division with `code` in any scheme."""
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
