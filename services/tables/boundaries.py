"""Keep audit runs and what they found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class AuditRun(Table):
    """Say what was audited, on which state of the register, and whether the answer is certified."""

    __tablename__ = "audit_run"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    levels: Mapped[list[Any]]
    as_of: Mapped[date]
    based_on: Mapped[int]
    tolerances: Mapped[dict[str, Any]]
    certified: Mapped[bool]
    counts: Mapped[dict[str, Any]]
    actor: Mapped[str]
    audited_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Finding(Table):
    """Keep one defect with its kind, ground and measures."""

    __tablename__ = "finding"
    __table_args__ = (
        # the findings of a run by kind, and the same case in another run
        Index("ix_finding_run_id_kind", "run_id", "kind"),
        Index("ix_finding_fingerprint", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("audit_run.id", ondelete="CASCADE"))
    kind: Mapped[str]
    severity: Mapped[str]
    fingerprint: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    area_m2: Mapped[float | None]
    length_m: Mapped[float | None]
    width_m: Mapped[float | None]
    detail: Mapped[dict[str, Any]]


class FindingDivision(Table):
    """Link a finding to a division it concerns."""

    __tablename__ = "finding_division"
    __table_args__ = (Index("ix_finding_division_division_id", "division_id"),)

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)
