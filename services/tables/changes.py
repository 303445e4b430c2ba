"""Keep decrees, the changes they order, who descends from whom, codes that must not be given again, and editions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

STATES = ("draft", "checked", "approved", "applied", "refused", "withdrawn")
"""The states of a change."""

ROLES = ("predecessor", "successor")
"""How a division takes part in a change."""


class Decree(Table):
    """Name a legal act, by which divisions change."""

    __tablename__ = "decree"
    __table_args__ = (UniqueConstraint("register_id", "issuer", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    number: Mapped[str]
    issuer: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")
    signed_on: Mapped[date]
    in_force_from: Mapped[date]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Change(Table):
    """Hold one change of divisions from its draft to its application."""

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'checked', 'approved', 'applied', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'applied') = (applied_at is not null)", name="applied"),
        # the changes of a register by state, and those applied in their order
        Index("ix_change_register_id_state", "register_id", "state"),
        Index("ix_change_register_id_applied_at", "register_id", "applied_at"),
        # a change is undone once
        Index("uq_change_undoes", "undoes", unique=True, postgresql_where=text("state = 'applied'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    decree_id: Mapped[int] = mapped_column(ForeignKey("decree.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    state: Mapped[str] = mapped_column(server_default="draft")
    body: Mapped[dict[str, Any]]
    ledger: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(server_default="1")
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    approved_by: Mapped[str | None]
    applied_at: Mapped[datetime | None]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("change.id"))


class Lineage(Table):
    """Say that a division went into a change or came out of it."""

    __tablename__ = "lineage"
    __table_args__ = (
        # what a division came from and what became of it
        Index("ix_lineage_division_id", "division_id"),
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)


class ReservedCode(Table):
    """Keep a code from being given: it waits for a change, or it was given back."""

    __tablename__ = "reserved_code"
    __table_args__ = (
        CheckConstraint("state in ('reserved', 'retired')", name="state"),
        UniqueConstraint("register_id", "scheme", "version", "code"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    scheme: Mapped[str]
    version: Mapped[str]
    code: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Edition(Table):
    """Name a published state of a register, with what its files hash to."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("register_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    number: Mapped[int]
    as_of: Mapped[date]
    register_version: Mapped[int]
    digest: Mapped[str]
    files: Mapped[dict[str, Any]]
    published_by: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
