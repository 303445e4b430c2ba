"""Keep accounts, what they may do and where, their keys, and the log of all that was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

ROLES = ("public", "clerk", "province_officer", "national_officer", "election_officer", "planner", "admin")
"""The roles an account may hold, one for each kind of office that uses the register."""


class Account(Table):
    """Stand for a person or program that may write."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Grant(Table):
    """Give an account a role in one register, within one division or in all of it; no register means everywhere."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant",
            "account_id",
            "role",
            text("coalesce(register_id, 0)"),
            text("coalesce(division_id, 0)"),
            unique=True,
        ),
        CheckConstraint(f"role in {ROLES}", name="role"),
        CheckConstraint("division_id is null or register_id is not null", name="scope"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    register_id: Mapped[int | None] = mapped_column(ForeignKey("register.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))


class ApiKey(Table):
    """Let a program act for an account; only a hash of the key is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditLog(Table):
    """Keep every write for good: each entry carries the hash of the one before."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous: Mapped[str]
    hash: Mapped[str]
