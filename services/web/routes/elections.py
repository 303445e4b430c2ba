"""Answer where somebody votes, and about district plans."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Body, Path, Response
from pydantic import Field, model_validator

from geo.elections.stations import Sex
from services.access.roles import Action
from services.elections.answers import BranchAnswer
from services.elections.find import find_branch
from services.elections.plan_answers import PlanAnswer, PlanSummary
from services.elections.plan_trials import MOST_UNITS
from services.elections.plans import draw_plan, get_plan, list_plans
from services.queries import RegisterState, get_register
from services.register.divisions import get_division
from services.web.access import WriteScope, allow
from services.web.models import DivisionOut, Model, Text, to_division_out
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["elections"])


class FindIn(Model):
    """Ask by a point, a code or a name: exactly one of the three."""

    lon: float | None = Field(default=None, ge=-180, le=180, examples=[3.06])
    """Longitude in degrees, WGS 84."""
    lat: float | None = Field(default=None, ge=-90, le=90, examples=[36.75])
    """Latitude in degrees, WGS 84."""
    code: Text | None = None
    """A code of a division, in any scheme."""
    name: Text | None = None
    """The name of a division or place, however it is spelt."""
    level: Text | None = None
    """The level meant, where a code or name has several."""
    count: int = Field(default=3, ge=1, le=50)
    """How many stations are wanted."""
    sex: Sex | None = None
    """Whose branches are wanted, where men and women vote apart."""

    @model_validator(mode="after")
    def _ask_one_thing(self) -> FindIn:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat go together")
        if sum(value is not None for value in (self.lon, self.code, self.name)) != 1:
            raise ValueError("ask by a point, a code or a name")
        return self


class LinkOut(Model):
    """One step of the chain of divisions."""

    division: DivisionOut
    tie: str | None = Field(examples=["edge"])
    """`edge` or `overlap` where others could be meant as well; the smallest code stands first."""
    others: list[DivisionOut]
    """Those others."""


class BranchOut(Model):
    """A branch of a station."""

    number: int = Field(examples=[1])
    sex: str = Field(examples=["any"])
    mobile: bool
    opens: time | None
    closes: time | None
    accessible: bool | None
    """None where nobody has looked."""


class StationOut(Model):
    """A polling station with the branches where the voter may vote."""

    code: str = Field(examples=["16-001"])
    name: str = Field(examples=["دبستان آزادی"])
    visibility: str = Field(examples=["public"])
    lon: float | None
    lat: float | None
    distance_m: float | None = Field(examples=[412.5])
    synthetic: bool
    branches: list[BranchOut]
    status: str = Field(examples=["open"])
    """`open`, `closed` or `moved`."""
    notice: str
    """Why it is closed or has moved."""
    replacement: str | None = Field(examples=[None])
    """The station to go to instead, by code."""


class ConstituencyOut(Model):
    """A constituency that holds the voter."""

    body: str
    code: str
    name: str
    seats: int


class FindOut(Model):
    """Where somebody is and may vote."""

    register_name: str = Field(alias="register", examples=["dz"])
    day: date
    chain: list[LinkOut]
    """The divisions from the top to the lowest."""
    candidates: list[DivisionOut]
    """What a code or name could mean, when it means several; then nothing else is answered."""
    candidate_count: int
    constituencies: list[ConstituencyOut]
    basis: str | None = Field(examples=["division"])
    """Why these stations: `catchment`, `constituency` or `division`."""
    stations: list[StationOut]
    withheld: int
    """How many more stations may not be shown."""


@router.post("/find")
def find(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    response: Response,
    question: Annotated[FindIn, Body()],
    day: Day,
    language: Language,
) -> FindOut:
    """Find the divisions and the nearest branches of a point, a code or a name; the question is kept nowhere."""
    response.headers["Cache-Control"] = "private, no-store"
    point = None if question.lon is None or question.lat is None else shapely.Point(question.lon, question.lat)
    answer = find_branch(
        session,
        register,
        day=day,
        point=point,
        code=question.code,
        name=question.name,
        level=question.level,
        count=question.count,
        sex=question.sex,
    )
    return to_find_out(answer, asked, language)


def to_find_out(answer: BranchAnswer, register: RegisterState, language: str) -> FindOut:
    """Write an answer of the finder for the API."""

    def write(division: Any) -> DivisionOut:  # noqa: ANN401 - a Division
        return to_division_out(division, register, language)

    return FindOut(
        register=answer.register,
        day=answer.day,
        chain=[
            LinkOut(
                division=write(link.division),
                tie=str(link.tie) if link.tie else None,
                others=[write(one) for one in link.others],
            )
            for link in answer.chain
        ],
        candidates=[write(one) for one in answer.candidates],
        candidate_count=answer.candidate_count,
        constituencies=[ConstituencyOut.model_validate(one) for one in answer.constituencies],
        basis=str(answer.basis) if answer.basis else None,
        stations=[StationOut.model_validate(one) for one in answer.stations],
        withheld=answer.withheld,
    )


class PlanIn(Model):
    """Ask for a district plan inside one division."""

    name: Text = Field(examples=["alger-5"])
    """What to call it; unique in the register."""
    within: Text = Field(examples=["16"])
    """The code of the division that is divided."""
    unit_level: Text | None = Field(default=None, examples=["commune"])
    """The level whose divisions are never cut; the lowest with boundaries by default."""
    districts: int = Field(ge=2, le=1000, examples=[5])
    """How many districts."""
    tolerance: float = Field(default=0.1, gt=0, le=1)
    """How far a district may be from the mean, as a share of it."""
    seed: int = Field(default=1, ge=0, le=2**53)
    """What chance starts from."""


class DistrictOut(Model):
    """One district of a plan."""

    district: int
    """Its number, from 1."""
    units: int
    """How many units it has."""
    people: int
    """How many people live in it."""
    seats: int
    """The members it returns."""
    deviation: float
    """How far it is from the mean, as a share of it."""
    polsby_popper: float
    """Its compactness, from 0 to 1."""


class PlanLineOut(Model):
    """A plan in a list."""

    name: str
    """Its name."""
    unit_level: str
    """The level of its units."""
    districts: int
    """How many districts it has."""
    tolerance: float
    """How far a district may be from the mean, as a share of it."""
    seed: int
    """What chance started from."""
    day: date
    """The day on which its units stand as they were taken."""
    drawn_at: datetime
    """When it was drawn."""


class PlanOut(Model):
    """A district plan."""

    plan: PlanLineOut
    """What it is."""
    within: DivisionOut | None
    """The division it divides."""
    districts: list[DistrictOut]
    """Its districts."""
    assignment: dict[str, int]
    """District by the code of the unit."""
    cut_edges: int
    """How many pairs of neighbouring units lie in different districts."""
    uncounted: list[str]
    """Codes of units without a population figure, which count as empty."""


@router.get("/plans")
def list_all(register: RegisterName, asked: AskedRegister, session: RequestSession) -> list[PlanLineOut]:
    """List the district plans of a register."""
    return [_to_line_out(plan) for plan in list_plans(session, asked)]


@router.get("/plans/{plan}")
def show(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    plan: Annotated[str, Path(description="The name of the plan.", examples=["alger-5"])],
) -> PlanOut:
    """Show a district plan with its assignment and measures."""
    return _to_plan_out(get_plan(session, asked, plan), asked, language)


@router.post("/plans", status_code=201)
def draw(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.DRAW_PLAN, named_in_body=True)],
    session: RequestSession,
    wanted: Annotated[PlanIn, Body()],
    day: Day,
    language: Language,
) -> PlanOut:
    """Draw a first plan: contiguous districts of about equal population, the same for the same seed."""
    within = get_division(session, get_register(session, register), wanted.within, day=day)
    asked = writer.enter(register, division_id=within.id)
    order = wanted.model_dump()
    plan = draw_plan(session, asked, caller=writer.caller, day=day, most_units=MOST_UNITS, **order)
    return _to_plan_out(plan, asked, language)


def _to_line_out(plan: PlanSummary) -> PlanLineOut:
    return PlanLineOut(
        name=plan.name,
        unit_level=plan.unit_level,
        districts=len(plan.districts),
        tolerance=plan.tolerance,
        seed=plan.seed,
        day=plan.day,
        drawn_at=plan.drawn_at,
    )


def _to_plan_out(plan: PlanAnswer, register: RegisterState, language: str) -> PlanOut:
    return PlanOut(
        plan=_to_line_out(plan),
        within=to_division_out(plan.within, register, language) if plan.within else None,
        districts=[DistrictOut.model_validate(line) for line in plan.districts],
        assignment={unit.division.code: unit.district for unit in plan.units},
        cut_edges=plan.cut_edges,
        uncounted=list(plan.uncounted),
    )
