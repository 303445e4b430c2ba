"""Search plans and sample neutral ones as jobs, with progress, that somebody can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.districting import PlanRule, Sampling, find_pairing
from geo.districting.solution import Progress
from geo.errors import InvalidValue, because
from services.access.roles import Action, Caller
from services.elections.plan_drawing import PlanWish, check_wish, draw_wish
from services.elections.plan_grounds import load_divided
from services.elections.plan_orders import PlanOrder
from services.elections.plan_standings import MOST_BY_JOB, check_sampled, stand_among
from services.elections.plan_store import check_seed, read_kept
from services.elections.units import UnitWish
from services.jobs import JobState, RunningJob, job_kind, submit_job
from services.queries import RegisterState

SOLVE, SAMPLE = "plan_solve", "plan_sample"
"""The kinds of jobs."""

MOST_SECONDS = 3600.0
"""How long at most a job searches, in seconds of a modest core."""


def submit_search(session: Session, register: RegisterState, wish: PlanWish, *, caller: Caller, day: date) -> JobState:
    """Order the search of a plan that is kept when it is found; what can be refused now is refused now."""
    if wish.seconds is None or not 0 < wish.seconds <= MOST_SECONDS:
        reason = because("outside_range", least=0, most=int(MOST_SECONDS))
        raise InvalidValue(field="seconds", value=wish.seconds, reason=reason)
    ground = check_wish(session, register, wish, caller=caller, day=day)
    parameters = {**write_wish(wish), "day": day.isoformat()}
    division = ground.within.id if ground.within else None
    return submit_job(session, register, SOLVE, parameters, caller=caller, division_id=division)


@job_kind(SOLVE, Action.DRAW_PLAN)
def run_search(session: Session, job: RunningJob) -> dict[str, Any]:
    """Search a plan and keep it."""
    asked = dict(job.parameters)
    day = date.fromisoformat(asked.pop("day"))
    kept = draw_wish(
        session, job.register, read_wish(asked), caller=job.caller, day=day, progress=tell_job(job, "searching")
    )
    return {
        "plan": kept.name,
        "version": kept.version,
        "districts": len(kept.districts),
        "deviation": kept.deviation,
        "cut_edges": kept.cut_edges,
    }


def submit_sample(
    session: Session,
    register: RegisterState,
    plan: str,
    *,
    caller: Caller,
    neutral: int,
    seed: int = 1,
    version: int | None = None,
    tree: str = "uniform",
    pairs: str = "cut-edge",
) -> JobState:
    """Order that a kept plan is placed among neutral ones; what can be refused now is refused now."""
    answer = read_kept(session, register, plan, version)
    check_seed(seed)
    check_sampled(neutral, units=len(answer.units), most=MOST_BY_JOB)
    Sampling(neutral, tree=tree, pairing=find_pairing(pairs))
    parameters = {"plan": plan, "version": answer.version, "neutral": neutral}
    parameters |= {"seed": seed, "tree": tree, "pairs": pairs}
    division = answer.within.id if answer.within else None
    return submit_job(session, register, SAMPLE, parameters, caller=caller, division_id=division)


@job_kind(SAMPLE, Action.DRAW_PLAN)
def run_sample(session: Session, job: RunningJob) -> dict[str, Any]:
    """Place a plan among neutral ones."""
    asked = job.parameters
    kept = load_divided(session, job.register, asked["plan"], asked["version"])
    pairing = find_pairing(asked["pairs"])
    sampling = Sampling(asked["neutral"], seed=asked["seed"], tree=asked["tree"], pairing=pairing)
    found = stand_among(kept.plan, kept.rule, sampling, tell_job(job, "sampling"))
    return {
        "plan": kept.answer.name,
        "version": kept.answer.version,
        "acceptance": found.acceptance,
        "diagnosis": asdict(found.diagnosis),
        "standings": [asdict(one) for one in found.standings],
    }


def tell_job(job: RunningJob, word: str) -> Progress:
    """Give what hears the progress of a search, hands it to the job, and ends the search when the job shall end."""

    def tell(done: int, total: int) -> None:
        job.check_cancelled()
        job.report(done, total, word)

    return tell


def write_wish(wish: PlanWish) -> dict[str, Any]:
    """Write a wish as what JSON can hold."""
    return asdict(wish)


def read_wish(plain: Mapping[str, Any]) -> PlanWish:
    """Read a wish back, as it was written."""
    order, units = dict(plain["order"]), dict(plain["units"])
    rule = PlanRule(**{**order.pop("rule"), "seats": tuple(plain["order"]["rule"]["seats"])})
    barred = tuple((code, district) for code, district in order.pop("barred"))
    bridges = tuple((one, other) for one, other in units.pop("bridges"))
    split, apart = (tuple(units.pop(key)) for key in ("split", "apart"))
    return replace(
        PlanWish(plain["name"], PlanOrder(rule, barred=barred, **order)),
        units=UnitWish(**units, split=split, apart=apart, bridges=bridges),
        seed=plain["seed"],
        seconds=plain["seconds"],
    )
