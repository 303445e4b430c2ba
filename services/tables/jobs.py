"""Keep jobs: work that takes longer than an answer, with its progress and its outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

STATES = ("waiting", "running", "done", "failed", "cancelled")
"""The states of a job; the last three are its ends."""


class Job(Table):
    """Hold one piece of work from its order to its end."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(ended_at is not null) = (state in ('done', 'failed', 'cancelled'))", name="ended"),
        # what a worker looks for, the oldest first
        Index("ix_job_open", "id", postgresql_where=text("state in ('waiting', 'running')")),
        # the jobs of a register, the latest first
        Index("ix_job_register_id_id", "register_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    kind: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="waiting")
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    word: Mapped[str] = mapped_column(server_default="")
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str]
    cancel_asked: Mapped[bool] = mapped_column(server_default="false")
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
