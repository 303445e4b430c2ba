"""Record decrees, and bring changes from their draft into the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field

from geo.register.calendars import parse_date
from geo.register.changes import Effect
from geo.register.changes.summaries import summarise_effect
from services.access.roles import Action
from services.consequences.ledgers import apply_with_ledger
from services.queries import RegisterState
from services.register.change_records import ChangeRecord, get_change, list_changes
from services.register.changes import (
    approve_change,
    check_change,
    close_change,
    draft_change,
    find_effect,
    preview_change,
    revise_change,
)
from services.register.decrees import Decree, DecreeText, get_decree, list_decrees, record_decree
from services.tables.changes import STATES
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.scope import AskedRegister, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["changes"])

LongText = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
"""A text of a decree."""
Limit = Annotated[int, Query(ge=1, le=1000, description="The most items of a page.")]
Offset = Annotated[int, Query(ge=0, le=10**9, description="How many items to pass over.")]


class DecreeIn(Model):
    """A decree to be recorded."""

    number: Text = Field(examples=["۱۲۳۴۵/ت۵۶۷هـ"])
    """Its number, as its issuer writes it."""
    issuer: Text = Field(examples=["هیئت وزیران"])
    """Who issued it."""
    title: LongText = ""
    """What it is about."""
    signed_on: Text = Field(examples=["1400-05-12"])
    """The day it was signed, Jalali or Gregorian."""
    in_force_from: Text = Field(examples=["1400-05-20"])
    """The first day on which it is in force, Jalali or Gregorian."""


class DecreeOut(Model):
    """A decree that the register keeps."""

    id: int = Field(examples=[1])
    number: str
    issuer: str
    title: str
    signed_on: date
    in_force_from: date
    recorded_by: str
    changes: int
    """How many changes refer to it."""


class ChangeIn(Model):
    """A change to be drafted."""

    decree: int = Field(ge=1, lt=2**63, examples=[1])
    """The key of its decree."""
    order: dict[str, Any] = Field(
        examples=[{"kind": "rename", "effective_on": "1400-05-20", "divisions": ["060102"], "names": {"fa": "نو"}}]
    )
    """What is ordered; docs/changes.md describes every kind."""


class RevisionIn(Model):
    """The new order of a change that is not yet approved."""

    version: int = Field(ge=1, le=2**31 - 1)
    """The version of the change that was read."""
    order: dict[str, Any]
    """What is ordered."""


class StepIn(Model):
    """A step of a change."""

    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    """The version of the change that was read."""
    reason: LongText = ""
    """Why it is refused or withdrawn."""


class ChangeOut(Model):
    """A change and how far it has come."""

    id: int
    kind: str = Field(examples=["split"])
    state: str = Field(examples=["draft"])
    version: int
    effective_on: date
    decree_id: int
    decree: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str | None
    applied_at: datetime | None
    undoes: int | None
    order: dict[str, Any]
    predecessors: list[int]
    successors: list[int]


class DifferenceOut(Model):
    """What one thing was and what it becomes."""

    what: str = Field(examples=["name.fa"])
    before: str
    after: str


class DivisionEffectOut(Model):
    """What becomes of one division."""

    id: int
    """Its key; below zero when it is new."""
    fate: str = Field(examples=["founded"])
    level: str
    code: str
    names: dict[str, str]
    differences: list[DifferenceOut]


class EffectOut(Model):
    """What a change does, division by division."""

    divisions: list[DivisionEffectOut]
    predecessors: list[int]
    successors: list[int]
    resized: list[int]
    """The divisions that go on with another extent."""
    moved_m2: float
    """The ground that changes hands."""


class CheckOut(Model):
    """A checked change with what it would do."""

    change: ChangeOut
    effect: EffectOut | None


Key = Annotated[int, Path(ge=1, lt=2**63, description="The key of the change.", examples=[1])]
Drafter = Annotated[WriteScope, allow(Action.DRAFT_CHANGE, named_in_body=True)]
Approver = Annotated[WriteScope, allow(Action.APPROVE_CHANGE, named_in_body=True)]


@router.get("/decrees")
def read_decrees(
    register: RegisterName, asked: AskedRegister, session: RequestSession, limit: Limit = 100, offset: Offset = 0
) -> list[DecreeOut]:
    """List the decrees of a register, the latest in force first."""
    return [to_decree_out(decree) for decree in list_decrees(session, asked, limit=limit, offset=offset)]


@router.get("/decrees/{decree}")
def read_decree(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    decree: Annotated[int, Path(ge=1, lt=2**63, description="The key of the decree.")],
) -> DecreeOut:
    """Give one decree."""
    return to_decree_out(get_decree(session, asked, decree))


@router.post("/decrees", status_code=201)
def add_decree(register: RegisterName, writer: Drafter, decree: Annotated[DecreeIn, Body()]) -> DecreeOut:
    """Record a decree; the same issuer and number are refused a second time."""
    state = writer.lock(register)
    days = {name: parse_date(getattr(decree, name)) for name in ("signed_on", "in_force_from")}
    text = DecreeText(decree.number, decree.issuer, **days, title=decree.title)
    return to_decree_out(record_decree(writer.session, state, text, caller=writer.caller))


@router.get("/changes")
def read_changes(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    state: Annotated[
        str | None, Query(pattern=f"^({'|'.join(STATES)})$", description="Only changes of this state.")
    ] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[ChangeOut]:
    """List the changes of a register, the latest drafted first."""
    found = list_changes(session, asked, state=state, limit=limit, offset=offset)
    return [to_change_out(record) for record in found]


@router.get("/changes/{change}")
def read_change(register: RegisterName, asked: AskedRegister, session: RequestSession, change: Key) -> ChangeOut:
    """Give one change with its order."""
    return to_change_out(get_change(session, asked, change))


@router.get("/changes/{change}/effect")
def read_effect(register: RegisterName, asked: AskedRegister, session: RequestSession, change: Key) -> EffectOut | None:
    """Work out what a change that is not yet applied would do today; nothing is written."""
    effect = find_effect(session, asked, get_change(session, asked, change))
    return to_effect_out(effect, asked) if effect else None


@router.post("/changes/preview")
def preview(
    register: RegisterName, asked: AskedRegister, session: RequestSession, order: Annotated[dict[str, Any], Body()]
) -> EffectOut | None:
    """Work out what an order would do; nothing is written or kept."""
    effect = preview_change(session, asked, order)
    return to_effect_out(effect, asked) if effect else None


@router.post("/changes", status_code=201)
def draft(register: RegisterName, writer: Drafter, change: Annotated[ChangeIn, Body()]) -> ChangeOut:
    """Keep the order of a change as a draft under a decree."""
    state = writer.lock(register)
    record = draft_change(writer.session, state, change.order, decree_id=change.decree, caller=writer.caller)
    return to_change_out(record)


@router.put("/changes/{change}")
def revise(register: RegisterName, writer: Drafter, change: Key, revision: Annotated[RevisionIn, Body()]) -> ChangeOut:
    """Replace the order of a change that is not yet approved."""
    state = writer.lock(register)
    record = revise_change(
        writer.session, state, change, revision.order, based_on=revision.version, caller=writer.caller
    )
    return to_change_out(record)


@router.post("/changes/{change}/check")
def check(register: RegisterName, writer: Drafter, change: Key, step: Annotated[StepIn, Body()]) -> CheckOut:
    """Work a draft out against the register and set aside the codes it needs."""
    state = writer.lock(register)
    checked = check_change(writer.session, state, change, based_on=step.version, caller=writer.caller)
    effect = to_effect_out(checked.effect, state) if checked.effect else None
    return CheckOut(change=to_change_out(checked.change), effect=effect)


@router.post("/changes/{change}/approve")
def approve(register: RegisterName, writer: Approver, change: Key, step: Annotated[StepIn, Body()]) -> ChangeOut:
    """Approve a checked change; whoever drafted it may not."""
    return _take(approve_change, register, writer, change=change, step=step)


@router.post("/changes/{change}/apply")
def apply(register: RegisterName, writer: Approver, change: Key, step: Annotated[StepIn, Body()]) -> ChangeOut:
    """Write an approved change into the register, whole or not at all, and keep what follows from it."""
    return _take(apply_with_ledger, register, writer, change=change, step=step)


@router.post("/changes/{change}/close")
def close(register: RegisterName, writer: Drafter, change: Key, step: Annotated[StepIn, Body()]) -> ChangeOut:
    """Withdraw one's own change, or refuse that of another."""
    state = writer.lock(register)
    record = close_change(
        writer.session, state, change, based_on=step.version, caller=writer.caller, reason=step.reason
    )
    return to_change_out(record)


def _take(
    use_case: Callable[..., ChangeRecord], register: str, writer: WriteScope, *, change: int, step: StepIn
) -> ChangeOut:
    state = writer.lock(register)
    return to_change_out(use_case(writer.session, state, change, based_on=step.version, caller=writer.caller))


def to_decree_out(decree: Decree) -> DecreeOut:
    """Write a decree for the API."""
    return DecreeOut(id=decree.id, **vars(decree.text), recorded_by=decree.recorded_by, changes=decree.changes)


def to_change_out(record: ChangeRecord) -> ChangeOut:
    """Write a change for the API."""
    return ChangeOut.model_validate({**vars(record), "kind": str(record.kind), "order": record.body["order"]})


def to_effect_out(effect: Effect, register: RegisterState) -> EffectOut:
    """Write what a change does for the API."""
    return EffectOut(
        divisions=[DivisionEffectOut.model_validate(one) for one in summarise_effect(effect, register.pack)],
        predecessors=list(effect.predecessors),
        successors=list(effect.successors),
        resized=list(effect.resized),
        moved_m2=effect.moved_m2,
    )
