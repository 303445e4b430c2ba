"""Answer about lawful exceptions: list them, declare one, withdraw one."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

import shapely
from fastapi import APIRouter, Body, Path
from pydantic import Field

from geo.register.calendars import parse_date
from geo.register.periods import Period
from services.access.roles import Action
from services.boundaries.exceptions import (
    ExceptionState,
    ExceptionText,
    declare_exception,
    list_exceptions,
    read_ground,
    withdraw_exception,
)
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.scope import AskedRegister, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/exceptions", tags=["boundaries"])

LongText = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
"""Why the law wants it so."""


class ExceptionIn(Model):
    """An exception to be declared."""

    kind: Text = Field(examples=["detached_part"])
    """The kind of finding."""
    reason: LongText = Field(examples=["برون‌بوم به موجب مصوبه"])
    """Why the law wants it so."""
    fingerprint: Text | None = Field(default=None, examples=["5b1c0d2e4f6a7b89"])
    """The case; leave it out where a ground is named."""
    ground: dict[str, Any] | None = None
    """GeoJSON polygon: findings of the kind on it are no defects."""
    decree: int | None = Field(default=None, ge=1, lt=2**63)
    """The key of the decree that says so."""
    starts: Text | None = Field(default=None, examples=["1404-01-01"])
    """The first day on which it holds, Jalali or Gregorian; always by default."""
    ends: Text | None = None
    """The day on which it expires, Jalali or Gregorian; never by default."""
    status: Literal["lawful", "void", "undetermined"] = "lawful"
    """`void` where the ground is nobody's, `undetermined` where whose it is stays open."""


class ExceptionOut(Model):
    """An exception that counts."""

    id: int = Field(examples=[1])
    kind: str
    status: str
    reason: str
    fingerprint: str | None
    ground: dict[str, Any] | None
    decree: int | None
    starts: date | None
    ends: date | None
    """The first day on which it counts no more."""
    declared_by: str


Key = Annotated[int, Path(ge=1, lt=2**63, description="The key of the exception.", examples=[1])]
Declarer = Annotated[WriteScope, allow(Action.DECLARE_EXCEPTION)]


@router.get("")
def list_all(register: RegisterName, asked: AskedRegister, session: RequestSession) -> list[ExceptionOut]:
    """List the exceptions that have not been withdrawn, those that expired included."""
    return [to_exception_out(one) for one in list_exceptions(session, asked)]


@router.post("", status_code=201)
def declare(register: RegisterName, writer: Declarer, wanted: Annotated[ExceptionIn, Body()]) -> ExceptionOut:
    """Declare that the law wants what an audit finds."""
    assert writer.register is not None
    days = [parse_date(day) if day else None for day in (wanted.starts, wanted.ends)]
    text = ExceptionText(
        wanted.kind,
        wanted.reason,
        fingerprint=wanted.fingerprint,
        ground=read_ground(wanted.ground) if wanted.ground is not None else None,
        decree=wanted.decree,
        period=Period(*days),
        status=wanted.status,
    )
    return to_exception_out(declare_exception(writer.session, writer.register, text, caller=writer.caller))


@router.delete("/{exception}")
def withdraw(register: RegisterName, writer: Declarer, exception: Key) -> ExceptionOut:
    """Let an exception count no more; what it covered is a defect again."""
    assert writer.register is not None
    return to_exception_out(withdraw_exception(writer.session, writer.register, exception, caller=writer.caller))


def to_exception_out(exception: ExceptionState) -> ExceptionOut:
    """Write an exception for the API."""
    text = exception.text
    return ExceptionOut(
        id=exception.id,
        kind=text.kind,
        status=text.status,
        reason=text.reason,
        fingerprint=text.fingerprint,
        ground=None if text.ground is None else json.loads(shapely.to_geojson(text.ground)),
        decree=text.decree,
        starts=text.period.start,
        ends=text.period.end,
        declared_by=exception.declared_by,
    )
