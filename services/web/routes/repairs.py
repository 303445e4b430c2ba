"""Answer about proposals of repairs, and take their steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from geo.coverage.repairs import STANDARD, RepairLimits, RepairWay
from geo.register.calendars import parse_date
from services.access.roles import Action
from services.messages import say
from services.queries import RegisterState
from services.repairs.decisions import accept_repairs, apply_repairs, refuse_repairs
from services.repairs.exports import KINDS, export_lines
from services.repairs.proposals import propose_repairs
from services.repairs.records import Proposal, RepairLine, get_proposal, list_lines, list_proposals
from services.tables.repairs import STATES
from services.web.access import WriteScope, allow
from services.web.models import DivisionOut, Model, Text, to_division_out
from services.web.paging import Limit, Offset
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/repairs", tags=["boundaries"])

Key = Annotated[int, Path(ge=1, lt=2**63, alias="proposal", description="The key of the proposal.", examples=[1])]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
Proposer = Annotated[WriteScope, allow(Action.DRAFT_CHANGE)]
Approver = Annotated[WriteScope, allow(Action.APPROVE_CHANGE, named_in_body=True)]


class LimitsIn(Model):
    """How far repairs may go; no limit may be wider than it is by itself."""

    most_area_m2: float = Field(default=STANDARD.most_area_m2, examples=[10000])
    """The largest ground mended at one place."""
    most_width_m: float = Field(default=STANDARD.most_width_m, examples=[50])
    """The widest ground."""
    most_displacement_m: float = Field(default=STANDARD.most_displacement_m, examples=[50])
    """How far a boundary may move."""


class ProposalIn(Model):
    """Ask for a proposal."""

    levels: list[str] = Field(min_length=1, max_length=20, examples=[["commune"]])
    """The levels that tile their parents together."""
    limits: LimitsIn = Field(default_factory=LimitsIn)
    """How far repairs may go."""
    first: RepairWay = Field(default=RepairWay.BORDER, examples=["border"])
    """Whether ground between two divisions goes to the longest border or is parted half-way where that is defined."""


class AcceptIn(Model):
    """Accept a proposal, as a whole or in part."""

    version: Version
    """The version of the proposal that was read."""
    decree: int = Field(ge=1, lt=2**63, examples=[1])
    """The key of the decree."""
    numbers: list[int] | None = Field(default=None, max_length=1_000_000, examples=[[1, 2, 3]])
    """The numbers of the moves; all without."""
    effective_on: Text | None = Field(default=None, examples=["1400-05-20"])
    """The first day on which the repairs hold, Jalali or Gregorian; the day of the proposal without."""


class RepairStepIn(Model):
    """A step of a proposal."""

    version: Version
    """The version of the proposal that was read."""
    reason: Annotated[str, Field(max_length=1000)] = ""
    """Why it is refused."""


class ProposalOut(Model):
    """A proposal with its figures."""

    id: int
    levels: list[str]
    as_of: date
    based_on: int
    limits: dict[str, float]
    certified: bool
    state: str = Field(examples=["proposed"])
    version: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    change: int | None
    """The change that carries it out."""
    moves: dict[str, int] = Field(examples=[{"gap/border": 12, "unmatched_vertex/vertex": 60}])
    """How many repairs it proposes, by kind and way."""
    left: dict[str, int] = Field(examples=[{"repair_large": 4}])
    """How many defects it leaves, by reason."""
    accepted: int
    area_m2: float
    displacement_m: float


class RepairLineOut(Model):
    """One defect of a proposal."""

    number: int
    fingerprint: str
    kind: str = Field(examples=["gap"])
    divisions: list[DivisionOut]
    way: str | None = Field(examples=["border"])
    """How it would be mended; null for one that is left."""
    takers: list[int]
    """Who gets the ground."""
    area_m2: float | None
    displacement_m: float | None
    point: tuple[float, float] | None
    """Longitude and latitude of a spot of it."""
    reason: str
    """Why it is left."""
    accepted: bool


@router.get("")
def read_proposals(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    state: Annotated[
        str | None, Query(pattern=f"^({'|'.join(STATES)})$", description="Only proposals of this state.")
    ] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[ProposalOut]:
    """List the proposals of repairs, the latest first."""
    return [to_proposal_out(one) for one in list_proposals(session, asked, state=state, limit=limit, offset=offset)]


@router.get("/{proposal}")
def read_proposal(register: RegisterName, asked: AskedRegister, session: RequestSession, proposal: Key) -> ProposalOut:
    """Give one proposal with its figures."""
    return to_proposal_out(get_proposal(session, asked, proposal))


@router.get("/{proposal}/moves")
def read_moves(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    proposal: Key,
    mended: Annotated[bool | None, Query(description="Only what is mended, or only what is left.")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[RepairLineOut]:
    """List the defects of a proposal: how each would be mended, or why it is left."""
    found = get_proposal(session, asked, proposal)
    lines = list_lines(session, asked, found, mended=mended, limit=limit, offset=offset)
    return [_to_line_out(line, asked, language) for line in lines]


@router.get("/{proposal}/export", response_class=Response)
def export(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    proposal: Key,
    kind: Annotated[str, Query(alias="format", pattern=f"^({'|'.join(KINDS)})$")] = "geojson",
) -> Response:
    """Write every line of a proposal as GeoJSON or CSV."""
    body = export_lines(session, asked, proposal, kind, language=language)
    name = f'attachment; filename="repairs-{proposal}.{kind}"'
    return Response(body, media_type=KINDS[kind], headers={"Content-Disposition": name})


@router.post("", status_code=201)
def propose(register: RegisterName, writer: Proposer, wanted: Annotated[ProposalIn, Body()], day: Day) -> ProposalOut:
    """Audit levels and keep a proposal of repairs; nothing of the register changes."""
    assert writer.register is not None
    limits = RepairLimits(**wanted.limits.model_dump())
    terms: dict[str, Any] = {"day": day, "caller": writer.caller, "limits": limits, "first": wanted.first}
    return to_proposal_out(propose_repairs(writer.session, writer.register, wanted.levels, **terms))


@router.post("/{proposal}/accept")
def accept(register: RegisterName, writer: Approver, proposal: Key, wanted: Annotated[AcceptIn, Body()]) -> ProposalOut:
    """Accept all repairs of a proposal, or some, under a decree; whoever proposed them may not."""
    state = writer.lock(register)
    done = accept_repairs(
        *(writer.session, state, proposal),
        based_on=wanted.version,
        decree_id=wanted.decree,
        caller=writer.caller,
        numbers=wanted.numbers,
        day=parse_date(wanted.effective_on) if wanted.effective_on else None,
    )
    return to_proposal_out(done)


@router.post("/{proposal}/refuse")
def refuse(
    register: RegisterName, writer: Approver, proposal: Key, step: Annotated[RepairStepIn, Body()]
) -> ProposalOut:
    """Refuse a proposal as a whole, with the reason."""
    state = writer.lock(register)
    terms: dict[str, Any] = {"based_on": step.version, "caller": writer.caller, "reason": step.reason}
    return to_proposal_out(refuse_repairs(writer.session, state, proposal, **terms))


@router.post("/{proposal}/apply")
def apply(
    register: RegisterName, writer: Approver, proposal: Key, step: Annotated[RepairStepIn, Body()]
) -> ProposalOut:
    """Write the accepted repairs into the register, all in one change or none."""
    state = writer.lock(register)
    done = apply_repairs(writer.session, state, proposal, based_on=step.version, caller=writer.caller)
    return to_proposal_out(done)


def to_proposal_out(proposal: Proposal) -> ProposalOut:
    """Write a proposal for the API."""
    return ProposalOut.model_validate(
        {**vars(proposal), "levels": list(proposal.levels), "limits": vars(proposal.limits)}
    )


def _to_line_out(line: RepairLine, register: RegisterState, language: str) -> RepairLineOut:
    spot = None if line.geometry is None else shapely.get_coordinates(shapely.point_on_surface(line.geometry))[0]
    return RepairLineOut(
        number=line.number,
        fingerprint=line.fingerprint,
        kind=line.kind,
        divisions=[to_division_out(one, register, language) for one in line.divisions],
        way=line.way,
        takers=list(line.takers),
        area_m2=line.area_m2,
        displacement_m=line.displacement_m,
        point=None if spot is None else (float(spot[0]), float(spot[1])),
        reason="" if line.reason is None else say("plain.reason", language, reason=line.reason),
        accepted=line.accepted,
    )
