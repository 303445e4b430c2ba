"""Record the decrees by which divisions change, and look them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from geo.errors import AlreadyExists, DecreeNotFound, InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState
from services.register.held_changes import is_shown
from services.tables.changes import Change
from services.tables.changes import Decree as Record

LONGEST_TEXT = 500
"""Letters of a number, issuer or title."""


@dataclass(frozen=True)
class DecreeText:
    """Say what stands at the head of a decree."""

    number: str
    """Its number, as its issuer writes it."""
    issuer: str
    """Who issued it."""
    signed_on: date
    """The day it was signed."""
    in_force_from: date
    """The first day on which it is in force."""
    title: str = ""
    """What it is about."""


@dataclass(frozen=True)
class Decree:
    """Hold a decree as the register keeps it."""

    id: int
    """Its key."""
    text: DecreeText
    """What stands at its head."""
    recorded_by: str
    """Who recorded it."""
    changes: int
    """How many changes refer to it."""


def record_decree(session: Session, register: RegisterState, text: DecreeText, *, caller: Caller) -> Decree:
    """Keep a decree, once: a second one of the same issuer and number is refused with AlreadyExists."""
    check_permitted(session, caller, Action.DRAFT_CHANGE, register)
    _check_text(text)
    same = (Record.register_id == register.id, Record.issuer == text.issuer, Record.number == text.number)
    if session.scalar(select(Record.id).where(*same)) is not None:
        raise AlreadyExists(name=f"{text.issuer} {text.number}")
    values = {**vars(text), "register_id": register.id, "recorded_by": caller.name}
    key = session.scalars(insert(Record).values(values).returning(Record.id)).one()
    detail = {"decree": key, "number": text.number, "issuer": text.issuer}
    record_write(session, caller=caller, action=Action.DRAFT_CHANGE, subject=register.name, detail=detail)
    return get_decree(session, register, key)


def _check_text(text: DecreeText) -> None:
    for field in ("number", "issuer", "title"):
        value = getattr(text, field)
        if (not value.strip() and field != "title") or len(value) > LONGEST_TEXT or "\0" in value:
            raise InvalidValue(field=field, value=value[:20], reason=because("change_wants_text", most=LONGEST_TEXT))


def get_decree(session: Session, register: RegisterState, key: int) -> Decree:
    """Give the decree of a key, or raise DecreeNotFound."""
    row = session.execute(_select_decrees(session, register).where(Record.id == key)).one_or_none()
    if row is None:
        raise DecreeNotFound(decree=key)
    return _to_decree(row)


def list_decrees(session: Session, register: RegisterState, *, limit: int = 100, offset: int = 0) -> tuple[Decree, ...]:
    """List the decrees of a register, the latest in force first."""
    order = (Record.in_force_from.desc(), Record.id.desc())
    rows = session.execute(_select_decrees(session, register).order_by(*order).limit(limit).offset(offset))
    return tuple(_to_decree(row) for row in rows)


def _select_decrees(session: Session, register: RegisterState) -> Select[Any]:
    own = select(func.count()).where(Change.decree_id == Record.id, is_shown(session))
    changes = own.correlate(Record).scalar_subquery()
    columns = (Record.id, Record.number, Record.issuer, Record.signed_on, Record.in_force_from, Record.title)
    return select(*columns, Record.recorded_by, changes.label("changes")).where(Record.register_id == register.id)


def _to_decree(row: Row[Any]) -> Decree:
    text = DecreeText(row.number, row.issuer, row.signed_on, row.in_force_from, row.title)
    return Decree(row.id, text, row.recorded_by, row.changes)
