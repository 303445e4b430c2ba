"""Take a dispute in hand for its next step, and keep who took it, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from geo.errors import DisputeNotReady, InvalidValue, StaleVersion, because
from services.access.log import record_write
from services.access.roles import Action, Caller
from services.disputes.records import Dispute, get_dispute
from services.queries import RegisterState
from services.tables.disputes import Dispute as Record
from services.tables.disputes import DisputeEvent

LONGEST_TITLE, LONGEST_TEXT = 200, 4000
"""Letters of a title, and of an explanation."""


@dataclass(frozen=True)
class StepText:
    """Say what a step does to a dispute."""

    step: str
    """What is done."""
    action: Action
    """What its caller must be allowed to do."""
    after: str | None = None
    """The state it leads to; None leaves it."""
    reason: str = ""
    """Why."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else is worth knowing, by keys and without names."""


def take_dispute(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Dispute:
    """Lock a dispute for its next step; whoever comes second waits, and is told with StaleVersion."""
    session.execute(select(Record.id).where(Record.id == key).with_for_update()).one_or_none()
    dispute = get_dispute(session, register, key, reader=caller)
    if dispute.version != based_on:
        raise StaleVersion(based_on=based_on, current=dispute.version)
    return dispute


def check_state(dispute: Dispute, *needed: str) -> None:
    """Refuse a step that the state of a dispute does not allow."""
    if dispute.state not in needed:
        wanted = tuple(because(f"dispute_state_{state}") for state in needed)
        state = because(f"dispute_state_{dispute.state}")
        raise DisputeNotReady(dispute=dispute.id, state=state, reason=because("dispute_needs", states=wanted))


def write_step(session: Session, register: RegisterState, dispute: Dispute, text: StepText, *, caller: Caller) -> None:
    """Write a step as the next version of a dispute, into its history and into the audit log."""
    after = text.after or dispute.state
    session.execute(update(Record).where(Record.id == dispute.id).values(state=after, version=dispute.version + 1))
    record_step(session, dispute.id, text, caller=caller, states=(dispute.state, after))
    log_step(session, register, dispute.id, text, caller=caller)


def record_step(
    session: Session, dispute: int, text: StepText, *, caller: Caller, states: tuple[str | None, str]
) -> None:
    """Add a step to the history of a dispute."""
    values = {"dispute_id": dispute, "step": text.step, "before": states[0], "after": states[1]}
    words = {"actor": caller.name, "reason": text.reason, "detail": dict(text.detail)}
    session.execute(insert(DisputeEvent).values(**values, **words))


def log_step(session: Session, register: RegisterState, dispute: int, text: StepText, *, caller: Caller) -> None:
    """Add a step to the audit log, last of all."""
    detail = {"dispute": dispute, "step": text.step, "version": register.version, **text.detail}
    record_write(session, caller=caller, action=text.action, subject=register.name, detail=detail)


def check_text(field: str, value: str, *, most: int = LONGEST_TEXT, needed: bool = False) -> str:
    """Give a text without blanks at its ends; refuse one that is too long, missing, or cannot be stored."""
    if len(value) > most or "\0" in value or (needed and not value.strip()):
        reason = because("dispute_text_needed" if needed else "dispute_text", most=most)
        raise InvalidValue(field=field, value=value[:20].replace("\0", "␀"), reason=reason)
    return value.strip()
