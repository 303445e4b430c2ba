"""Give accounts their roles, and take them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import AdminExists, AlreadyExists, DivisionNotFound, GrantNotFound, InvalidValue, because
from services.access.accounts import AccountRecord, GrantRecord, create_account, get_account
from services.access.log import record_write
from services.access.roles import Caller, RoleGrant
from services.queries import RegisterState, get_register, holds_on
from services.tables.access import ROLES, Account, Grant
from services.tables.register import Code, Standing


@dataclass(frozen=True)
class Scope:
    """Say where a role shall count, in the words of whoever grants it."""

    register: str | None = None
    """The name of a register; None means every register."""
    within: str | None = None
    """The code of a division of that register; None means all of it."""


EVERYWHERE = Scope()


def grant_role(session: Session, name: str, role: str, *, caller: Caller, scope: Scope = EVERYWHERE) -> GrantRecord:
    """Give an account a role in one division, one register or everywhere."""
    values = _read_grant(session, name, role, scope)
    try:
        with session.begin_nested():
            session.add(Grant(**values))
    except IntegrityError as error:
        raise AlreadyExists(name=f"{name}: {role}") from error
    _record(session, caller, "grant_role", (name, role, scope))
    return GrantRecord(role, scope.register, values["division_id"])


def revoke_role(session: Session, name: str, role: str, *, caller: Caller, scope: Scope = EVERYWHERE) -> GrantRecord:
    """Take back a role that was granted with exactly that scope."""
    values = _read_grant(session, name, role, scope)
    same = [getattr(Grant, column).is_not_distinct_from(value) for column, value in values.items()]
    if session.scalar(delete(Grant).where(*same).returning(Grant.id)) is None:
        raise GrantNotFound(account=name, role=role)
    _record(session, caller, "revoke_role", (name, role, scope))
    return GrantRecord(role, scope.register, values["division_id"])


def create_first_admin(session: Session, name: str, *, caller: Caller) -> AccountRecord:
    """Create the account that manages the others; refuse when an active one already does.

    An admin who lost every key gets a new one from the operator's shell, so that nothing need force this.
    """
    # two installers at once must not both be the first
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("first_admin"))))
    if session.scalar(select(exists().where(Grant.account_id == Account.id, Account.active, *_is_full_admin()))):
        raise AdminExists()
    account = create_account(session, name, caller=caller)
    grant = grant_role(session, name, "admin", caller=caller)
    return AccountRecord(account.name, account.active, account.created_at, (grant,))


def read_grants(session: Session, account_id: int) -> tuple[RoleGrant, ...]:
    """Read what an account may do, for the checks of `services.access.roles`."""
    query = select(Grant.role, Grant.register_id, Grant.division_id).where(Grant.account_id == account_id)
    return tuple(RoleGrant(*row) for row in session.execute(query.order_by(Grant.id)))


def find_division_id(session: Session, register: RegisterState, code: str) -> int:
    """Give the division that has the code today, first of all in the scheme that is primary for its level."""
    today = datetime.now(UTC).date()
    rows = session.execute(
        select(Code.division_id, Code.scheme, Standing.level)
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.code == code, holds_on(Code, today), holds_on(Standing, today))
    ).all()
    primary = {row.division_id for row in rows if register.pack.primary_scheme(row.level).key == row.scheme}
    found = primary or {row.division_id for row in rows}
    if not found:
        raise DivisionNotFound(asked=code)
    if len(found) > 1:
        raise InvalidValue(field="within", value=code, reason=because("code_ambiguous", count=len(found)))
    return int(found.pop())


def _read_grant(session: Session, name: str, role: str, scope: Scope) -> dict[str, Any]:
    if role not in ROLES:
        raise InvalidValue(field="role", value=role, reason=because("role_unknown", known=ROLES))
    if scope.within and not scope.register:
        raise InvalidValue(field="within", value=scope.within, reason=because("within_needs_register"))
    account = get_account(session, name)
    register = get_register(session, scope.register) if scope.register else None
    division_id = find_division_id(session, register, scope.within) if register and scope.within else None
    register_id = register.id if register else None
    return {"account_id": account.id, "role": role, "register_id": register_id, "division_id": division_id}


def _record(session: Session, caller: Caller, action: str, grant: tuple[str, str, Scope]) -> None:
    name, role, scope = grant
    detail = {"role": role, "register": scope.register, "within": scope.within}
    record_write(session, caller=caller, action=action, subject=name, detail=detail)


def _is_full_admin() -> tuple[ColumnElement[bool], ...]:
    return (Grant.role == "admin", Grant.register_id.is_(None))
