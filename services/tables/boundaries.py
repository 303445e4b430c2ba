"""Keep audit runs, what they found, and what of it the law wants to be so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

STANDINGS = ("lawful", "void", "undetermined")
"""Why a case is no defect: the law wants it so, the ground is nobody's, or whose it is stays open."""

EMPTY = text("'{}'::jsonb")


class AuditRun(Table):
    """Say what was audited, on which state of the register, and whether the answer is certified."""

    __tablename__ = "audit_run"
    __table_args__ = (
        # the runs of one scope, the latest first
        Index("ix_audit_run_register_id_id", "register_id", "id"),
        # the parts of one audit of the whole country
        Index("ix_audit_run_group_id", "group_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    levels: Mapped[list[Any]]
    within_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    as_of: Mapped[date]
    based_on: Mapped[int]
    tolerances: Mapped[dict[str, Any]]
    certified: Mapped[bool]
    divisions: Mapped[int] = mapped_column(server_default="0")
    vertices: Mapped[int] = mapped_column(server_default="0")
    certificate: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=EMPTY)
    counts: Mapped[dict[str, Any]]
    excepted: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=EMPTY)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("audit_run.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("audit_run.id"))
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
    places: Mapped[int | None]
    people: Mapped[int | None] = mapped_column(BigInteger)
    first_run_id: Mapped[int | None] = mapped_column(ForeignKey("audit_run.id", ondelete="SET NULL"))
    detail: Mapped[dict[str, Any]]


class FindingDivision(Table):
    """Link a finding to a division it concerns."""

    __tablename__ = "finding_division"
    __table_args__ = (Index("ix_finding_division_division_id", "division_id"),)

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)


class LawfulException(Table):
    """Say that a case, or whatever of a kind lies on a ground, is no defect while a period lasts."""

    __tablename__ = "exception"
    __table_args__ = (
        CheckConstraint(f"status in {STANDINGS}", name="status"),
        CheckConstraint("(fingerprint is null) <> (geom is null)", name="case"),
        # the exceptions of a register, of which there are few
        Index("ix_exception_register_id", "register_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="lawful")
    fingerprint: Mapped[str | None]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    reason: Mapped[str]
    decree_id: Mapped[int | None] = mapped_column(ForeignKey("decree.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, server_default=text("tstzrange(now(), NULL)"))
    actor: Mapped[str]
