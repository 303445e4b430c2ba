"""Declare that the law wants what an audit finds, list such exceptions, and withdraw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.coverage import FindingKind
from geo.errors import DecreeNotFound, ExceptionNotFound, InvalidChange, InvalidValue, because
from geo.register.changes.order_parts import Part
from geo.register.periods import ALWAYS, Period
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState, is_current, to_period
from services.tables.boundaries import STANDINGS, LawfulException
from services.tables.changes import Decree

LONGEST_REASON = 1000
"""Letters of a reason."""

LONGEST_FINGERPRINT = 64
"""Letters of a fingerprint, of which there are fewer."""


@dataclass(frozen=True)
class ExceptionText:
    """Say which case is no defect, and why."""

    kind: str
    """The kind of finding."""
    reason: str
    """Why the law wants it so."""
    fingerprint: str | None = None
    """The case; None when a ground is named instead."""
    ground: BaseGeometry | None = None
    """Ground, EPSG:4326, on which findings of the kind are no defects; None when a case is named."""
    decree: int | None = None
    """The decree that says so, if one does."""
    period: Period = ALWAYS
    """The days on which it holds; it expires on the first day after it."""
    status: str = "lawful"
    """`lawful`, `void` where the ground is nobody's, or `undetermined`."""


@dataclass(frozen=True)
class ExceptionState:
    """Hold an exception as the register keeps it."""

    id: int
    """Its key."""
    text: ExceptionText
    """What it says."""
    declared_by: str
    """Who declared it."""


def declare_exception(
    session: Session, register: RegisterState, text: ExceptionText, *, caller: Caller
) -> ExceptionState:
    """Keep an exception: audits from now on, and those kept already, tell what it covers apart from defects."""
    check_permitted(session, caller, Action.DECLARE_EXCEPTION, register)
    _check_text(session, register, text)
    key = session.scalars(insert(LawfulException).values(_to_values(register, text, caller)).returning(_KEY)).one()
    detail = {"exception": key, "kind": text.kind, "status": text.status, "fingerprint": text.fingerprint}
    record_write(session, caller=caller, action=Action.DECLARE_EXCEPTION, subject=register.name, detail=detail)
    return ExceptionState(key, text, caller.name)


_KEY = LawfulException.id


def withdraw_exception(session: Session, register: RegisterState, exception: int, *, caller: Caller) -> ExceptionState:
    """Let an exception count no more; what it covered is a defect again."""
    check_permitted(session, caller, Action.DECLARE_EXCEPTION, register)
    found = get_exception(session, register, exception)
    until = func.tstzrange(func.lower(LawfulException.recorded), func.now())
    session.execute(update(LawfulException).where(LawfulException.id == found.id).values(recorded=until))
    detail = {"exception": found.id, "withdrawn": True}
    record_write(session, caller=caller, action=Action.DECLARE_EXCEPTION, subject=register.name, detail=detail)
    return found


def get_exception(session: Session, register: RegisterState, exception: int) -> ExceptionState:
    """Give an exception that has not been withdrawn, or raise ExceptionNotFound."""
    row = None
    if 0 < exception < 2**63:
        row = session.execute(_select(register).where(LawfulException.id == exception)).one_or_none()
    if row is None:
        raise ExceptionNotFound(exception=exception)
    return _to_state(row)


def list_exceptions(
    session: Session, register: RegisterState, *, day: date | None = None
) -> tuple[ExceptionState, ...]:
    """List the exceptions that have not been withdrawn, of those that hold on a day or of all."""
    chosen = _select(register).order_by(LawfulException.id)
    if day is not None:
        chosen = chosen.where(LawfulException.valid.contains(day))
    return tuple(_to_state(row) for row in session.execute(chosen))


def read_ground(body: object) -> BaseGeometry:
    """Read the ground of an exception from GeoJSON, or raise InvalidValue."""
    try:
        return Part("ground", body).geometry("Polygon", "MultiPolygon")
    except InvalidChange as error:
        raise InvalidValue(field="ground", value="GeoJSON", reason=error.params["reason"]) from error


def _check_text(session: Session, register: RegisterState, text: ExceptionText) -> None:
    kinds = tuple(kind.value for kind in FindingKind)
    _check_word("kind", text.kind, kinds)
    _check_word("status", text.status, STANDINGS)
    _check_letters("reason", text.reason, LONGEST_REASON)
    if (text.fingerprint is None) == (text.ground is None):
        raise InvalidValue(field="fingerprint", value=text.fingerprint or "", reason=because("exception_one_case"))
    if text.fingerprint is not None:
        _check_letters("fingerprint", text.fingerprint, LONGEST_FINGERPRINT)
    if text.ground is not None and (text.ground.is_empty or not text.ground.is_valid):
        raise InvalidValue(field="ground", value=text.ground.geom_type, reason=because("exception_ground"))
    if text.decree is not None:
        _check_decree(session, register, text.decree)


def _check_word(field: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidValue(field=field, value=value[:100], reason=because("change_unknown_word", known=known))


def _check_letters(field: str, value: str, most: int) -> None:
    if not value.strip() or len(value) > most or "\0" in value:
        raise InvalidValue(
            field=field, value=value[:20].replace("\0", ""), reason=because("exception_letters", most=most)
        )


def _check_decree(session: Session, register: RegisterState, decree: int) -> None:
    own = (Decree.id == decree, Decree.register_id == register.id)
    if not 0 < decree < 2**63 or session.scalar(select(Decree.id).where(*own)) is None:
        raise DecreeNotFound(decree=decree)


def _to_values(register: RegisterState, text: ExceptionText, caller: Caller) -> Mapping[str, object]:
    ground = text.ground
    return {
        "register_id": register.id,
        "kind": text.kind,
        "status": text.status,
        "fingerprint": text.fingerprint,
        "geom": None if ground is None else f"SRID=4326;{shapely.to_wkt(ground, rounding_precision=-1)}",
        "reason": text.reason,
        "decree_id": text.decree,
        "valid": Range(text.period.start, text.period.end),
        "actor": caller.name,
    }


def _select(register: RegisterState) -> Any:  # noqa: ANN401 - rows of the table with their ground
    ground = func.ST_AsBinary(LawfulException.geom).label("ground")
    own = LawfulException.register_id == register.id
    columns = ("id", "kind", "status", "fingerprint", "reason", "decree_id", "valid", "actor")
    return select(*(getattr(LawfulException, name) for name in columns), ground).where(own, is_current(LawfulException))


def _to_state(row: Row[Any]) -> ExceptionState:
    ground = None if row.ground is None else shapely.from_wkb(bytes(row.ground))
    text = ExceptionText(
        row.kind,
        row.reason,
        fingerprint=row.fingerprint,
        ground=ground,
        decree=row.decree_id,
        period=to_period(row.valid),
        status=row.status,
    )
    return ExceptionState(row.id, text, row.actor)
