"""Bring disputes to their end: review, proposal, approval, application, dismissal, acceptance, appeal, undoing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import Field

from geo.register.calendars import parse_date
from services.access.roles import Action
from services.disputes.closing import Acceptance, accept_lawful, dismiss_dispute, reopen_dispute, start_review
from services.disputes.decisions import (
    DecisionText,
    apply_decision,
    approve_decision,
    propose_decision,
    propose_undoing,
    withdraw_decision,
)
from services.disputes.records import Dispute
from services.queries import get_register
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.routes.dispute_answers import DisputeOut, to_dispute_out
from services.web.routes.disputes import Key, LongText, Opener, Version, keep_written
from services.web.scope import Language, RegisterName

router = APIRouter(prefix="/api/v1/registers/{register}/disputes/{dispute}", tags=["disputes"])

Decider = Annotated[WriteScope, allow(Action.DECIDE_DISPUTE, named_in_body=True)]


class StepIn(Model):
    """A step of a dispute."""

    version: Version


class ReasonIn(StepIn):
    """A step that is taken for a reason."""

    reason: LongText
    """Why."""


class ProposalIn(StepIn):
    """An option that is proposed under a decree."""

    option: int = Field(ge=1, le=10_000, examples=[1])
    """The number of the option."""
    decree: int = Field(ge=1, lt=2**63, examples=[1])
    """The key of the decree."""
    text: LongText
    """The reasons."""
    effective_on: Text | None = None
    """The first day on which it is in force; the day the options were computed for by default."""


class UndoingIn(StepIn):
    """The decree that takes a decision back."""

    decree: int = Field(ge=1, lt=2**63, examples=[2])
    text: LongText
    """The reasons."""


class AcceptanceIn(ReasonIn):
    """Why what is in dispute is lawful."""

    decree: int | None = Field(default=None, ge=1, lt=2**63)
    """The decree that says so, if one does."""
    until: Text | None = None
    """The first day on which it is lawful no more, Jalali or Gregorian."""


def _take(
    use_case: Callable[..., Dispute],
    register: str,
    writer: WriteScope,
    *,
    dispute: int,
    step: StepIn,
    language: str,
) -> DisputeOut:
    with keep_written(step):
        state = writer.lock(register)
        found = use_case(writer.session, state, dispute, based_on=step.version, caller=writer.caller)
    return to_dispute_out(found, get_register(writer.session, register), language)


@router.post("/review")
def review(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, step: Annotated[StepIn, Body()]
) -> DisputeOut:
    """Take an open dispute up."""
    return _take(start_review, register, writer, dispute=dispute, step=step, language=language)


@router.post("/propose")
def propose(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, step: Annotated[ProposalIn, Body()]
) -> DisputeOut:
    """Propose an option under a decree; the change it means is drafted and checked."""
    day = parse_date(step.effective_on) if step.effective_on else None
    wish = DecisionText(step.decree, step.text, step.option, day)
    return _take(partial(propose_decision, wish=wish), register, writer, dispute=dispute, step=step, language=language)


@router.post("/undo")
def undo(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, step: Annotated[UndoingIn, Body()]
) -> DisputeOut:
    """Propose under another decree to take the applied decision back; it is approved and applied like any other."""
    wish = DecisionText(step.decree, step.text)
    return _take(partial(propose_undoing, wish=wish), register, writer, dispute=dispute, step=step, language=language)


@router.post("/withdraw")
def withdraw(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, step: Annotated[ReasonIn, Body()]
) -> DisputeOut:
    """Withdraw one's own proposal, or refuse that of another."""
    use_case = partial(withdraw_decision, reason=step.reason)
    return _take(use_case, register, writer, dispute=dispute, step=step, language=language)


@router.post("/approve")
def approve(
    register: RegisterName, writer: Decider, language: Language, dispute: Key, step: Annotated[StepIn, Body()]
) -> DisputeOut:
    """Approve a proposal; whoever made it may not."""
    return _take(approve_decision, register, writer, dispute=dispute, step=step, language=language)


@router.post("/apply")
def apply(
    register: RegisterName, writer: Decider, language: Language, dispute: Key, step: Annotated[StepIn, Body()]
) -> DisputeOut:
    """Write an approved decision into the register with its ledger, whole or not at all."""
    return _take(apply_decision, register, writer, dispute=dispute, step=step, language=language)


@router.post("/dismiss")
def dismiss(
    register: RegisterName, writer: Decider, language: Language, dispute: Key, step: Annotated[ReasonIn, Body()]
) -> DisputeOut:
    """Dismiss a dispute."""
    use_case = partial(dismiss_dispute, reason=step.reason)
    return _take(use_case, register, writer, dispute=dispute, step=step, language=language)


@router.post("/accept")
def accept(
    register: RegisterName, writer: Decider, language: Language, dispute: Key, step: Annotated[AcceptanceIn, Body()]
) -> DisputeOut:
    """Accept what is in dispute as lawful; audits count it as a defect no longer."""
    wish = Acceptance(step.reason, step.decree, parse_date(step.until) if step.until else None)
    return _take(partial(accept_lawful, wish=wish), register, writer, dispute=dispute, step=step, language=language)


@router.post("/reopen")
def reopen(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, step: Annotated[ReasonIn, Body()]
) -> DisputeOut:
    """Open a closed dispute again, or appeal against a decision in force."""
    use_case = partial(reopen_dispute, reason=step.reason)
    return _take(use_case, register, writer, dispute=dispute, step=step, language=language)
