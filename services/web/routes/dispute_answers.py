"""Say what the API tells of disputes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.errors import Reason
from services.disputes.conflicts import Conflict
from services.disputes.parts import Claim, Decision, Evidence, Face, Insider, OptionRecord, Step
from services.disputes.records import Dispute, DisputeSummary
from services.messages import say
from services.queries import RegisterState
from services.web.geojson import round_shape
from services.web.models import DivisionOut, Link, Model, to_division_out


class FaceOut(Model):
    """A piece of ground that is in dispute."""

    id: int = Field(examples=[1])
    area_m2: float
    """Its geodesic area."""
    digest: str
    """The hash of its ground."""
    is_gap: bool
    """Whether no division has it."""
    candidates: list[int]
    """The divisions it may go to."""
    claim: int | None
    """The claim that made it."""
    ground: dict[str, Any]
    """The ground as GeoJSON."""


class SummaryOut(Model):
    """What a list says of a dispute."""

    id: int = Field(examples=[1])
    type: str = Field(examples=["overlap"])
    level: str = Field(examples=["bakhsh"])
    state: str = Field(examples=["open"])
    origin: str = Field(examples=["finding"])
    title: str
    as_of: date
    """The day whose divisions and boundaries are meant."""
    confidential: bool
    version: int = Field(examples=[1])
    """A step says which version it is based on."""
    opened_by: str
    opened_at: datetime
    area_m2: float
    """The geodesic area of all of the ground."""
    parties: list[DivisionOut]
    faces: list[FaceOut]


class DisputePageOut(Model):
    """A page of disputes."""

    register_name: str = Field(alias="register", examples=["ir"])
    counts: dict[str, int] = Field(examples=[{"open": 3}])
    """All disputes asked about, by state."""
    total: int = Field(examples=[3])
    items: list[SummaryOut]
    links: list[Link] = Field(default_factory=list)


class CaseOut(Model):
    """A case of an audit that a dispute was opened from."""

    finding: int
    fingerprint: str
    kind: str


class ClaimOut(Model):
    """What one side claims."""

    id: int
    division_id: int
    against_id: int
    drawn: dict[str, Any]
    """The line or ground as GeoJSON."""
    text: str
    made_by: str
    made_at: datetime


class FileOut(Model):
    """A file of evidence."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


class EvidenceOut(Model):
    """What speaks for one side or for none."""

    id: int
    kind: str = Field(examples=["decree"])
    rank: int = Field(examples=[1])
    title: str
    division_id: int | None
    number: str
    issued_on: date | None
    article: str
    sheet: str
    text: str
    line: dict[str, Any] | None
    accuracy_m: float | None
    file: FileOut | None
    added_by: str
    added_at: datetime


class ShareOut(Model):
    """Which ground of a face goes to whom."""

    face: int
    taker: int | None
    """The division that gets it; null leaves it to nobody."""
    area_m2: float
    ground: dict[str, Any]


class OptionOut(Model):
    """One way to settle a dispute."""

    number: int = Field(examples=[1])
    kind: str = Field(examples=["adopt"])
    taker: int | None
    evidence: int | None
    """The piece of evidence whose line it follows."""
    refused: str | None
    """Why it is not to be had, in the caller's language."""
    shares: list[ShareOut]
    ledger: dict[str, Any] | None
    """What follows from it, as `GET …/consequences` tells it."""
    effective_on: date
    based_on: int
    is_stale: bool
    """Whether the register has moved on since."""
    computed_by: str
    computed_at: datetime


class DecisionOut(Model):
    """A decision from its proposal to its application."""

    id: int
    kind: str = Field(examples=["settle"])
    state: str = Field(examples=["proposed"])
    option_kind: str
    taker: int | None
    decree_id: int
    decree: str
    decreed_on: date
    change_id: int
    effective_on: date
    text: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    applied_at: datetime | None


class StepOut(Model):
    """One step of a dispute."""

    step: str = Field(examples=["open"])
    before: str | None
    after: str
    actor: str
    at: datetime
    reason: str
    detail: dict[str, Any]


