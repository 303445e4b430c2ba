"""Find open disputes that are about the same ground or the same stretch of boundary."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from geo.errors import DisputeInConflict
from services.access.roles import ANONYMOUS, Caller
from services.disputes.records import Dispute
from services.disputes.visibility import is_visible
from services.queries import RegisterState
from services.tables.disputes import OPEN_STATES, DisputeFace
from services.tables.disputes import Dispute as Record


@dataclass(frozen=True)
class Conflict:
    """Name another open dispute on the ground of one."""

    dispute: int | None
    """Its key; None for a confidential one that the reader may not know of."""
    state: str | None
    """Its state; None likewise."""
    shares_ground: bool
    """Whether ground is in both; otherwise only a stretch of boundary is."""


def find_conflicts(
    session: Session, register: RegisterState, dispute: Dispute, *, reader: Caller = ANONYMOUS
) -> tuple[Conflict, ...]:
    """List the open disputes whose faces share ground, or a line, with those of one."""
    own, theirs = aliased(DisputeFace), aliased(DisputeFace)
    # two faces that only meet in a point can be settled apart
    common = func.ST_Dimension(func.ST_Intersection(own.geom, theirs.geom))
    rows = session.execute(
        select(Record.id, Record.state, func.max(common), func.bool_and(is_visible(register, reader)))
        .join(theirs, theirs.dispute_id == Record.id)
        .join(own, and_(own.dispute_id == dispute.id, func.ST_Intersects(own.geom, theirs.geom)))
        .where(Record.register_id == register.id, Record.id != dispute.id, Record.state.in_(OPEN_STATES))
        .where(common >= 1)
        .group_by(Record.id, Record.state)
        .order_by(Record.id)
    )
    return tuple(
        Conflict(key if shown else None, state if shown else None, shares_ground=dimension == 2)
        for key, state, dimension, shown in rows
    )


def refuse_conflicts(session: Session, register: RegisterState, dispute: Dispute, *, caller: Caller) -> None:
    """Refuse to decide a dispute while another one on its ground is open, and name that one."""
    found = find_conflicts(session, register, dispute, reader=caller)
    if found:
        raise DisputeInConflict(dispute=dispute.id, others=tuple(one.dispute or "?" for one in found))
