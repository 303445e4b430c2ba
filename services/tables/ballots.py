"""Keep elections, and what becomes of stations after they were announced."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class Election(Table):
    """Name a vote on one day; its constituencies are those of a day, which later changes do not move."""

    __tablename__ = "election"
    __table_args__ = (UniqueConstraint("register_id", "ballot", "held_on"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    ballot: Mapped[str]
    name: Mapped[str]
    held_on: Mapped[date]
    as_of: Mapped[date]
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    actor: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StationNotice(Table):
    """Say that a station is closed, has moved, or is open after all; the latest notice counts, all are kept."""

    __tablename__ = "station_notice"
    __table_args__ = (
        CheckConstraint("status in ('open', 'closed', 'moved')", name="status"),
        # the latest notice of some stations
        Index("ix_station_notice_station_id", "station_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"))
    status: Mapped[str]
    reason: Mapped[str]
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    actor: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
