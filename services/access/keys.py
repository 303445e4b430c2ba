"""Issue API keys, recognise them again, and take them back."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, KeyNotFound, NotAuthenticated, because
from services.access.accounts import get_account
from services.access.grants import read_grants
from services.access.log import record_write
from services.access.roles import Caller
from services.tables.access import Account, ApiKey

PREFIX_BYTES = 6
"""The size of the public part, by which a key is found and named."""

SECRET_BYTES = 32
"""The size of the secret part; 256 random bits need no slow hash."""

KEY_FORM = re.compile(r"tq_([0-9a-f]{12})_([\w-]{43})", re.ASCII)
"""A mark that leak scanners can look for, the prefix, and the secret."""

NO_DIGEST = "0" * 64
"""What a secret is compared with when its prefix is unknown, so that this takes as long."""

LONGEST_DAYS = 3660
"""The longest life that may be asked for a key."""

LONGEST_LABEL = 120
"""The most characters of a label."""


@dataclass(frozen=True)
class KeyRecord:
    """Describe a key without its secret."""

    prefix: str
    """The public part, which names the key."""
    label: str
    """What the key is for."""
    created_at: datetime
    """When it was issued."""
    expires_at: datetime | None
    """From when on it counts no more; None means never."""
    revoked_at: datetime | None
    """When it was taken back, if it was."""


@dataclass(frozen=True)
class IssuedKey:
    """Hand over a new key, the only time that its secret is known."""

    secret: str = field(repr=False)
    """The whole key as the caller sends it; it is not kept and cannot be shown again."""
    record: KeyRecord
    """What is kept about it."""


def issue_key(session: Session, name: str, *, caller: Caller, label: str, days: int | None = None) -> IssuedKey:
    """Issue a key to an account, for so many days or without end."""
    _check_request(label, days)
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(
        account_id=get_account(session, name).id,
        prefix=prefix,
        digest=_digest(secret),
        label=label,
        expires_at=None if days is None else func.now() + timedelta(days=days),
    )
    session.add(key)
    session.flush()
    detail = {"key": prefix, "label": label, "days": days}
    record_write(session, caller=caller, action="issue_key", subject=name, detail=detail)
    return IssuedKey(f"tq_{prefix}_{secret}", _describe(key))


def list_keys(session: Session, name: str) -> tuple[KeyRecord, ...]:
    """List the keys of an account, also those that count no more, oldest first."""
    account = get_account(session, name)
    keys = session.scalars(select(ApiKey).where(ApiKey.account_id == account.id).order_by(ApiKey.id))
    return tuple(_describe(key) for key in keys)


def revoke_key(session: Session, name: str, prefix: str, *, caller: Caller) -> None:
    """Take a key back for good."""
    account = get_account(session, name)
    own = (ApiKey.account_id == account.id, ApiKey.prefix == prefix.replace("\0", ""), ApiKey.revoked_at.is_(None))
    if session.scalar(update(ApiKey).where(*own).values(revoked_at=func.now()).returning(ApiKey.id)) is None:
        raise KeyNotFound(key=prefix)
    record_write(session, caller=caller, action="revoke_key", subject=name, detail={"key": prefix})


def authenticate_key(session: Session, key: str) -> Caller:
    """Give the caller behind a key, or raise NotAuthenticated without saying what was wrong."""
    form = KEY_FORM.fullmatch(key)
    if form is None:
        raise NotAuthenticated()
    prefix, secret = form.groups()
    counts = and_(Account.active, ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), _is_ahead()))
    row = session.execute(
        select(Account.id, Account.name, ApiKey.digest, counts.label("counts"))
        .join(Account, Account.id == ApiKey.account_id)
        .where(ApiKey.prefix == prefix)
    ).one_or_none()
    is_same = hmac.compare_digest(row.digest if row else NO_DIGEST, _digest(secret))
    if row is None or not is_same or not row.counts:
        raise NotAuthenticated()
    return Caller(row.id, row.name, read_grants(session, row.id))


def _check_request(label: str, days: int | None) -> None:
    if not 0 < len(label) <= LONGEST_LABEL or not label.isprintable() or label != label.strip():
        raise InvalidValue(field="label", value=label, reason=because("label_form", highest=LONGEST_LABEL))
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise InvalidValue(field="days", value=days, reason=because("days_range", lowest=1, highest=LONGEST_DAYS))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_ahead() -> ColumnElement[bool]:
    return ApiKey.expires_at > func.now()


def _describe(key: ApiKey) -> KeyRecord:
    return KeyRecord(key.prefix, key.label, key.created_at, key.expires_at, key.revoked_at)
