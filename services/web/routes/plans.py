"""Study, compare, edit, exchange and publish district plans."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from services.access.roles import Action
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_edits import EditPreview, edit_plan, preview_edit
from services.elections.plan_exchange import export_plan, import_plan
from services.elections.plan_publishing import publish_plan
from services.elections.plan_standings import MOST_WAITED
from services.elections.plan_studies import PlanDifference, PlanPoint, PlanStudy, compare_kept, study_plan
from services.elections.plans import get_plan
from services.queries import get_register
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.scope import AskedRegister, Day, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/plans", tags=["elections"])

PlanName = Annotated[str, Path(description="The name of the plan.", examples=["alger-5"], max_length=200)]
Version = Annotated[int | None, Query(description="The version; the newest by default.", ge=1, le=2**31 - 1)]

KINDS = {"csv": "text/csv", "jsonl": "application/jsonl", "geojson": "application/geo+json"}
"""The formats of a plan and their types."""


class BrokenOut(Model):
    """Something that a plan breaks."""

    district: int
    """The district."""
    kind: str = Field(examples=["pieces"])
    """What is wrong: `pieces`, `deviation` or `empty`."""
    value: float
    """How many pieces it is in, or how far its people lie from the ideal."""


class ShapeOut(Model):
    """The shape of a district."""

    area_m2: float
    perimeter_m: float
    polsby_popper: float
    reock: float
    hull_ratio: float
    distance_m: float
    """How far its people are from their centre in the mean."""


class ReachOut(Model):
    """How a district lies to what its people have to reach."""

    district: int
    people_per_seat: float
    """Its people for each member it returns."""
    station_m: float | None
    """How far its people are from the nearest station in the mean; empty where none has a known place."""
    farthest_m: float | None
    """How far the unit is that lies farthest from a station."""


class SplitsOut(Model):
    """How a plan treats the divisions of a level."""

    level: str
    divisions: int
    split: int
    pieces: int
    parts: dict[str, list[int]]
    """The districts of each division that is split."""


class StandingOut(Model):
    """Where a measure stands among neutral plans."""

    measure: str
    value: float
    percentile: float
    """The share of plans with less, those with as much counted half."""
    least: float
    median: float
    most: float
    plans: int
    edges: list[float]
    counts: list[int]


class StudyOut(Model):
    """What can be said of a plan."""

    name: str
    version: int
    origin: str
    """`drawn`, `searched`, `imported` or `edited`."""
    measures: dict[str, float]
    shapes: list[ShapeOut]
    reach: list[ReachOut]
    splits: list[SplitsOut]
    broken: list[BrokenOut]
    standings: list[StandingOut]
    citations: dict[str, str]


@router.get("/{plan}/study")
def study(
    register: RegisterName,
    plan: PlanName,
    asked: AskedRegister,
    session: RequestSession,
    version: Version = None,
    neutral: Annotated[int, Query(description="How many neutral plans to place it among.", ge=0, le=1000)] = 0,
    seed: Annotated[int, Query(description="What chance starts from.", ge=0, le=2**31 - 1)] = 1,
) -> StudyOut:
    """Measure a plan, say what it breaks and, if asked, where it stands among neutral plans."""
    found = study_plan(session, asked, plan, version=version, neutral=neutral, seed=seed, most_work=MOST_WAITED)
    return _to_study_out(found)


def _to_study_out(found: PlanStudy) -> StudyOut:
    return StudyOut(
        name=found.plan.name,
        version=found.plan.version,
        origin=found.plan.origin,
        measures=found.measures,
        shapes=[ShapeOut.model_validate(shape) for shape in found.shapes],
        reach=[ReachOut.model_validate(district) for district in found.reach],
        splits=[SplitsOut.model_validate(level) for level in found.splits],
        broken=[BrokenOut.model_validate(broken) for broken in found.broken],
        standings=[StandingOut.model_validate(one) for one in found.standings],
        citations=found.citations,
    )


class FlowOut(Model):
    """Who moves from one district to another."""

    before: int
    after: int
    units: list[str]
    people: int


class ComparisonOut(Model):
    """What differs between two plans."""

    matches: list[tuple[int, int]]
    """Districts that are taken for the same."""
    flows: list[FlowOut]
    units_moved: int
    people_moved: int
    share_moved: float
    measures: dict[str, tuple[float, float]]
    """Each measure before and after."""


@router.get("/{plan}/comparison")
def compare(
    register: RegisterName,
    plan: PlanName,
    asked: AskedRegister,
    session: RequestSession,
    other: Annotated[str, Query(alias="with", description="The plan to compare with.", min_length=1, max_length=200)],
    version: Version = None,
    other_version: Annotated[int | None, Query(alias="with_version", ge=1, le=2**31 - 1)] = None,
) -> ComparisonOut:
    """Say who moves from one plan, or version of it, to another over the same units."""
    return _to_comparison_out(compare_kept(session, asked, PlanPoint(plan, version), PlanPoint(other, other_version)))


def _to_comparison_out(found: PlanDifference) -> ComparisonOut:
    held: dict[str, Any] = vars(found.comparison)
    flows = [FlowOut.model_validate(flow) for flow in found.comparison.flows]
    return ComparisonOut(**{**held, "flows": flows}, measures=found.measures)


@router.get("/{plan}/export", response_class=Response)
def export(
    register: RegisterName,
    plan: PlanName,
    asked: AskedRegister,
    session: RequestSession,
    kind: Annotated[str, Query(alias="format", description="`csv`, `jsonl` or `geojson`.", max_length=20)] = "csv",
    version: Version = None,
) -> Response:
    """Give a plan out: unit and district by code, or the units with their ground."""
    return Response(export_plan(session, asked, plan, kind, version=version), media_type=KINDS[kind])


Moves = Annotated[dict[Text, int], Field(min_length=1, max_length=10_000, examples=[{"1601": 2}])]
"""The new district of each unit that moves, by its code."""


class MovesIn(Model):
    """Move units to other districts."""

    moves: Moves


class PreviewOut(Model):
    """What moving units does before anybody keeps it."""

    version: int
    """The version that is edited."""
    before: dict[str, float]
    after: dict[str, float]
    broken: list[BrokenOut]
    units_moved: int
    people_moved: int
    can_be_kept: bool
    """Whether every district has units and lies in one piece."""


@router.post("/{plan}/preview")
def preview(
    register: RegisterName,
    plan: PlanName,
    asked: AskedRegister,
    session: RequestSession,
    wanted: Annotated[MovesIn, Body()],
) -> PreviewOut:
    """Say what moving units does to a plan; nothing is kept."""
    return _to_preview_out(preview_edit(session, asked, plan, wanted.moves))


def _to_preview_out(found: EditPreview) -> PreviewOut:
    return PreviewOut.model_validate(found)


class VersionOut(Model):
    """A version of a plan that was kept."""

    name: str
    version: int
    origin: str
    deviation: float
    cut_edges: int
    assignment: dict[str, int]
    """District by the code of the unit."""


def _to_version_out(answer: PlanAnswer) -> VersionOut:
    assignment = {line.division.code: line.district for line in answer.units}
    held = {key: getattr(answer, key) for key in ("name", "version", "origin", "deviation", "cut_edges")}
    return VersionOut(**held, assignment=assignment)


@router.post("/{plan}/edits", status_code=201)
def edit(
    register: RegisterName,
    plan: PlanName,
    writer: Annotated[WriteScope, allow(Action.DRAW_PLAN, named_in_body=True)],
    session: RequestSession,
    wanted: Annotated[MovesIn, Body()],
) -> VersionOut:
    """Keep a plan with moved units as its next version; districts must stay in one piece."""
    within = get_plan(session, get_register(session, register), plan).within
    asked = writer.enter(register, division_id=within.id if within else None)
    return _to_version_out(edit_plan(session, asked, plan, wanted.moves, caller=writer.caller))


class ImportIn(Model):
    """Take a plan in."""

    name: Text = Field(examples=["majles-1404"])
    """What to call it; an imported plan of that name gets a version."""
    assignment: dict[Text, int] = Field(min_length=1, examples=[{"1601": 1, "1602": 2}])
    """The district of each unit by its code, from 1."""
    tolerance: float = Field(default=0.1, ge=0, le=1)
    """How far a district may be from what its seats call for."""
    seats: list[int] = Field(default=[], max_length=1000)
    """The seats of each district; empty where each has one."""


@router.post("/imports", status_code=201)
def import_one(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.DRAW_PLAN)],
    session: RequestSession,
    wanted: Annotated[ImportIn, Body()],
    day: Day,
) -> VersionOut:
    """Keep a plan given as districts by code, over the divisions as they stand on the day."""
    asked = get_register(session, register)
    answer = import_plan(
        session,
        asked,
        wanted.assignment,
        name=wanted.name,
        caller=writer.caller,
        day=day,
        tolerance=wanted.tolerance,
        seats=tuple(wanted.seats),
    )
    return _to_version_out(answer)


class PublishIn(Model):
    """Publish the districts of a plan."""

    body: Text = Field(examples=["majles"])
    """The body whose constituencies they become."""
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    """The version; the newest by default."""
    names: dict[int, Text] = Field(default={}, examples=[{1: "الجزائر"}])
    """Names by district; the others are called after the plan."""
    replace: bool = False
    """Whether constituencies that the body has give way."""


class PublishedOut(Model):
    """A constituency that was published."""

    body: str
    code: str
    name: str
    seats: int


@router.post("/{plan}/constituencies", status_code=201)
def publish(
    register: RegisterName,
    plan: PlanName,
    writer: Annotated[WriteScope, allow(Action.PUBLISH_PLAN, named_in_body=True)],
    session: RequestSession,
    wanted: Annotated[PublishIn, Body()],
) -> list[PublishedOut]:
    """Make each district of a plan a constituency of a body, with the units of the plan's day."""
    within = get_plan(session, get_register(session, register), plan, wanted.version).within
    asked = writer.enter(register, division_id=within.id if within else None)
    found = publish_plan(session, asked, plan, caller=writer.caller, **wanted.model_dump())
    return [PublishedOut.model_validate(line) for line in found]
