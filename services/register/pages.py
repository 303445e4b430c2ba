"""Cut the divisions of a register into pages by level and code, without reading more of them than a page holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, collate, func, select, true
from sqlalchemy.orm import Session, aliased

from services.queries import RegisterState, holds_on, select_code
from services.tables.register import Code, Division, Standing


def list_page(
    session: Session, register: RegisterState, level: str | None, *, day: date, limit: int, offset: int
) -> list[int]:
    """List the ids of one page of divisions: by level, then by code in the primary scheme, then all without such."""
    page: list[int] = []
    skipped = offset
    for part in _list_parts(register, level, day):
        found = session.scalars(part.limit(limit - len(page)).offset(skipped)).all()
        page += found
        if len(page) == limit:
            break
        # only a part that lies before the page is ever counted
        skipped = max(0, skipped - _count(session, part)) if skipped and not found else 0
    return page


def _list_parts(register: RegisterState, level: str | None, day: date) -> Iterator[Select[int]]:
    for key in register.pack.level_keys if level is None else (level,):
        yield _select_coded(register, key, day)
        yield _select_others(register, key, day)


def _count(session: Session, part: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(part.order_by(None).subquery())) or 0


def _select_coded(register: RegisterState, level: str, day: date) -> Select[int]:
    """Select the divisions with a code in the primary scheme, which an index gives in order."""
    own = (Standing.division_id == Code.division_id, Standing.level == level, holds_on(Standing, day))
    return (
        select(Standing.division_id)
        .join(Code, and_(*own[:1]))
        .where(*own[1:], Code.register_id == register.id, _is_primary(Code, register, level, day), _is_latest(day))
        .order_by(_in_order(Code.code), Standing.division_id)
    )


def _select_others(register: RegisterState, level: str, day: date) -> Select[int]:
    code = select_code(register, day).lateral("code")
    primary = select(Code.id).where(Code.division_id == Standing.division_id, _is_primary(Code, register, level, day))
    return (
        select(Standing.division_id)
        .join(Division, Division.id == Standing.division_id)
        .join(code, true(), isouter=True)
        .where(Division.register_id == register.id, Standing.level == level, holds_on(Standing, day))
        .where(~primary.exists())
        .order_by(_in_order(code.c.code).nulls_first(), Standing.division_id)
    )


def _is_primary(table: Any, register: RegisterState, level: str, day: date) -> ColumnElement[bool]:  # noqa: ANN401
    return and_(table.scheme == register.pack.primary_scheme(level).key, holds_on(table, day))


def _is_latest(day: date) -> ColumnElement[bool]:
    """Say that no later version of the scheme gives the division another code."""
    later = aliased(Code)
    same = (later.division_id == Code.division_id, later.scheme == Code.scheme, later.version > Code.version)
    return ~select(later.id).where(*same, holds_on(later, day)).exists()


def _in_order(code: Any) -> ColumnElement[str]:  # noqa: ANN401 - a column of a table or of a subquery
    """Order codes by their characters on every server, as Python does."""
    return collate(code, "C")
