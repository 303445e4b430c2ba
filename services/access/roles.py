"""Say what each role may do, and check whether a caller may do it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound, NotPermitted, Reason, because
from services.queries import RegisterState, holds_on
from services.tables.register import Division, Standing


class Action(StrEnum):
    """Name a kind of write (or of confidential reading) that roles allow."""

    IMPORT_DIVISIONS = "import_divisions"
    """Bring divisions into a register from a file."""
    MATCH_DIVISIONS = "match_divisions"
    """Match rows of other sources to divisions and decide on them."""
    RUN_AUDIT = "run_audit"
    """Audit a level and keep the findings."""
    DRAW_PLAN = "draw_plan"
    """Draw a district plan and keep it."""
    PUBLISH_PLAN = "publish_plan"
    """Make the districts of a plan the constituencies of a body."""
    RECORD_STATION = "record_station"
    """Keep polling stations, branches and catchments."""
    RECORD_COUNCIL = "record_council"
    """Keep councils and their members."""
    RECORD_INDICES = "record_indices"
    """Bring in values of indices by which divisions are graded."""
    RECORD_COMPLAINT = "record_complaint"
    """Keep complaints and what became of them."""
    DRAFT_CHANGE = "draft_change"
    """Prepare a change of divisions for approval."""
    APPROVE_CHANGE = "approve_change"
    """Put a change into force under its decree."""
    PUBLISH_EDITION = "publish_edition"
    """Publish an edition of a register."""
    OPEN_DISPUTE = "open_dispute"
    """Open a dispute, claim in it and bring evidence."""
    DECIDE_DISPUTE = "decide_dispute"
    """Decide a dispute."""
    DECLARE_EXCEPTION = "declare_exception"
    """Declare that the law wants what an audit finds, or withdraw that."""
    MANAGE_JOBS = "manage_jobs"
    """See the jobs of others, and end them."""
    MANAGE_ACCOUNTS = "manage_accounts"
    """Create accounts, grant roles and issue keys."""
    READ_RECORD = "read_record"
    """Read the register as it was recorded at an earlier moment."""
    READ_LOG = "read_log"
    """Read the audit log."""


PERMITTED: Mapping[str, frozenset[Action]] = {
    "public": frozenset(),
    "clerk": frozenset({Action.RECORD_COMPLAINT}),
    "province_officer": frozenset(
        {
            Action.MATCH_DIVISIONS,
            Action.RUN_AUDIT,
            Action.RECORD_COUNCIL,
            Action.RECORD_COMPLAINT,
            Action.DRAFT_CHANGE,
            Action.OPEN_DISPUTE,
            Action.READ_RECORD,
        }
    ),
    "national_officer": frozenset(
        {
            Action.IMPORT_DIVISIONS,
            Action.MATCH_DIVISIONS,
            Action.RUN_AUDIT,
            Action.RECORD_COUNCIL,
            Action.RECORD_INDICES,
            Action.RECORD_COMPLAINT,
            Action.DRAFT_CHANGE,
            Action.APPROVE_CHANGE,
            Action.PUBLISH_EDITION,
            Action.OPEN_DISPUTE,
            Action.DECIDE_DISPUTE,
            Action.DECLARE_EXCEPTION,
            Action.MANAGE_JOBS,
            Action.READ_RECORD,
        }
    ),
    "election_officer": frozenset({Action.RECORD_STATION, Action.DRAW_PLAN, Action.PUBLISH_PLAN, Action.READ_RECORD}),
    "planner": frozenset({Action.RECORD_COUNCIL, Action.RECORD_INDICES, Action.RECORD_COMPLAINT}),
    "admin": frozenset(Action),
}
"""The actions of each role. Reading what is published needs no role at all."""


@dataclass(frozen=True)
class RoleGrant:
    """Hold one role and where it counts."""

    role: str
    """One of `services.tables.access.ROLES`."""
    register_id: int | None = None
    """The register it counts in; None means every register."""
    division_id: int | None = None
    """The division it counts in, with all below it; None means the whole register."""

    def allows(self, action: Action) -> bool:
        """Say whether the role includes the action, wherever it counts."""
        return action in PERMITTED[self.role]

    def covers(self, register_id: int | None, chain: tuple[int, ...]) -> bool:
        """Say whether it counts in the register and the division whose chain of ancestors is given."""
        if self.register_id is None:
            return True
        return self.register_id == register_id and (self.division_id is None or self.division_id in chain)


@dataclass(frozen=True)
class Caller:
    """Stand for whoever asks: an account behind a key, the operator in a shell, or nobody in particular."""

    account_id: int | None
    """The account; None for the operator's shell and for the public."""
    name: str
    """The name under which writes are logged."""
    grants: tuple[RoleGrant, ...] = ()
    """What the caller may do, and where."""


ANONYMOUS = Caller(None, "public", (RoleGrant("public"),))
"""Who asks without a key."""


def make_operator(user: str) -> Caller:
    """Stand for the operator `user` of this machine, who owns the store and may do everything in it."""
    return Caller(None, f"cli:{user}", (RoleGrant("admin"),))


def check_permitted(
    session: Session,
    caller: Caller,
    action: Action,
    register: RegisterState | None,
    division_id: int | None = None,
) -> None:
    """Raise NotPermitted unless a grant of the caller covers the action there.

    Without a division the whole register is meant, and without a register every register.
    """
    chain = _find_chain(session, register, division_id) if register and division_id is not None else ()
    register_id = register.id if register else None
    if not any(grant.allows(action) and grant.covers(register_id, chain) for grant in caller.grants):
        raise NotPermitted(action=because(f"action_{action}"), scope=describe_scope(register, division_id))


def check_permitted_somewhere(caller: Caller, action: Action, register: RegisterState | None) -> None:
    """Raise NotPermitted unless a grant of the caller covers the action in some part of the register.

    It is for reading what cannot be cut along divisions. Without a register every register is meant.
    """
    register_id = register.id if register else None
    for grant in caller.grants:
        if grant.allows(action) and grant.register_id in (None, register_id):
            return
    raise NotPermitted(action=because(f"action_{action}"), scope=describe_scope(register))


def describe_scope(register: RegisterState | None, division_id: int | None = None) -> Reason:
    """Name where an action takes place, for people."""
    if register is None:
        return because("scope_everywhere")
    if division_id is None:
        return because("scope_register", register=register.name)
    return because("scope_division", register=register.name, division=division_id)


def _find_chain(session: Session, register: RegisterState, division_id: int) -> tuple[int, ...]:
    """Give the division and all it stands under today; one of another register is not found at all."""
    if session.scalar(select(Division.register_id).where(Division.id == division_id)) != register.id:
        raise DivisionNotFound(asked=division_id)
    today = datetime.now(UTC).date()
    own = select(Standing.division_id, Standing.parent_id).where(
        Standing.division_id == division_id, holds_on(Standing, today)
    )
    chain = own.cte("chain", recursive=True)
    # UNION, not UNION ALL: a circle of parents, which audits report, must not hang the check
    chain = chain.union(
        select(Standing.division_id, Standing.parent_id)
        .join(chain, chain.c.parent_id == Standing.division_id)
        .where(holds_on(Standing, today))
    )
    return (division_id, *session.scalars(select(chain.c.division_id)))
