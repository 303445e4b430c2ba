"""Order searches of plans and neutral plans as jobs, which tell their progress and can be ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import Field

from geo.districting import PlanRule
from services.access.roles import Action
from services.elections.plan_drawing import PlanWish
from services.elections.plan_jobs import MOST_SECONDS, submit_sample, submit_search
from services.elections.plan_orders import PlanOrder
from services.elections.plan_standings import MOST_BY_JOB
from services.elections.plans import get_plan
from services.elections.units import UnitWish
from services.jobs import JobState
from services.queries import get_register
from services.register.divisions import get_division
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.routes.jobs import JobOut, to_job_out
from services.web.routes.plans import PlanName
from services.web.scope import Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/plans", tags=["elections"])

Codes = Annotated[list[Text], Field(max_length=10_000)]


class SearchIn(Model):
    """Ask that a plan is searched and kept."""

    name: Text = Field(examples=["alger-9"])
    """What to call it; unique in the register."""
    within: Text | None = Field(default=None, examples=["16"])
    """The code of the division that is divided; the whole register by default."""
    unit_level: Text | None = Field(default=None, examples=["commune"])
    """The level of the units; the lowest with boundaries by default."""
    split: Codes = Field(default=[])
    """Codes of units that give way to the divisions right below them."""
    except_: Codes = Field(default=[], alias="except")
    """Codes of divisions that are taken out of the unit around them, the rest of which stays together."""
    bridges: list[tuple[Text, Text]] = Field(default=[], max_length=1000)
    """Pairs of units that count as neighbours though they share no boundary."""
    districts: int = Field(ge=1, le=10_000, examples=[9])
    """How many districts."""
    seats: list[int] = Field(default=[], max_length=10_000)
    """The seats of each district; empty where each has one."""
    tolerance: float = Field(default=0.1, ge=0, le=1)
    """How far a district may be from what its seats call for."""
    objective: Text = "cut-edges"
    """What is kept small, the most important first, with commas."""
    pinned: dict[Text, int] = Field(default={}, max_length=10_000)
    """The district of each unit that is fixed."""
    barred: list[tuple[Text, int]] = Field(default=[], max_length=10_000)
    """Units and districts they may not be in."""
    split_level: Text | None = None
    """The level whose splits count."""
    keep_whole: Text | None = None
    """The level whose divisions are never split."""
    no_new_splits: bool = False
    """Whether divisions of the level that `current` keeps whole stay whole."""
    current: dict[Text, int] = Field(default={}, max_length=10_000)
    """The district each unit is in today."""
    most_splits: int | None = Field(default=None, ge=0)
    """How many pieces beyond one for each division of the level."""
    most_cuts: int | None = Field(default=None, ge=0)
    """How many edges may be cut."""
    least_compactness: float = Field(default=0, ge=0, le=1)
    """The least Polsby-Popper measure of a district."""
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    """What chance starts from."""
    seconds: float = Field(default=10, gt=0, le=MOST_SECONDS)
    """How long is searched, in seconds of a modest core."""

    def to_wish(self) -> PlanWish:
        """Say the same in the words of the use case."""
        order = PlanOrder(
            PlanRule(self.districts, self.tolerance, tuple(self.seats)),
            pinned=self.pinned,
            barred=tuple(self.barred),
            level=self.split_level,
            keep_whole=self.keep_whole,
            no_new_splits=self.no_new_splits,
            current=self.current,
            most_splits=self.most_splits,
            most_cuts=self.most_cuts,
            least_compactness=self.least_compactness,
            objective=self.objective,
        )
        units = UnitWish(self.within, self.unit_level, tuple(self.split), tuple(self.except_), tuple(self.bridges))
        return PlanWish(self.name, order, units, self.seed, self.seconds)


@router.post("/searches", status_code=202)
def search(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.DRAW_PLAN, named_in_body=True)],
    session: RequestSession,
    wanted: Annotated[SearchIn, Body()],
    day: Day,
    language: Language,
    response: Response,
) -> JobOut:
    """Order a search as a job; when it is done, the plan is kept under its name."""
    state = get_register(session, register)
    within = get_division(session, state, wanted.within, day=day) if wanted.within is not None else None
    asked = writer.enter(register, division_id=within.id if within else None)
    job = submit_search(session, asked, wanted.to_wish(), caller=writer.caller, day=day)
    return _answer(job, language, response)


class NeutralIn(Model):
    """Ask that a plan is placed among neutral ones."""

    neutral: int = Field(ge=1, le=MOST_BY_JOB, examples=[10_000])
    """How many neutral plans."""
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    """The version; the newest by default."""
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    """What chance starts from."""
    tree: str = Field(default="uniform", max_length=20)
    """How spanning trees are drawn: `uniform` or `minimum`."""
    pairs: str = Field(default="cut-edge", max_length=20)
    """How two districts are chosen: `cut-edge`, `neighbours`, `reversible` or `flip`."""


@router.post("/{plan}/samples", status_code=202)
def sample(
    register: RegisterName,
    plan: PlanName,
    writer: Annotated[WriteScope, allow(Action.DRAW_PLAN, named_in_body=True)],
    session: RequestSession,
    wanted: Annotated[NeutralIn, Body()],
    language: Language,
    response: Response,
) -> JobOut:
    """Order as a job that a plan is placed among neutral ones; what is found stands in the job."""
    within = get_plan(session, get_register(session, register), plan, wanted.version).within
    asked = writer.enter(register, division_id=within.id if within else None)
    job = submit_sample(session, asked, plan, caller=writer.caller, **wanted.model_dump())
    return _answer(job, language, response)


def _answer(job: JobState, language: str, response: Response) -> JobOut:
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return to_job_out(job, language)
