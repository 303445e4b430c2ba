"""Keep disputes with their parties, claims, evidence, options and decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

TYPES = ("overlap", "gap", "definitional", "locational", "operational", "allocational")
"""What a dispute is about."""

STATES = ("open", "under_review", "options_prepared", "decided", "applied", "dismissed", "accepted_lawful")
"""How far a dispute has come, or how it ended."""

ORIGINS = ("finding", "claim", "request")
"""What a dispute began with."""

EVIDENCE_KINDS = ("decree", "map_sheet", "survey", "letter", "photograph", "other")
"""What a piece of evidence is."""

DECISION_STATES = ("proposed", "approved", "applied", "withdrawn")
"""How far a decision has come."""

OPEN_STATES = ("open", "under_review", "options_prepared", "decided")
"""The states in which somebody still has to do something."""


class Dispute(Table):
    """Hold one dispute from its opening to its end."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(f"type in {TYPES}", name="type"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"origin in {ORIGINS}", name="origin"),
        # the disputes of a register by state
        Index("ix_dispute_register_id_state", "register_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    type: Mapped[str]
    level: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    origin: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    as_of: Mapped[date]
    confidential: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")
    opened_by: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DisputeParty(Table):
    """Link a dispute to a division whose boundary it is about."""

    __tablename__ = "dispute_party"
    __table_args__ = (Index("ix_dispute_party_division_id", "division_id"),)

    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)


class DisputeFinding(Table):
    """Link a dispute to a case that an audit found, by the name that outlasts the run."""

    __tablename__ = "dispute_finding"
    __table_args__ = (Index("ix_dispute_finding_fingerprint", "fingerprint"),)

    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    finding: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]


class DisputeClaim(Table):
    """Keep the line or ground that one side claims."""

    __tablename__ = "dispute_claim"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    against_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    text: Mapped[str] = mapped_column(server_default="")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DisputeFace(Table):
    """Keep a piece of ground that is in dispute, and which divisions it may go to."""

    __tablename__ = "dispute_face"
    __table_args__ = (
        UniqueConstraint("dispute_id", "digest"),
        # disputes on the same ground
        Index("ix_dispute_face_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("dispute_claim.id"))
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    area_m2: Mapped[float]
    digest: Mapped[str]
    is_gap: Mapped[bool]
    candidates: Mapped[list[Any]]


class DisputeEvidence(Table):
    """Keep what speaks for one side or the other, without the file itself."""

    __tablename__ = "dispute_evidence"
    __table_args__ = (
        CheckConstraint(f"kind in {EVIDENCE_KINDS}", name="kind"),
        CheckConstraint("rank between 1 and 5", name="rank"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    kind: Mapped[str]
    rank: Mapped[int]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(server_default="")
    issued_on: Mapped[date | None]
    article: Mapped[str] = mapped_column(server_default="")
    sheet: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    line: Mapped[WKBElement | None] = mapped_column(Geometry("LINESTRING", 4326, spatial_index=False))
    accuracy_m: Mapped[float | None]
    file_name: Mapped[str | None]
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DisputeFile(Table):
    """Keep the cleaned file of a piece of evidence apart, so that nobody reads it who did not ask for it."""

    __tablename__ = "dispute_file"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("dispute_evidence.id"), primary_key=True)
    content: Mapped[bytes]


class DisputeOption(Table):
    """Keep one way to settle a dispute, with what would follow on the state of the register it was computed on."""

    __tablename__ = "dispute_option"
    __table_args__ = (UniqueConstraint("dispute_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    number: Mapped[int]
    kind: Mapped[str]
    taker: Mapped[int | None] = mapped_column(BigInteger)
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("dispute_evidence.id"))
    refused: Mapped[dict[str, Any] | None]
    shares: Mapped[list[Any]]
    ledger: Mapped[dict[str, Any] | None]
    effective_on: Mapped[date]
    based_on: Mapped[int]
    drawn: Mapped[dict[str, Any] | None]
    computed_by: Mapped[str]
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DisputeDecision(Table):
    """Keep a decision from its proposal to its application; a proposal that is withdrawn is kept as well."""

    __tablename__ = "dispute_decision"
    __table_args__ = (
        CheckConstraint(f"state in {DECISION_STATES}", name="state"),
        CheckConstraint("kind in ('settle', 'undo')", name="kind"),
        # a dispute has one decision in the making at most
        Index(
            "uq_dispute_decision_live",
            "dispute_id",
            unique=True,
            postgresql_where=text("state in ('proposed', 'approved')"),
        ),
        # whether a change belongs to a dispute
        Index("ix_dispute_decision_change_id", "change_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="proposed")
    option: Mapped[dict[str, Any]]
    decree_id: Mapped[int] = mapped_column(ForeignKey("decree.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"))
    effective_on: Mapped[date]
    text: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]


class DisputeEvent(Table):
    """Keep a step of a dispute: who took it, when and why."""

    __tablename__ = "dispute_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    step: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    reason: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, Any]]
