"""Record complaints in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Double, Text, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.civic.complaints import Complaint as Draft
from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.database.batches import Columns, join_point, split_point, unnest_rows
from services.lookups import map_codes
from services.queries import RegisterState, analyse_tables
from services.tables.civic import Complaint

COLUMNS: Columns = {
    "code": Text(),
    "category": Text(),
    "submitted_at": DateTime(timezone=True),
    "lon": Double(),
    "lat": Double(),
    "division_id": BigInteger(),
    "description": Text(),
    "status": Text(),
    "synthetic": Boolean(),
}
"""The columns in which complaints travel to the store, all rows in one statement."""


def record_complaints(session: Session, register: RegisterState, complaints: Sequence[Draft], *, caller: Caller) -> int:
    """Record complaints; one that is there under its code is replaced. Gives the number written."""
    check_permitted(session, caller, Action.RECORD_COMPLAINT, register)
    if not complaints:
        return 0
    _check_complaints(register, complaints)
    codes = (complaint.division_code for complaint in complaints if complaint.division_code is not None)
    divisions = map_codes(session, register, codes)
    rows = unnest_rows(COLUMNS, [_to_values(complaint, divisions) for complaint in complaints])
    place = join_point(rows.c.lon, rows.c.lat)
    kept = [name for name in COLUMNS if name not in ("lon", "lat")]
    statement = upsert(Complaint).from_select(
        ["register_id", "geom", *kept], select(literal(register.id), place, *(rows.c[name] for name in kept))
    )
    changed = {name: statement.excluded[name] for name in ("geom", *kept) if name != "code"}
    session.execute(statement.on_conflict_do_update(index_elements=["register_id", "code"], set_=changed))
    analyse_tables(session, Complaint)
    detail = {"complaints": len(complaints)}
    record_write(session, caller=caller, action=Action.RECORD_COMPLAINT, subject=register.name, detail=detail)
    return len(complaints)


def _check_complaints(register: RegisterState, complaints: Sequence[Draft]) -> None:
    """Refuse what could not be counted, before anything is written."""
    categories = tuple(category.code for category in register.pack.categories)
    seen: set[str] = set()
    for complaint in complaints:
        if complaint.code in seen:
            raise InvalidValue(field="complaint.code", value=complaint.code, reason=because("said_twice"))
        if complaint.category not in categories:
            reason = because("not_a_category", known=categories)
            raise InvalidValue(field="complaint.category", value=complaint.category, reason=reason)
        if complaint.submitted_at.tzinfo is None:
            raise InvalidValue(
                field="complaint.submitted_at", value=complaint.submitted_at, reason=because("without_time_zone")
            )
        seen.add(complaint.code)


def _to_values(complaint: Draft, divisions: Mapping[str, int]) -> tuple[Any, ...]:
    return (
        complaint.code,
        complaint.category,
        complaint.submitted_at,
        *split_point(complaint.point),
        divisions.get(complaint.division_code or ""),
        complaint.description,
        complaint.status.value,
        complaint.synthetic,
    )
