"""Tell that a station is closed, has moved, or is open after all; look-ups show it at once and all notices stay."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, StaleVersion, StationNotFound, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.closures import Notice, Status, load_notices, select_notices, to_notice
from services.queries import RegisterState
from services.tables.ballots import StationNotice
from services.tables.elections import Station

LONGEST_REASON = 500


@dataclass(frozen=True)
class NoticeText:
    """Hold a notice as it is given."""

    status: Status
    """Whether the station can be gone to."""
    reason: str = ""
    """Why, for voters."""
    replacement: str | None = None
    """The station to go to instead, by code."""
    follows: int | None = None
    """The notice that was the latest when this one was written; None when there was none."""


def give_notice(session: Session, register: RegisterState, code: str, text: NoticeText, *, caller: Caller) -> Notice:
    """Give notice of a station; look-ups show it from the commit on.

    Raises StationNotFound, StaleVersion when another notice was given meanwhile, InvalidValue for a station that moves
    nowhere, replaces itself or is replaced by one that is closed.
    """
    station = _find_station(session, register, code, lock=True)
    check_permitted(session, caller, Action.RECORD_STATION, register, station.division_id)
    latest = load_notices(session, [station.id]).get(station.id)
    current = latest.id if latest else None
    if current != text.follows:
        raise StaleVersion(based_on=text.follows, current=current)
    replacement = _find_replacement(session, register, station, text)
    values = {"station_id": station.id, "status": str(text.status), "reason": _check_reason(text.reason)}
    session.execute(insert(StationNotice).values(**values, replacement_id=replacement, actor=caller.name))
    detail = {"station": code, "status": str(text.status), "replacement": text.replacement}
    record_write(session, caller=caller, action=Action.RECORD_STATION, subject=register.name, detail=detail)
    return load_notices(session, [station.id])[station.id]


def _find_station(session: Session, register: RegisterState, code: str, *, lock: bool = False) -> Station:
    query = select(Station).where(Station.register_id == register.id, Station.code == code.replace("\0", "\ufffd"))
    station = session.scalar(query.with_for_update() if lock else query)
    if station is None:
        raise StationNotFound(station=code[:100].replace("\0", "\ufffd"))
    return station


def _check_reason(text: str) -> str:
    if len(text) > LONGEST_REASON or "\0" in text:
        raise InvalidValue(field="reason", value=text[:40].replace("\0", ""), reason=because("notice_reason"))
    return text


def _find_replacement(session: Session, register: RegisterState, station: Station, text: NoticeText) -> int | None:
    if text.replacement is None:
        if text.status is Status.MOVED:
            raise InvalidValue(field="replacement", value=None, reason=because("notice_moves_nowhere"))
        return None
    if text.status is Status.OPEN or text.replacement == station.code:
        raise InvalidValue(field="replacement", value=text.replacement[:100], reason=because("notice_replaces_itself"))
    other = _find_station(session, register, text.replacement)
    known = load_notices(session, [other.id]).get(other.id)
    if known is not None and known.status is not Status.OPEN:
        raise InvalidValue(field="replacement", value=text.replacement[:100], reason=because("notice_replaced_closed"))
    return other.id


def list_notices(session: Session, register: RegisterState, code: str) -> tuple[Notice, ...]:
    """List all notices of a station, the latest first; raises StationNotFound."""
    station = _find_station(session, register, code)
    rows = session.execute(
        select_notices().where(StationNotice.station_id == station.id).order_by(StationNotice.id.desc())
    )
    return tuple(to_notice(row, other) for row, other in rows)