class DisputeOut(SummaryOut):
    """A dispute with all that belongs to it."""

    text: str
    findings: list[CaseOut]
    claims: list[ClaimOut]
    evidence: list[EvidenceOut]
    options: list[OptionOut]
    cautions: list[str]
    """What speaks against settling it without looking."""
    decisions: list[DecisionOut]
    history: list[StepOut]


class InsiderOut(Model):
    """A place in disputed ground and the side it stands under."""

    division_id: int
    code: str
    names: dict[str, str]
    people: int | None
    face: int
    side: int | None
    point: tuple[float, float]


class ConflictOut(Model):
    """Another open dispute on the same ground."""

    dispute: int | None
    """Its key; null for a confidential one."""
    state: str | None
    shares_ground: bool
    """Whether ground is in both; otherwise only a stretch of boundary is."""


def to_summary_out(summary: DisputeSummary, register: RegisterState, language: str) -> SummaryOut:
    """Write what a list says of a dispute."""
    return SummaryOut.model_validate(_summarise(summary, register, language))


def _summarise(summary: DisputeSummary, register: RegisterState, language: str) -> dict[str, Any]:
    parties = [to_division_out(party, register, language) for party in summary.parties]
    faces = [_to_face_out(face) for face in summary.faces]
    return {**vars(summary), "area_m2": summary.area_m2, "parties": parties, "faces": faces}


def to_dispute_out(dispute: Dispute, register: RegisterState, language: str) -> DisputeOut:
    """Write a dispute in the caller's language."""
    cases = [CaseOut(finding=key, fingerprint=name, kind=kind) for key, name, kind in dispute.findings]
    return DisputeOut(
        **_summarise(dispute.summary, register, language),
        text=dispute.text,
        findings=cases,
        claims=[_to_claim_out(one) for one in dispute.claims],
        evidence=[_to_evidence_out(one) for one in dispute.evidence],
        options=[_to_option_out(one, language) for one in dispute.options],
        cautions=[tell_reason(one, language) for one in dispute.cautions],
        decisions=[to_decision_out(one) for one in dispute.decisions],
        history=[to_step_out(one) for one in dispute.history],
    )


def tell_reason(reason: Reason, language: str) -> str:
    """Write a reason in the caller's language."""
    return say("plain.reason", language, reason=reason)


def _draw(shape: BaseGeometry) -> dict[str, Any]:
    drawn: Mapping[str, Any] = mapping(round_shape(shape))
    return dict(drawn)


def _to_face_out(face: Face) -> FaceOut:
    return FaceOut.model_validate({**vars(face), "candidates": list(face.candidates), "ground": _draw(face.ground)})


def _to_claim_out(claim: Claim) -> ClaimOut:
    return ClaimOut.model_validate({**vars(claim), "drawn": _draw(claim.drawn)})


def _to_evidence_out(evidence: Evidence) -> EvidenceOut:
    line = None if evidence.line is None else _draw(evidence.line)
    file = None if evidence.file is None else FileOut.model_validate(vars(evidence.file))
    return EvidenceOut.model_validate({**vars(evidence), "line": line, "file": file})


def _to_option_out(option: OptionRecord, language: str) -> OptionOut:
    shares = [ShareOut.model_validate({**vars(one), "ground": _draw(one.ground)}) for one in option.shares]
    refused = None if option.refused is None else tell_reason(option.refused, language)
    return OptionOut.model_validate({**vars(option), "shares": shares, "refused": refused})


def to_decision_out(decision: Decision) -> DecisionOut:
    """Write a decision."""
    return DecisionOut.model_validate(vars(decision))


def to_step_out(step: Step) -> StepOut:
    """Write a step."""
    return StepOut.model_validate(vars(step))


def to_insider_out(insider: Insider) -> InsiderOut:
    """Write a place."""
    return InsiderOut.model_validate(vars(insider))


def to_conflict_out(conflict: Conflict) -> ConflictOut:
    """Write a conflict."""
    return ConflictOut.model_validate(vars(conflict))
