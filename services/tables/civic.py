"""Keep councils with their members, and the complaints that reach them."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class Council(Table):
    """Stand for the elected body of a division."""

    __tablename__ = "council"
    __table_args__ = (UniqueConstraint("register_id", "code"), Index("ix_council_division_id", "division_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    code: Mapped[str]
    name: Mapped[str]
    seats: Mapped[int]
    synthetic: Mapped[bool] = mapped_column(server_default="false")


class Membership(Table):
    """Say who holds a seat of a council and when."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_council_id", "council_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id", ondelete="CASCADE"))
    seat: Mapped[int]
    person: Mapped[str]
    role: Mapped[str | None]
    term: Mapped[Range[date]] = mapped_column(DATERANGE)


class Complaint(Table):
    """Keep a resident's report, demand, suggestion or objection."""

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("register_id", "code"),
        CheckConstraint("status in ('received', 'referred', 'answered', 'closed', 'rejected')", name="status"),
        # complaints in the polygon of a division, and those filed without a point
        Index("ix_complaint_geom", "geom", postgresql_using="gist"),
        Index("ix_complaint_division_id", "division_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    code: Mapped[str]
    category: Mapped[str]
    submitted_at: Mapped[datetime]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    description: Mapped[str]
    status: Mapped[str]
    synthetic: Mapped[bool] = mapped_column(server_default="false")
