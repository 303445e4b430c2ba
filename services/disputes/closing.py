"""Take a dispute up for review, close it without a change of the register, or open it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geo.errors import DisputeNotReady, SameOfficer, because
from services.access.roles import Action, Caller
from services.disputes.lawful import declare_lawful, end_exceptions
from services.disputes.records import Dispute, get_dispute
from services.disputes.steps import StepText, check_state, check_text, take_dispute, write_step
from services.disputes.visibility import check_all_sides, check_any_side
from services.queries import RegisterState

UNDECIDED = ("open", "under_review", "options_prepared")
"""The states in which a dispute may still be closed."""

CLOSED = ("applied", "dismissed", "accepted_lawful")
"""The states from which a dispute may be opened again."""


def start_review(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Dispute:
    """Take an open dispute up."""
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "open")
    check_any_side(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    step = StepText("review", Action.OPEN_DISPUTE, after="under_review")
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def dismiss_dispute(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller, reason: str
) -> Dispute:
    """Dismiss a dispute for a reason: there is none, or not here."""
    dispute = _take_to_close(session, register, key, based_on=based_on, caller=caller)
    text = check_text("reason", reason, needed=True)
    step = StepText("dismiss", Action.DECIDE_DISPUTE, after="dismissed", reason=text)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


@dataclass(frozen=True)
class Acceptance:
    """Say why what is in dispute is lawful, and until when."""

    reason: str
    """Why."""
    decree: int | None = None
    """The key of the decree that says so, if one does."""
    until: date | None = None
    """The first day on which it is lawful no more; None for ever."""


def accept_lawful(
    session: Session, register: RegisterState, key: int, wish: Acceptance, *, based_on: int, caller: Caller
) -> Dispute:
    """Accept what is in dispute as lawful, so that audits count it as a defect no longer.

    Whoever opened the dispute may not (SameOfficer), and one without ground has nothing to accept.
    """
    dispute = _take_to_close(session, register, key, based_on=based_on, caller=caller)
    if caller.name == dispute.summary.opened_by:
        raise SameOfficer(change=because("dispute_itself", dispute=key), officer=caller.name)
    if not dispute.summary.faces:
        state = because(f"dispute_state_{dispute.state}")
        raise DisputeNotReady(dispute=key, state=state, reason=because("dispute_no_ground"))
    text = check_text("reason", wish.reason, needed=True)
    declared = declare_lawful(
        session, register, dispute, reason=text, decree=wish.decree, until=wish.until, caller=caller
    )
    detail = {"exceptions": declared, "decree": wish.decree}
    step = StepText("accept", Action.DECIDE_DISPUTE, after="accepted_lawful", reason=text, detail=detail)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def _take_to_close(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Dispute:
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, *UNDECIDED)
    check_all_sides(session, caller, Action.DECIDE_DISPUTE, register, dispute.sides)
    if dispute.find_live() or dispute.find_applied():
        reason = "dispute_has_proposal" if dispute.find_live() else "dispute_still_applied"
        state = because(f"dispute_state_{dispute.state}")
        raise DisputeNotReady(dispute=key, state=state, reason=because(reason))
    return dispute


def reopen_dispute(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller, reason: str
) -> Dispute:
    """Open a closed dispute again, or take in an appeal against a decision in force; the register stays as it is."""
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, *CLOSED)
    check_any_side(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    text = check_text("reason", reason, needed=True)
    if dispute.state == "accepted_lawful":
        end_exceptions(session, register, dispute, step="accept", caller=caller)
    name = "appeal" if dispute.state == "applied" else "reopen"
    step = StepText(name, Action.OPEN_DISPUTE, after="under_review", reason=text)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)
