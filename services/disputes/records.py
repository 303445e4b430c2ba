"""Read disputes from the store, as far as a reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely import union_all
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.errors import DisputeNotFound, Reason
from geo.register.divisions import Division
from services.access.roles import ANONYMOUS, Caller
from services.disputes.loading import (
    hide_private,
    load_claims,
    load_decisions,
    load_evidence,
    load_faces,
    load_findings,
    load_options,
    load_parties,
    load_steps,
)
from services.disputes.parts import Claim, Decision, Evidence, Face, OptionRecord, Step
from services.disputes.reasons import read_reason
from services.disputes.visibility import is_officer, is_visible
from services.queries import RegisterState
from services.tables.disputes import Dispute as Record
from services.tables.disputes import DisputeFinding, DisputeParty

MOST_DISPUTES = 1000
"""The most disputes that are listed at once."""


@dataclass(frozen=True)
class DisputeSummary:
    """Hold what a list says of a dispute."""

    id: int
    """Its key."""
    type: str
    """What it is about: overlap, gap, definitional, locational, operational, allocational."""
    level: str
    """The level of its parties."""
    state: str
    """How far it has come, or how it ended."""
    origin: str
    """What it began with: finding, claim, request."""
    title: str
    """What it is called."""
    as_of: date
    """The day whose divisions and boundaries are meant."""
    confidential: bool
    """Whether only the officers of its parties may know of it."""
    version: int
    """How often it was written; a step says which version it is based on."""
    opened_by: str
    """Who opened it."""
    opened_at: datetime
    """When."""
    parties: tuple[Division, ...]
    """The divisions whose boundary it is about, as of its day."""
    faces: tuple[Face, ...]
    """The ground that is in dispute."""

    @property
    def ground(self) -> BaseGeometry | None:
        """Give all of the ground; None while nobody has claimed any."""
        return union_all([face.ground for face in self.faces]) if self.faces else None

    @property
    def area_m2(self) -> float:
        """Give the geodesic area of all of the ground."""
        return sum(face.area_m2 for face in self.faces)


@dataclass(frozen=True)
class Dispute:
    """Hold a dispute with all that belongs to it."""

    summary: DisputeSummary
    """What a list says of it."""
    text: str
    """What it is about, in words."""
    findings: tuple[tuple[int, str, str], ...]
    """The cases it was opened from: key of the finding, fingerprint, kind."""
    claims: tuple[Claim, ...]
    """What the sides claim."""
    evidence: tuple[Evidence, ...]
    """What speaks for them, the strongest first."""
    options: tuple[OptionRecord, ...]
    """The ways to settle it, as they were computed last."""
    decisions: tuple[Decision, ...]
    """Its decisions and proposals, the first first."""
    history: tuple[Step, ...]
    """Its steps, the first first."""

    @property
    def id(self) -> int:
        """Give its key."""
        return self.summary.id

    @property
    def state(self) -> str:
        """Give its state."""
        return self.summary.state

    @property
    def version(self) -> int:
        """Give its version."""
        return self.summary.version

    @property
    def sides(self) -> tuple[int, ...]:
        """Give the keys of its parties."""
        return tuple(sorted(party.id for party in self.summary.parties))

    @property
    def cautions(self) -> tuple[Reason, ...]:
        """List what speaks against settling it without looking, as it was found with its options."""
        steps = [one for one in self.history if one.step == "options"]
        return tuple(read_reason(one) for one in steps[-1].detail.get("cautions", ())) if steps else ()

    def find_live(self) -> Decision | None:
        """Find the decision in the making."""
        return next((one for one in self.decisions if one.state in ("proposed", "approved")), None)

    def find_applied(self) -> Decision | None:
        """Find the decision that the register follows: the last one applied, unless that took another back."""
        applied = [one for one in self.decisions if one.state == "applied"]
        return applied[-1] if applied and applied[-1].kind == "settle" else None


@dataclass(frozen=True)
class DisputeFilter:
    """Say which disputes are wanted; None leaves a side open."""

    state: str | None = None
    """Only of this state."""
    level: str | None = None
    """Only of this level."""
    division: int | None = None
    """Only those that this division is a party of."""
    type: str | None = None
    """Only of this type."""
    fingerprint: str | None = None
    """Only those opened from this finding, by its lasting name."""


ALL = DisputeFilter()


def get_dispute(session: Session, register: RegisterState, key: int, *, reader: Caller = ANONYMOUS) -> Dispute:
    """Give a dispute, or raise DisputeNotFound; one that the reader may not know of is not found either."""
    row = session.scalars(_select(register, reader).where(Record.id == key)).one_or_none()
    if row is None:
        raise DisputeNotFound(dispute=key)
    summary = _summarise(session, register, [row])[0]
    sides = [party.id for party in summary.parties]
    options = load_options(session, register, key)
    return Dispute(
        summary=summary,
        text=row.text,
        findings=load_findings(session, key),
        claims=load_claims(session, key),
        evidence=load_evidence(session, key),
        options=options if is_officer(session, register, reader, sides) else tuple(map(hide_private, options)),
        decisions=load_decisions(session, key),
        history=load_steps(session, key),
    )


def list_disputes(
    session: Session,
    register: RegisterState,
    wanted: DisputeFilter = ALL,
    *,
    reader: Caller = ANONYMOUS,
    limit: int = 100,
    offset: int = 0,
) -> tuple[DisputeSummary, ...]:
    """List the disputes a reader may know of, the latest opened first."""
    query = _narrow(_select(register, reader), wanted).order_by(Record.id.desc())
    rows = session.scalars(query.limit(min(limit, MOST_DISPUTES)).offset(offset)).all()
    return _summarise(session, register, rows)


def count_disputes(
    session: Session, register: RegisterState, wanted: DisputeFilter = ALL, *, reader: Caller = ANONYMOUS
) -> dict[str, int]:
    """Count the disputes a reader may know of by state."""
    every: Any = select(Record.state, func.count()).where(
        Record.register_id == register.id, is_visible(register, reader)
    )
    counts = _narrow(every, wanted).group_by(Record.state).order_by(Record.state)
    return {state: count for state, count in session.execute(counts)}


def _select(register: RegisterState, reader: Caller) -> Select[Record]:
    # what another writer has changed since the session began is read anew
    fresh = select(Record).execution_options(populate_existing=True)
    return fresh.where(Record.register_id == register.id, is_visible(register, reader))


def _narrow(query: Select[Any], wanted: DisputeFilter) -> Select[Any]:
    for column in ("state", "level", "type"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(getattr(Record, column) == value)
    if wanted.division is not None:
        own = select(DisputeParty.dispute_id).where(DisputeParty.division_id == wanted.division)
        query = query.where(Record.id.in_(own))
    if wanted.fingerprint is not None:
        cases = select(DisputeFinding.dispute_id).where(DisputeFinding.fingerprint == wanted.fingerprint)
        query = query.where(Record.id.in_(cases))
    return query


def _summarise(session: Session, register: RegisterState, rows: Sequence[Record]) -> tuple[DisputeSummary, ...]:
    days = {row.id: row.as_of for row in rows}
    parties, faces = load_parties(session, register, days), load_faces(session, sorted(days))
    columns = [name for name in DisputeSummary.__dataclass_fields__ if name not in ("parties", "faces")]
    return tuple(
        DisputeSummary(
            **{name: getattr(row, name) for name in columns},
            parties=parties.get(row.id, ()),
            faces=faces.get(row.id, ()),
        )
        for row in rows
    )
