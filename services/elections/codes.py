"""Find which divisions a code means."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound
from services.queries import RegisterState, is_current
from services.tables.register import Code, Standing


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
