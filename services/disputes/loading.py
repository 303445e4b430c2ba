"""Load the parts of disputes from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import shapely
from shapely import LineString
from shapely.geometry import shape as read_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.consequences import make_public, read_ledger
from geo.register.divisions import Division
from services.disputes.parts import (
    Claim,
    Decision,
    Evidence,
    Face,
    KeptFile,
    OptionRecord,
    PartShare,
    Step,
)
from services.disputes.reasons import read_reason
from services.lookups import list_matching
from services.queries import RegisterState
from services.tables.changes import Decree
from services.tables.disputes import (
    DisputeClaim,
    DisputeDecision,
    DisputeEvent,
    DisputeEvidence,
    DisputeFace,
    DisputeFinding,
    DisputeOption,
    DisputeParty,
)
from services.tables.register import Standing


def load_parties(
    session: Session, register: RegisterState, days: Mapping[int, date]
) -> dict[int, tuple[Division, ...]]:
    """Load the parties of disputes, each as of the day of its dispute."""
    links = session.execute(
        select(DisputeParty.dispute_id, DisputeParty.division_id).where(DisputeParty.dispute_id.in_(days))
    ).all()
    found: dict[int, tuple[Division, ...]] = {}
    for day in sorted(set(days.values())):
        today = [(dispute, division) for dispute, division in links if days[dispute] == day]
        meant = Standing.division_id.in_(sorted({division for _, division in today}))
        known = list_matching(session, register, day, meant)
        for dispute in sorted({dispute for dispute, _ in today}):
            own = {division for one, division in today if one == dispute}
            found[dispute] = tuple(division for division in known if division.id in own)
    return found


def load_faces(session: Session, disputes: Sequence[int]) -> dict[int, tuple[Face, ...]]:
    """Load the faces of disputes, in the order in which they came."""
    rows = session.execute(
        select(DisputeFace, func.ST_AsBinary(DisputeFace.geom))
        .where(DisputeFace.dispute_id.in_(disputes))
        .order_by(DisputeFace.id)
    )
    found: dict[int, list[Face]] = {}
    for row, wkb in rows:
        face = Face(
            id=row.id,
            ground=shapely.from_wkb(bytes(wkb)),
            area_m2=row.area_m2,
            digest=row.digest,
            is_gap=row.is_gap,
            candidates=tuple(row.candidates),
            claim=row.claim_id,
        )
        found.setdefault(row.dispute_id, []).append(face)
    return {dispute: tuple(faces) for dispute, faces in found.items()}


def load_findings(session: Session, dispute: int) -> tuple[tuple[int, str, str], ...]:
    """Load the cases that a dispute was opened from."""
    columns = (DisputeFinding.finding, DisputeFinding.fingerprint, DisputeFinding.kind)
    rows = session.execute(
        select(*columns).where(DisputeFinding.dispute_id == dispute).order_by(DisputeFinding.finding)
    )
    return tuple((finding, fingerprint, kind) for finding, fingerprint, kind in rows)


def load_claims(session: Session, dispute: int) -> tuple[Claim, ...]:
    """Load what the sides claim."""
    rows = session.execute(
        select(DisputeClaim, func.ST_AsBinary(DisputeClaim.geom))
        .where(DisputeClaim.dispute_id == dispute)
        .order_by(DisputeClaim.id)
    )
    return tuple(
        Claim(
            id=row.id,
            division_id=row.division_id,
            against_id=row.against_id,
            drawn=shapely.from_wkb(bytes(wkb)),
            text=row.text,
            made_by=row.made_by,
            made_at=row.made_at,
        )
        for row, wkb in rows
    )


def load_evidence(session: Session, dispute: int) -> tuple[Evidence, ...]:
    """Load the evidence without its files, the strongest first."""
    rows = session.execute(
        select(DisputeEvidence, func.ST_AsBinary(DisputeEvidence.line))
        .where(DisputeEvidence.dispute_id == dispute)
        .order_by(DisputeEvidence.rank, DisputeEvidence.id)
    )
    return tuple(_to_evidence(row, wkb) for row, wkb in rows)


def _to_evidence(row: DisputeEvidence, wkb: bytes | None) -> Evidence:
    made = ("line", "file")
    columns = {name: getattr(row, name) for name in Evidence.__dataclass_fields__ if name not in made}
    line = None if wkb is None else cast(LineString, shapely.from_wkb(bytes(wkb)))
    return Evidence(**columns, line=line, file=_to_file(row))


def _to_file(row: DisputeEvidence) -> KeptFile | None:
    if row.file_name is None or row.media_type is None or row.size_bytes is None or row.sha256 is None:
        return None
    return KeptFile(row.file_name, row.media_type, row.size_bytes, row.sha256)


def load_options(session: Session, register: RegisterState, dispute: int) -> tuple[OptionRecord, ...]:
    """Load the options as they were computed last, those that the register has overtaken marked as stale."""
    rows = session.scalars(
        select(DisputeOption).where(DisputeOption.dispute_id == dispute).order_by(DisputeOption.number)
    )
    return tuple(_to_option(row, register) for row in rows)


def _to_option(row: DisputeOption, register: RegisterState) -> OptionRecord:
    refused = None if row.refused is None else read_reason(row.refused)
    return OptionRecord(
        id=row.id,
        number=row.number,
        kind=row.kind,
        taker=row.taker,
        evidence=row.evidence_id,
        refused=refused,
        shares=tuple(_to_share(one) for one in row.shares),
        ledger=row.ledger,
        effective_on=row.effective_on,
        based_on=row.based_on,
        computed_by=row.computed_by,
        computed_at=row.computed_at,
        is_stale=row.based_on != register.version,
    )


def hide_private(option: OptionRecord) -> OptionRecord:
    """Leave out of an option's ledger what only officers may read."""
    if option.ledger is None:
        return option
    return replace(option, ledger=make_public(read_ledger(option.ledger)).to_json())


def _to_share(kept: Mapping[str, Any]) -> PartShare:
    return PartShare(kept["face"], kept["taker"], read_shape(kept["ground"]), kept["area_m2"])


def load_decisions(session: Session, dispute: int) -> tuple[Decision, ...]:
    """Load the decisions of a dispute, withdrawn ones included, in their order."""
    decree = (Decree.issuer + " " + Decree.number).label("decree")
    rows = session.execute(
        select(DisputeDecision, decree, Decree.signed_on)
        .join(Decree, Decree.id == DisputeDecision.decree_id)
        .where(DisputeDecision.dispute_id == dispute)
        .order_by(DisputeDecision.id)
        .execution_options(populate_existing=True)
    )
    made = ("decree", "decreed_on", "option_kind", "taker")
    names = [name for name in Decision.__dataclass_fields__ if name not in made]
    return tuple(
        Decision(
            **{name: getattr(row, name) for name in names},
            option_kind=row.option.get("kind", ""),
            taker=row.option.get("taker"),
            decree=decree_name,
            decreed_on=signed_on,
        )
        for row, decree_name, signed_on in rows
    )


def load_steps(session: Session, dispute: int) -> tuple[Step, ...]:
    """Load the history of a dispute."""
    rows = session.scalars(select(DisputeEvent).where(DisputeEvent.dispute_id == dispute).order_by(DisputeEvent.id))
    return tuple(Step(**{name: getattr(row, name) for name in Step.__dataclass_fields__}) for row in rows)
