"""Order searches and samples as jobs, see them done, and end them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from geo.districting import PlanRule
from geo.errors import AlreadyExists, InvalidValue, JobCancelled, NotPermitted, PlanNotFound
from services.access.roles import ANONYMOUS, Caller
from services.database.engine import open_session
from services.elections.plan_drawing import PlanWish
from services.elections.plan_jobs import read_wish, submit_sample, submit_search, tell_job, write_wish
from services.elections.plan_orders import PlanOrder
from services.elections.plans import get_plan
from services.elections.units import UnitWish
from services.jobs import JobState, cancel_job, get_job, work_jobs
from services.queries import get_register
from services.tables.register import Register

DAY = date(2026, 1, 1)
WISH = PlanWish(
    "searched",
    PlanOrder(PlanRule(2, 0.1, (1, 1)), pinned={"A": 1}, barred=(("D", 1),), level="wilaya", most_splits=0),
    UnitWish(level="commune", bridges=(("A", "C"),)),
    seed=3,
    seconds=0.3,
)


class Office:
    """Order jobs about plans, and look at them, each in a transaction of its own."""

    def __init__(self, engine: Engine, caller: Caller) -> None:
        self.engine, self.caller = engine, caller

    def search(self, wish: PlanWish = WISH, *, caller: Caller | None = None) -> JobState:
        """Order a search."""
        with open_session(self.engine) as session:
            register = get_register(session, "drawn")
            return submit_search(session, register, wish, caller=caller or self.caller, day=DAY)

    def sample(self, plan: str = "searched", **wanted: Any) -> JobState:
        """Order neutral plans beside a plan."""
        with open_session(self.engine) as session:
            register = get_register(session, "drawn")
            return submit_sample(session, register, plan, caller=self.caller, **({"neutral": 20} | wanted))

    def finish(self, job: JobState) -> JobState:
        """Do what waits, and look at a job."""
        work_jobs(self.engine)
        with open_session(self.engine) as session:
            return get_job(session, job.id, caller=self.caller)


@pytest.fixture
def office(fresh_engine: Engine, operator: Caller, build_in: Callable[..., Any]) -> Office:
    """Open an office over the drawn country."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.draw("XXYY\nXXYY", "wilaya")
        drawn.draw("ABCD\nABCD", "commune", parents={"A": "X", "B": "X", "C": "Y", "D": "Y"})
        session.scalars(select(Register)).one().name = "drawn"
    return Office(fresh_engine, operator)


def test_a_search_is_done_and_kept(office: Office) -> None:
    job = office.finish(office.search())
    assert (job.state, job.done) == ("done", job.total)
    assert job.result == {"plan": "searched", "version": 1, "districts": 2, "deviation": 0.0, "cut_edges": 2}
    with open_session(office.engine) as session:
        plan = get_plan(session, get_register(session, "drawn"), "searched")
    assert {line.division.code: line.district for line in plan.units} == {"A": 1, "B": 1, "C": 2, "D": 2}


def test_a_sample_is_done_and_tells_where_the_plan_stands(office: Office) -> None:
    office.finish(office.search())
    result = office.finish(office.sample()).result or {}
    assert {one["plans"] for one in result["standings"]} == {20}
    assert result["diagnosis"]["steps"] == 20 and 0 <= result["acceptance"] <= 1


def test_a_search_that_finds_nothing_tells_why(office: Office) -> None:
    wish = PlanWish("none", PlanOrder(PlanRule(3, 0.0)), UnitWish(level="commune"), seconds=0.1)
    job = office.finish(office.search(wish))
    assert (job.state, (job.problem or {})["rule"]) == ("failed", "infeasible")


def test_a_cancelled_search_keeps_nothing(office: Office) -> None:
    job = office.search()
    with open_session(office.engine) as session:
        cancel_job(session, job.id, caller=office.caller)
    assert office.finish(job).state == "cancelled"
    with open_session(office.engine) as session, pytest.raises(PlanNotFound):
        get_plan(session, get_register(session, "drawn"), "searched")


class Deaf:
    """Stand for a running job that somebody has ended."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, str]] = []
        self.is_ended = False

    def report(self, *told: Any) -> None:
        """Keep what is told."""
        self.told.append(told)

    def check_cancelled(self) -> None:
        """Say that the job shall end."""
        if self.is_ended:
            raise JobCancelled(job=1)


def test_progress_is_handed_on_until_the_job_shall_end() -> None:
    job = Deaf()
    tell = tell_job(job, "searching")  # type: ignore[arg-type]
    tell(1, 4)
    job.is_ended = True
    with pytest.raises(JobCancelled):
        tell(2, 4)
    assert job.told == [(1, 4, "searching")]


def test_wishes_survive_being_written() -> None:
    assert read_wish(json.loads(json.dumps(write_wish(WISH)))) == WISH


@pytest.mark.parametrize("seconds", [None, 0.0, -1.0, float("nan"), 1e9])
def test_searches_without_an_end_are_refused(office: Office, seconds: float | None) -> None:
    with pytest.raises(InvalidValue):
        office.search(PlanWish("x", WISH.order, WISH.units, seconds=seconds))


@pytest.mark.parametrize("wanted", [{"neutral": -1}, {"neutral": 10**6}, {"seed": -1}, {"tree": "oak"}, {"pairs": "x"}])
def test_samples_without_meaning_are_refused(office: Office, wanted: dict[str, Any]) -> None:
    office.finish(office.search())
    with pytest.raises(InvalidValue):
        office.sample(**wanted)


def test_what_cannot_be_is_refused_when_it_is_ordered(office: Office) -> None:
    office.finish(office.search())
    with pytest.raises(AlreadyExists):
        office.search()
    with pytest.raises(NotPermitted):
        office.search(PlanWish("other", WISH.order, WISH.units, seconds=1.0), caller=ANONYMOUS)
    with pytest.raises(PlanNotFound):
        office.sample("nothing")
