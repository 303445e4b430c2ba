"""Decide a dispute: one officer proposes under a decree, another approves, and the register is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, update
from sqlalchemy.orm import Session

from geo.errors import DisputeNotReady, InvalidValue, SameOfficer, because
from services.access.roles import Action, Caller
from services.consequences.ledgers import apply_with_ledger
from services.disputes.conflicts import refuse_conflicts
from services.disputes.lawful import declare_nobodys, end_exceptions
from services.disputes.options import refresh_option
from services.disputes.orders import write_order
from services.disputes.parts import Decision
from services.disputes.records import Dispute, get_dispute
from services.disputes.steps import StepText, check_state, check_text, take_dispute, write_step
from services.disputes.visibility import check_all_sides
from services.queries import RegisterState
from services.register.change_records import get_change
from services.register.changes import approve_change, check_change, close_change, draft_change
from services.register.held_changes import open_door
from services.tables.disputes import DisputeDecision


@dataclass(frozen=True)
class DecisionText:
    """Say what is decided under which decree."""

    decree: int
    """The key of the decree."""
    text: str
    """The reasons of the decision."""
    option: int | None = None
    """The number of the option; None takes the last decision back."""
    effective_on: date | None = None
    """The first day on which it is in force; None for the day the options were computed for."""


def propose_decision(
    session: Session, register: RegisterState, key: int, wish: DecisionText, *, based_on: int, caller: Caller
) -> Dispute:
    """Propose an option, as a change of the register that is drafted and checked.

    Raises DisputeInConflict while another dispute on its ground is open, InvalidValue for an option that is not
    there or refused, StaleVersion when the register has moved on so that it would be another, and what `draft_change`
    and `check_change` raise.
    """
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "options_prepared")
    _check_no_live(dispute)
    check_all_sides(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    refuse_conflicts(session, register, dispute, caller=caller)
    option = refresh_option(session, register, dispute, wish.option or 0, caller=caller)
    day = wish.effective_on or option.effective_on
    order = write_order(session, register, dispute, option, day=day)
    about = {"kind": option.kind, "taker": option.taker, "number": option.number}
    return _propose(session, register, dispute, wish, order=order, about=about, caller=caller)


def propose_undoing(
    session: Session, register: RegisterState, key: int, wish: DecisionText, *, based_on: int, caller: Caller
) -> Dispute:
    """Propose, under another decree, to take the applied decision back; raises what `propose_decision` does."""
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "applied", "under_review", "options_prepared")
    _check_no_live(dispute)
    check_all_sides(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    last = dispute.find_applied()
    if last is None:
        raise _not_ready(dispute, "dispute_nothing_applied")
    if last.decree_id == wish.decree:
        raise InvalidValue(field="decree", value=wish.decree, reason=because("dispute_same_decree"))
    order = {"kind": "undo", "effective_on": last.effective_on.isoformat(), "change": last.change_id}
    return _propose(session, register, dispute, wish, order=order, about={}, caller=caller)


def _propose(
    session: Session,
    register: RegisterState,
    dispute: Dispute,
    wish: DecisionText,
    *,
    order: Mapping[str, Any],
    about: Mapping[str, Any],
    caller: Caller,
) -> Dispute:
    kind = "settle" if about else "undo"
    text = check_text("text", wish.text, needed=True)
    with open_door(session):
        change = draft_change(session, register, order, decree_id=wish.decree, caller=caller)
        check_change(session, register, change.id, based_on=change.version, caller=caller)
    values = {"dispute_id": dispute.id, "kind": kind, "option": dict(about), "text": text}
    made = {"decree_id": wish.decree, "change_id": change.id, "effective_on": change.effective_on}
    session.execute(insert(DisputeDecision).values(**values, **made, proposed_by=caller.name))
    detail = {"decree": wish.decree, "change": change.id, "option": about.get("kind")}
    step = StepText(f"propose_{kind}", Action.OPEN_DISPUTE, reason=text, detail=detail)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, dispute.id, reader=caller)


def _check_no_live(dispute: Dispute) -> None:
    if dispute.find_live():
        raise _not_ready(dispute, "dispute_has_proposal")


def _not_ready(dispute: Dispute, reason: str) -> DisputeNotReady:
    state = because(f"dispute_state_{dispute.state}")
    return DisputeNotReady(dispute=dispute.id, state=state, reason=because(reason))


def _get_live(dispute: Dispute, state: str) -> Decision:
    live = dispute.find_live()
    if live is None or live.state != state:
        raise _not_ready(dispute, f"dispute_wants_{state}")
    return live


def approve_decision(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Dispute:
    """Approve what another officer has proposed; the proposer may not (SameOfficer)."""
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    live = _get_live(dispute, "proposed")
    check_all_sides(session, caller, Action.DECIDE_DISPUTE, register, dispute.sides)
    if caller.name == live.proposed_by:
        raise SameOfficer(change=live.change_id, officer=caller.name)
    if live.kind == "settle":
        refuse_conflicts(session, register, dispute, caller=caller)
    with open_door(session):
        version = get_change(session, register, live.change_id).version
        approve_change(session, register, live.change_id, based_on=version, caller=caller)
    values = {"state": "approved", "approved_by": caller.name, "approved_at": func.now()}
    _write_decision(session, live, **values)
    after = "decided" if live.kind == "settle" else None
    step = StepText("approve", Action.DECIDE_DISPUTE, after=after, detail={"change": live.change_id})
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def apply_decision(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Dispute:
    """Write an approved decision into the register with its ledger, all in one transaction.

    Ground that becomes nobody's is declared as lawful or undetermined, so that audits know of it. After an undoing the
    dispute is under review again. Raises ChangeRefused when the register has moved on so that it cannot be done.
    """
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    live = _get_live(dispute, "approved")
    check_all_sides(session, caller, Action.DECIDE_DISPUTE, register, dispute.sides)
    with open_door(session):
        version = get_change(session, register, live.change_id).version
        apply_with_ledger(session, register, live.change_id, based_on=version, caller=caller)
    _write_decision(session, live, state="applied", applied_at=func.now())
    current = replace(register, version=register.version + 1)
    declared: list[int] = []
    if live.kind == "undo":
        end_exceptions(session, current, dispute, step="apply_settle", caller=caller)
    else:
        declared = declare_nobodys(session, current, dispute, live, caller=caller)
    after = "applied" if live.kind == "settle" else "under_review"
    detail = {"change": live.change_id, "decree": live.decree_id, "exceptions": declared}
    step = StepText(f"apply_{live.kind}", Action.DECIDE_DISPUTE, after=after, detail=detail)
    write_step(session, current, dispute, step, caller=caller)
    return get_dispute(session, current, key, reader=caller)


def withdraw_decision(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller, reason: str
) -> Dispute:
    """Withdraw one's own proposal, or refuse that of another, while it is not applied; its change is closed."""
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    live = dispute.find_live()
    if live is None:
        raise _not_ready(dispute, "dispute_wants_proposed")
    action = Action.OPEN_DISPUTE if caller.name == live.proposed_by else Action.DECIDE_DISPUTE
    check_all_sides(session, caller, action, register, dispute.sides)
    text = check_text("reason", reason, needed=True)
    with open_door(session):
        version = get_change(session, register, live.change_id).version
        close_change(session, register, live.change_id, based_on=version, caller=caller, reason=text)
    _write_decision(session, live, state="withdrawn")
    after = "options_prepared" if dispute.state == "decided" else None
    step = StepText("withdraw", action, after=after, reason=text, detail={"change": live.change_id})
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def _write_decision(session: Session, live: Decision, **values: Any) -> None:  # noqa: ANN401 - columns of a decision
    session.execute(update(DisputeDecision).where(DisputeDecision.id == live.id).values(**values))
