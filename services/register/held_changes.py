"""Keep the changes that carry out decisions of disputes out of other hands, and confidential ones out of sight."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from geo.errors import ChangeHeld
from services.tables.changes import Change
from services.tables.disputes import Dispute, DisputeDecision

DOOR = "taqsimat.disputes"
"""The key of `Session.info` that says that disputes themselves are at work."""


@contextmanager
def open_door(session: Session) -> Iterator[None]:
    """Let disputes see and step their own changes through a session."""
    before = session.info.get(DOOR, False)
    session.info[DOOR] = True
    try:
        yield
    finally:
        session.info[DOOR] = before


def is_shown(session: Session) -> ColumnElement[bool]:
    """Say that a change may be seen: one of a confidential dispute is not, until it is in the register."""
    if session.info.get(DOOR, False):
        return true()
    hidden = (
        select(DisputeDecision.change_id)
        .join(Dispute, Dispute.id == DisputeDecision.dispute_id)
        .where(Dispute.confidential)
    )
    return ~and_(Change.state != "applied", Change.id.in_(hidden))


def check_free(session: Session, key: int) -> None:
    """Refuse a step of a change that belongs to a decision, for then the dispute would not know of it."""
    if session.info.get(DOOR, False):
        return
    if session.scalar(select(DisputeDecision.id).where(DisputeDecision.change_id == key).limit(1)) is not None:
        raise ChangeHeld(change=key)
