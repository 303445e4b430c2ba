"""Keep which elections are held, on which day, over the divisions of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.held_elections import HeldElection, list_elections
from services.queries import RegisterState
from services.tables.ballots import Election

LONGEST_NAME = 200


@dataclass(frozen=True)
class ElectionText:
    """Hold an election as it is recorded."""

    ballot: str
    """The kind of election."""
    name: str
    """What it is called."""
    held_on: date
    """The day of the vote."""
    as_of: date | None = None
    """The day whose divisions its constituencies are made of; None is the day of the vote."""
    synthetic: bool = False
    """True for an invented record."""


def record_election(session: Session, register: RegisterState, text: ElectionText, *, caller: Caller) -> HeldElection:
    """Record an election; one of the same kind on the same day is replaced.

    Raises InvalidValue for a kind the pack does not know, a name that is empty or too long, or divisions of a day after
    the vote.
    """
    check_permitted(session, caller, Action.RECORD_STATION, register)
    register.pack.ballot(text.ballot)
    if not text.name.strip() or len(text.name) > LONGEST_NAME or "\0" in text.name:
        raise InvalidValue(field="name", value=text.name[:40].replace("\0", ""), reason=because("election_name"))
    as_of = text.as_of or text.held_on
    if as_of > text.held_on:
        raise InvalidValue(field="as_of", value=as_of.isoformat(), reason=because("election_after"))
    values = {"name": text.name.strip(), "as_of": as_of, "synthetic": text.synthetic, "actor": caller.name}
    statement = upsert(Election).values(register_id=register.id, ballot=text.ballot, held_on=text.held_on, **values)
    keys = ["register_id", "ballot", "held_on"]
    key = session.scalars(
        statement.on_conflict_do_update(index_elements=keys, set_=values).returning(Election.id)
    ).one()
    detail = {"election": key, "ballot": text.ballot, "held_on": text.held_on.isoformat()}
    record_write(session, caller=caller, action=Action.RECORD_STATION, subject=register.name, detail=detail)
    return next(one for one in list_elections(session, register) if one.id == key)
