"""Record councils, and show the one of a division beside the complaints it has to answer for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.civic.councils import Council as Draft
from geo.civic.councils import Member
from geo.errors import InvalidValue, because
from geo.register.divisions import Division
from geo.register.periods import Period
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.civic.counts import STATUSES, ComplaintCounts, count_complaints
from services.civic.seats import CouncilLine, find_council
from services.lookups import get_coded, map_codes
from services.queries import RegisterState
from services.tables.civic import Council, Membership


@dataclass(frozen=True)
class CouncilAnswer:
    """Answer which council a division has and how its complaints stand."""

    division: Division
    """The division."""
    council: CouncilLine | None
    """Its council; None without one."""
    period: Period
    """When the complaints came in, half-open, in days of UTC."""
    complaints: int | None
    """All complaints of the division; None where hidden."""
    by_status: dict[str, int | None]
    """The complaints by status, from received to rejected; None where hidden."""
    by_category: dict[str, int | None]
    """The complaints by category, in the order of the country pack; None where hidden."""
    synthetic: bool
    """True where the complaints are invented ones."""


def council_of(
    session: Session,
    register: RegisterState,
    code: str,
    *,
    period: Period,
    day: date,
    threshold: int | None = None,
) -> CouncilAnswer:
    """Give the council of a division on `day` with the complaints of a period by status and by category.

    Small counts are hidden like in `complaint_density`, from the same table.
    """
    found = _get_grounded(session, register, code, day)
    counts = count_complaints(session, register, period=period, day=day, threshold=threshold)
    return _answer_for(session, register, counts, found)


def find_council_in(session: Session, register: RegisterState, counts: ComplaintCounts, code: str) -> CouncilAnswer:
    """Give the council of a division with complaints that have been counted, as `council_of` does."""
    return _answer_for(session, register, counts, _get_grounded(session, register, code, counts.day))


def _get_grounded(session: Session, register: RegisterState, code: str, day: date) -> Division:
    found = get_coded(session, register, code, day=day)
    if register.pack.level(found.level).is_place:
        raise InvalidValue(field="level", value=found.level, reason=because("level_without_ground"))
    return found


def _answer_for(session: Session, register: RegisterState, counts: ComplaintCounts, found: Division) -> CouncilAnswer:
    division = counts.divisions[found.id]
    shown = {name: counts.find_count(division.id, name) for name in counts.columns}
    return CouncilAnswer(
        division=division,
        council=find_council(session, register, division.id, day=counts.day),
        period=counts.period,
        complaints=counts.find_count(division.id),
        by_status={status: shown[f"status.{status}"] for status in STATUSES},
        by_category={one.code: shown[f"category.{one.code}"] for one in register.pack.categories},
        synthetic=counts.synthetic,
    )


def record_councils(session: Session, register: RegisterState, councils: Sequence[Draft], *, caller: Caller) -> int:
    """Record councils with their members; one that is there under its code is replaced. Gives the number written."""
    check_permitted(session, caller, Action.RECORD_COUNCIL, register)
    if not councils:
        return 0
    _check_councils(councils)
    divisions = map_codes(session, register, [council.division_code for council in councils])
    keys = _write_councils(session, register, [_to_row(register, council, divisions) for council in councils])
    session.execute(delete(Membership).where(Membership.council_id == func.any(sorted(keys.values()))))
    rows = [row for council in councils for row in _seat_members(keys[council.code], council.members)]
    if rows:
        session.execute(insert(Membership), rows)
    detail = {"councils": len(councils)}
    record_write(session, caller=caller, action=Action.RECORD_COUNCIL, subject=register.name, detail=detail)
    return len(councils)


def _check_councils(councils: Sequence[Draft]) -> None:
    seen: set[str] = set()
    for council in councils:
        if council.code in seen:
            raise InvalidValue(field="council.code", value=council.code, reason=because("said_twice"))
        if council.seats < 1:
            raise InvalidValue(field="council.seats", value=council.seats, reason=because("below_least", least=1))
        seen.add(council.code)


def _to_row(register: RegisterState, council: Draft, divisions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "register_id": register.id,
        "division_id": divisions[council.division_code],
        "code": council.code,
        "name": council.name,
        "seats": council.seats,
        "synthetic": council.synthetic,
    }


def _write_councils(session: Session, register: RegisterState, rows: list[dict[str, Any]]) -> dict[str, int]:
    statement = upsert(Council)
    changed = {name: statement.excluded[name] for name in ("division_id", "name", "seats", "synthetic")}
    session.execute(statement.on_conflict_do_update(index_elements=["register_id", "code"], set_=changed), rows)
    codes = [row["code"] for row in rows]
    found = select(Council.code, Council.id).where(Council.register_id == register.id, Council.code == func.any(codes))
    return {code: key for code, key in session.execute(found)}


def _seat_members(council: int, members: Sequence[Member]) -> list[dict[str, Any]]:
    """Number the seats in the order of the members; one who follows another takes the same seat."""
    free_from: list[date | None] = []
    rows = []
    for member in members:
        start, end = member.period.start, member.period.end
        seat = next((at for at, free in enumerate(free_from) if free and start and free <= start), len(free_from))
        free_from[seat : seat + 1] = [end]
        held = {"person": member.name, "role": member.role, "term": Range(start, end)}
        rows.append({"council_id": council, "seat": seat + 1, **held})
    return rows
