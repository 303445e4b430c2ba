"""Keep proposals of repairs with every move they list, and what was left out of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

STATES = ("proposed", "accepted", "applied", "refused")
"""The states of a proposal."""


class RepairProposal(Table):
    """Propose the repair of small defects of some levels, within stated limits."""

    __tablename__ = "repair_proposal"
    __table_args__ = (CheckConstraint("state in ('proposed', 'accepted', 'applied', 'refused')", name="state"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    levels: Mapped[list[Any]]
    as_of: Mapped[date]
    based_on: Mapped[int]
    limits: Mapped[dict[str, Any]]
    certified: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default="proposed")
    version: Mapped[int] = mapped_column(server_default="1")
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))


class RepairMove(Table):
    """List one defect of a proposal: how it would be mended, or why it is left."""

    __tablename__ = "repair_move"
    __table_args__ = (CheckConstraint("(option is null) <> (reason is null)", name="mended_or_left"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("repair_proposal.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    kind: Mapped[str]
    divisions: Mapped[list[Any]]
    option: Mapped[str | None]
    shares: Mapped[list[Any]]
    area_m2: Mapped[float | None]
    displacement_m: Mapped[float | None]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    accepted: Mapped[bool] = mapped_column(server_default="false")
