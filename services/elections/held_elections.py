"""List the elections of a register, and those that come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.queries import RegisterState
from services.tables.ballots import Election


@dataclass(frozen=True)
class HeldElection:
    """Hold an election of a register."""

    id: int
    """Its key."""
    ballot: str
    """The kind of election, by its key in the country pack."""
    name: str
    """What it is called."""
    held_on: date
    """The day of the vote."""
    as_of: date
    """The day whose divisions its constituencies are made of."""
    synthetic: bool
    """True for an invented record."""


def list_elections(session: Session, register: RegisterState) -> tuple[HeldElection, ...]:
    """List the elections of a register, the latest first."""
    rows = session.scalars(
        select(Election).where(Election.register_id == register.id).order_by(Election.held_on.desc(), Election.ballot)
    )
    return tuple(HeldElection(row.id, row.ballot, row.name, row.held_on, row.as_of, row.synthetic) for row in rows)


def find_next_elections(session: Session, register: RegisterState, day: date) -> tuple[HeldElection, ...]:
    """Find what is voted on at the next day of voting, that day included."""
    coming = [one for one in list_elections(session, register) if one.held_on >= day]
    next_day = min((one.held_on for one in coming), default=None)
    return tuple(one for one in coming if one.held_on == next_day)
