"""Write the audit log, read it, and check that nobody has rewritten it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal_column, or_, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.access.roles import Caller
from services.tables.access import AuditLog

PAGE = 100
"""How many entries a page holds unless the reader asks for another number."""

RECORDED = "taqsimat.recorded"
"""The key of `Session.info` that counts the entries written through a session."""


@dataclass(frozen=True)
class LogEntry:
    """Hold one entry of the audit log."""

    id: int
    """Its place in the chain, from 1 without holes."""
    at: datetime
    """When it was written."""
    actor: str
    """Who wrote: the name of an account, or `cli:` and the user of the machine."""
    action: str
    """What kind of write it was."""
    subject: str
    """What was written: a register, an account, a plan."""
    detail: dict[str, Any]
    """What else is worth knowing, without secrets and without data about voters."""
    previous: str
    """The hash of the entry before."""
    hash: str
    """The hash over all of the above."""


@dataclass(frozen=True)
class LogHead:
    """Name the last entry of the log; kept elsewhere, it proves later that nothing was cut off or replaced."""

    id: int
    """The place of the last entry; 0 in an empty log."""
    hash: str
    """Its hash."""

    def __str__(self) -> str:
        """Write it as `7:3fa9…`, the form in which it is kept and given back."""
        return f"{self.id}:{self.hash}"


@dataclass(frozen=True)
class LogCheck:
    """Say whether the log is whole."""

    entries: int
    """How many entries were read."""
    head: LogHead
    """The last entry, to be kept outside the store."""
    broken_at: int | None
    """The first place at which the chain does not hold; None when it holds throughout."""

    @property
    def is_whole(self) -> bool:
        """Say whether every entry is as it was written."""
        return self.broken_at is None


def record_write(session: Session, *, caller: Caller, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Append an entry in the transaction of the write itself.

    Call it last: from here to the commit, other writers wait for their place in the chain.
    """
    # the trigger gives id, time and hashes, so nothing that this process says about them is believed
    values = {"id": 0, "actor": caller.name, "action": str(action), "subject": subject, "detail": dict(detail)}
    session.execute(insert(AuditLog).values(values))
    session.info[RECORDED] = count_recorded(session) + 1


def count_recorded(session: Session) -> int:
    """Count the entries that were written through the session since it was opened."""
    return int(session.info.get(RECORDED, 0))


def list_entries(session: Session, *, after: int = 0, limit: int = PAGE) -> tuple[LogEntry, ...]:
    """List the entries that follow the entry `after`, oldest first."""
    rows = session.execute(_select_entries().where(AuditLog.id > after).order_by(AuditLog.id).limit(limit))
    return tuple(LogEntry(**row._mapping) for row in rows)


def read_head(text: str) -> LogHead:
    """Read a head as `LogHead` writes it."""
    place, _, digest = text.partition(":")
    if not place.isdecimal() or len(digest) != 64:
        raise InvalidValue(field="head", value=text, reason=because("head_form"))
    return LogHead(int(place), digest)


def verify_log(session: Session, *, kept: LogHead | None = None) -> LogCheck:
    """Compute the whole chain anew and name the first entry that is not as it was written.

    A chain cannot see that its end was cut off, or that somebody with all rights wrote it anew: `kept`, the head of
    an earlier check, shows that.
    """
    head = session.execute(select(AuditLog.id, AuditLog.hash).order_by(AuditLog.id.desc()).limit(1)).one_or_none()
    entries = session.scalar(select(func.count()).select_from(AuditLog)) or 0
    broken = [place for place in (_find_break(session), _find_replaced(session, kept)) if place is not None]
    return LogCheck(entries, LogHead(head.id, head.hash) if head else LogHead(0, ""), min(broken, default=None))


def _find_break(session: Session) -> int | None:
    before = func.lag(AuditLog.hash, 1, "").over(order_by=AuditLog.id)
    place = func.row_number().over(order_by=AuditLog.id)
    computed = func.audit_log_hash(literal_column("audit_log"))
    seen = select(
        AuditLog.id,
        AuditLog.hash,
        AuditLog.previous,
        place.label("place"),
        before.label("before"),
        computed.label("computed"),
    ).subquery()
    wrong = or_(seen.c.id != seen.c.place, seen.c.previous != seen.c.before, seen.c.hash != seen.c.computed)
    return session.scalars(select(seen.c.place).where(wrong).order_by(seen.c.place).limit(1)).one_or_none()


def _find_replaced(session: Session, kept: LogHead | None) -> int | None:
    if kept is None or kept.id == 0:
        return None
    found = session.scalar(select(AuditLog.hash).where(AuditLog.id == kept.id))
    return None if found == kept.hash else kept.id


def _select_entries() -> Select[Any]:
    return select(
        AuditLog.id,
        AuditLog.at,
        AuditLog.actor,
        AuditLog.action,
        AuditLog.subject,
        AuditLog.detail,
        AuditLog.previous,
        AuditLog.hash,
    )
