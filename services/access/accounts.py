"""Keep the accounts of those who may write."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import AccountNotFound, AlreadyExists, InvalidValue, because
from services.access.log import record_write
from services.access.roles import Caller
from services.tables.access import Account, Grant
from services.tables.register import Register

NAME_FORM = re.compile(r"[\w.@-]{1,64}")
"""Letters of any script, digits and a few marks; a colon would let an account pass for `cli:` in the log."""

RESERVED = ("public",)
"""Names that stand for nobody's account."""


@dataclass(frozen=True)
class GrantRecord:
    """Describe a role of an account and where it counts."""

    role: str
    """The role."""
    register: str | None
    """The name of the register it counts in; None means every register."""
    division_id: int | None
    """The division it counts in, with all below it; None means the whole register."""


@dataclass(frozen=True)
class AccountRecord:
    """Describe an account without its password."""

    name: str
    """The name under which its writes are logged."""
    active: bool
    """Whether its keys and password count."""
    created_at: datetime
    """When it was created."""
    grants: tuple[GrantRecord, ...] = ()
    """Its roles."""


def create_account(session: Session, name: str, *, caller: Caller) -> AccountRecord:
    """Create an account that may do nothing yet."""
    check_name(name)
    account = Account(name=name)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise AlreadyExists(name=name) from error
    record_write(session, caller=caller, action="create_account", subject=name, detail={})
    return AccountRecord(name, account.active, account.created_at)


def check_name(name: str) -> None:
    """Refuse a name that could be mistaken for another in the log."""
    if not NAME_FORM.fullmatch(name) or not unicodedata.is_normalized("NFKC", name):
        raise InvalidValue(field="name", value=name, reason=because("account_name_form"))
    if name in RESERVED:
        raise InvalidValue(field="name", value=name, reason=because("account_name_reserved"))


def get_account(session: Session, name: str) -> Account:
    """Give the account of that name, or raise AccountNotFound."""
    # a name of another form is not asked for: the driver refuses some texts that a URL can hold
    found = session.scalar(select(Account).where(Account.name == name)) if NAME_FORM.fullmatch(name) else None
    if found is None:
        raise AccountNotFound(account=name)
    return found


def list_accounts(session: Session) -> tuple[AccountRecord, ...]:
    """List the accounts with their roles, by name."""
    grants: dict[int, list[GrantRecord]] = defaultdict(list)
    for account_id, role, register, division_id in session.execute(
        select(Grant.account_id, Grant.role, Register.name, Grant.division_id)
        .join(Register, Register.id == Grant.register_id, isouter=True)
        .order_by(Grant.role, Register.name, Grant.division_id)
    ):
        grants[account_id].append(GrantRecord(role, register, division_id))
    rows = session.execute(select(Account.id, Account.name, Account.active, Account.created_at).order_by(Account.name))
    return tuple(AccountRecord(row.name, row.active, row.created_at, tuple(grants[row.id])) for row in rows)


def set_active(session: Session, name: str, *, caller: Caller, active: bool) -> None:
    """Let the keys and the password of an account count, or count no more."""
    account = get_account(session, name)
    session.execute(update(Account).where(Account.id == account.id).values(active=active))
    action = "activate_account" if active else "deactivate_account"
    record_write(session, caller=caller, action=action, subject=name, detail={})
