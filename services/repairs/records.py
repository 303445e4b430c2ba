"""Read proposals of repairs from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, update
from sqlalchemy.orm import Session

from geo.coverage.repairs import RepairLimits
from geo.errors import Reason, RepairNotFound, StaleVersion, WrongRepairState, because
from geo.register.divisions import Division
from services.lookups import list_matching
from services.queries import RegisterState
from services.tables.changes import Change
from services.tables.register import Standing
from services.tables.repairs import RepairMove, RepairProposal

MOST_PROPOSALS = 1000
"""The most proposals that are listed at once."""


@dataclass(frozen=True)
class RepairLine:
    """Hold one defect of a proposal."""

    number: int
    """Its number in the proposal, from 1."""
    fingerprint: str
    """The lasting name of the finding."""
    kind: str
    """What is wrong."""
    divisions: tuple[Division, ...]
    """The divisions concerned, as of the proposal's day."""
    way: str | None
    """How it would be mended; None for one that is left."""
    takers: tuple[int, ...]
    """Who gets the ground."""
    grounds: tuple[BaseGeometry, ...]
    """Which ground each of them gets."""
    area_m2: float | None
    """The ground that changes hands, or the size of what is left."""
    displacement_m: float | None
    """How far a boundary moves at most."""
    geometry: BaseGeometry | None
    """Where it is: the whole ground, or the vertices."""
    reason: Reason | None
    """Why it is left."""
    accepted: bool
    """Whether it was accepted."""

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Give the vertices to be inserted."""
        if self.way != "vertex" or self.geometry is None:
            return ()
        return tuple((x, y) for x, y in shapely.get_coordinates(self.geometry).tolist())


@dataclass(frozen=True)
class Proposal:
    """Hold a proposal with its figures."""

    id: int
    """Its key."""
    register: str
    """The register."""
    levels: tuple[str, ...]
    """The levels that were audited as one coverage."""
    as_of: date
    """The day whose boundaries were looked at."""
    based_on: int
    """The version of the register it was worked out on."""
    limits: RepairLimits
    """How far its repairs go."""
    certified: bool
    """Whether the audit proves that nothing was missed."""
    state: str
    """How far it has come: proposed, accepted, applied, refused."""
    version: int
    """How often it was written; a step says which version it is based on."""
    proposed_by: str
    """Who proposed it."""
    proposed_at: datetime
    """When."""
    decided_by: str | None
    """Who accepted or refused it."""
    decided_at: datetime | None
    """When."""
    reason: str
    """Why it was refused."""
    change: int | None
    """The change that carries it out."""
    moves: dict[str, int]
    """How many repairs it proposes, by kind and way."""
    left: dict[str, int]
    """How many defects it leaves, by reason."""
    accepted: int
    """How many repairs were accepted."""
    area_m2: float
    """The ground that changes hands in all."""
    displacement_m: float
    """How far a boundary moves at most."""


def get_proposal(session: Session, register: RegisterState, key: int, *, lock: bool = False) -> Proposal:
    """Give a proposal, or raise RepairNotFound; `lock` lets nobody else write it until the commit."""
    query = _select_proposals(register).where(RepairProposal.id == key)
    row = session.execute(query.with_for_update(of=RepairProposal) if lock else query).one_or_none()
    if row is None:
        raise RepairNotFound(proposal=key)
    return _to_proposal(register, row, _count_moves(session, [key]).get(key, []))


def list_proposals(
    session: Session, register: RegisterState, *, state: str | None = None, limit: int = MOST_PROPOSALS, offset: int = 0
) -> tuple[Proposal, ...]:
    """List the proposals of a register, the latest first."""
    query = _select_proposals(register).order_by(RepairProposal.id.desc())
    if state is not None:
        query = query.where(_state() == state)
    rows = session.execute(query.limit(limit).offset(offset)).all()
    counts = _count_moves(session, [row.RepairProposal.id for row in rows])
    return tuple(_to_proposal(register, row, counts.get(row.RepairProposal.id, [])) for row in rows)


def _state() -> ColumnElement[str]:
    """Say how far a proposal has come: it is applied when its change is."""
    is_done = and_(RepairProposal.state == "accepted", Change.state == "applied")
    return case((is_done, "applied"), else_=RepairProposal.state)


def _select_proposals(register: RegisterState) -> Select[Any]:
    query: Any = select(RepairProposal, _state().label("state"))
    is_own = RepairProposal.register_id == register.id
    chosen: Select[Any] = query.join(Change, Change.id == RepairProposal.change_id, isouter=True).where(is_own)
    return chosen


def _count_moves(session: Session, keys: Sequence[int]) -> dict[int, list[Row[Any]]]:
    reason = RepairMove.reason["key"].astext
    columns = (RepairMove.proposal_id, RepairMove.kind, RepairMove.option, reason.label("why"))
    figures = (
        func.count().label("total"),
        func.count().filter(RepairMove.accepted).label("accepted"),
        func.coalesce(func.sum(RepairMove.area_m2), 0.0).label("area_m2"),
        func.coalesce(func.max(RepairMove.displacement_m), 0.0).label("displacement_m"),
    )
    rows = session.execute(
        select(*columns, *figures).where(RepairMove.proposal_id.in_(keys)).group_by(*columns).order_by(*columns)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.proposal_id, []).append(row)
    return found


def _to_proposal(register: RegisterState, row: Row[Any], counts: Sequence[Row[Any]]) -> Proposal:
    kept: RepairProposal = row.RepairProposal
    mended = [one for one in counts if one.option is not None]
    left: dict[str, int] = {}
    for one in counts:
        if one.option is None:
            left[one.why] = left.get(one.why, 0) + one.total
    return Proposal(
        id=kept.id,
        register=register.name,
        levels=tuple(kept.levels),
        as_of=kept.as_of,
        based_on=kept.based_on,
        limits=RepairLimits(**kept.limits),
        certified=kept.certified,
        state=row.state,
        version=kept.version,
        proposed_by=kept.proposed_by,
        proposed_at=kept.proposed_at,
        decided_by=kept.decided_by,
        decided_at=kept.decided_at,
        reason=kept.reason,
        change=kept.change_id,
        moves={f"{one.kind}/{one.option}": one.total for one in mended},
        left=dict(sorted(left.items())),
        accepted=sum(one.accepted for one in mended),
        area_m2=float(sum(one.area_m2 for one in mended)),
        displacement_m=float(max((one.displacement_m for one in mended), default=0.0)),
    )


def list_lines(
    session: Session,
    register: RegisterState,
    proposal: Proposal,
    *,
    mended: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[RepairLine, ...]:
    """List the defects of a proposal: all, those it mends, or those it leaves."""
    query = select(RepairMove, func.ST_AsBinary(RepairMove.geom)).where(RepairMove.proposal_id == proposal.id)
    if mended is not None:
        query = query.where(RepairMove.option.is_not(None) if mended else RepairMove.option.is_(None))
    rows = session.execute(query.order_by(RepairMove.number).limit(limit).offset(offset)).all()
    keys = sorted({key for row, _ in rows for key in row.divisions})
    own = Standing.division_id.in_(keys)
    known = {one.id: one for one in list_matching(session, register, proposal.as_of, own)}
    return tuple(_to_line(row, wkb, known) for row, wkb in rows)


def _to_line(row: RepairMove, wkb: bytes | None, known: Mapping[int, Division]) -> RepairLine:
    reason = None if row.reason is None else because(row.reason["key"], **row.reason["params"])
    return RepairLine(
        number=row.number,
        fingerprint=row.fingerprint,
        kind=row.kind,
        divisions=tuple(known[key] for key in row.divisions if key in known),
        way=row.option,
        takers=tuple(one["to"] for one in row.shares),
        grounds=tuple(shape(one["ground"]) for one in row.shares),
        area_m2=row.area_m2,
        displacement_m=row.displacement_m,
        geometry=None if wkb is None else shapely.from_wkb(bytes(wkb)),
        reason=reason,
        accepted=row.accepted,
    )


def take_proposal(session: Session, register: RegisterState, key: int, *, based_on: int, needed: str) -> Proposal:
    """Lock a proposal for its next step.

    Raises StaleVersion when somebody has written it since, WrongRepairState when it is not in the state needed.
    """
    proposal = get_proposal(session, register, key, lock=True)
    if proposal.version != based_on:
        raise StaleVersion(based_on=based_on, current=proposal.version)
    if proposal.state != needed:
        raise WrongRepairState(proposal=key, state=proposal.state, needed=needed)
    return proposal


def write_proposal(session: Session, proposal: Proposal, **values: Any) -> None:  # noqa: ANN401 - columns of a proposal
    """Write a step of a proposal as its next version."""
    own = RepairProposal.id == proposal.id
    session.execute(update(RepairProposal).where(own).values(version=proposal.version + 1, **values))
