"""Keep passwords as argon2 hashes, for those who will log in with a browser."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, NotAuthenticated, because
from services.access.accounts import NAME_FORM, get_account
from services.access.grants import read_grants
from services.access.log import record_write
from services.access.roles import Caller
from services.tables.access import Account

SHORTEST = 12
"""The fewest characters of a password."""

LONGEST = 256
"""The most characters of a password, so that hashing it stays cheap."""

HASHER = PasswordHash((Argon2Hasher(),))
"""Argon2id with the parameters that pwdlib recommends."""


def set_password(session: Session, name: str, password: str, *, caller: Caller) -> None:
    """Give an account a password in place of any it had."""
    if not SHORTEST <= len(password) <= LONGEST:
        reason = because("password_length", lowest=SHORTEST, highest=LONGEST)
        raise InvalidValue(field="password", value="…", reason=reason)
    account = get_account(session, name)
    session.execute(update(Account).where(Account.id == account.id).values(password_hash=HASHER.hash(password)))
    record_write(session, caller=caller, action="set_password", subject=name, detail={})


def authenticate_password(session: Session, name: str, password: str) -> Caller:
    """Give the caller behind a name and password, or raise NotAuthenticated without saying what was wrong."""
    query = select(Account.id, Account.password_hash).where(Account.name == name, Account.active)
    row = session.execute(query).one_or_none() if NAME_FORM.fullmatch(name) else None
    # an unknown name costs as long as a known one, so that names cannot be found out by the clock
    known = (row.password_hash if row else None) or _hash_nothing()
    if not HASHER.verify(password[:LONGEST], known) or row is None or row.password_hash is None:
        raise NotAuthenticated()
    return Caller(row.id, name, read_grants(session, row.id))


@cache
def _hash_nothing() -> str:
    return HASHER.hash("")
