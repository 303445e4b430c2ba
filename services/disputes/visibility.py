"""Say who may know of a dispute: everybody of an open one, of a confidential one the officers of its parties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, cast, false, func, or_, select, true
from sqlalchemy.orm import Session

from geo.errors import NotPermitted, because
from services.access.roles import Action, Caller, check_permitted, describe_scope
from services.queries import RegisterState, holds_on
from services.tables.disputes import Dispute, DisputeParty
from services.tables.register import Standing

WORKERS = (Action.OPEN_DISPUTE, Action.DECIDE_DISPUTE)
"""What somebody must be allowed to do to whom confidential disputes are shown."""


def is_visible(register: RegisterState, reader: Caller) -> ColumnElement[bool]:
    """Say that a dispute may be shown to a reader; every path that reads disputes asks this."""
    return or_(Dispute.confidential.is_(False), _is_in_scope(register, reader))


def _is_in_scope(register: RegisterState, reader: Caller) -> ColumnElement[bool]:
    grants = [grant for grant in reader.grants if any(grant.allows(action) for action in WORKERS)]
    own = [grant for grant in grants if grant.register_id in (None, register.id)]
    if not own:
        return false()
    if any(grant.division_id is None for grant in own):
        return true()
    return Dispute.id.in_(_select_near({grant.division_id for grant in own if grant.division_id is not None}))


def _select_near(divisions: Iterable[int]) -> Select[int]:
    """Select the disputes of which a party is one of some divisions or stands below one today."""
    today = datetime.now(UTC).date()
    seeds = func.unnest(cast(sorted(divisions), ARRAY(BigInteger)))
    first = select(seeds.label("id")).cte("own", recursive=True)
    # UNION, not UNION ALL: a circle of parents ends where it began
    below = select(Standing.division_id).join(first, Standing.parent_id == first.c.id).where(holds_on(Standing, today))
    own = first.union(below)
    return select(DisputeParty.dispute_id).where(DisputeParty.division_id.in_(select(own.c.id)))


def check_any_side(
    session: Session, caller: Caller, action: Action, register: RegisterState, divisions: Iterable[int]
) -> None:
    """Raise NotPermitted unless the caller may do something for one of the sides at least."""
    for division in sorted(divisions):
        try:
            check_permitted(session, caller, action, register, division)
        except NotPermitted:
            continue
        return
    raise NotPermitted(action=because(f"action_{action}"), scope=describe_scope(register))


def check_all_sides(
    session: Session, caller: Caller, action: Action, register: RegisterState, divisions: Iterable[int]
) -> None:
    """Raise NotPermitted unless the caller may do something for every side."""
    for division in sorted(divisions):
        check_permitted(session, caller, action, register, division)


def is_officer(session: Session, register: RegisterState, reader: Caller, divisions: Iterable[int]) -> bool:
    """Say whether a reader works on disputes of one of the sides, and so may see what the public may not."""
    sides = sorted(divisions)
    for action in WORKERS:
        try:
            check_any_side(session, reader, action, register, sides)
        except NotPermitted:
            continue
        return True
    return False
