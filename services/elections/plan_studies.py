"""Study the plans of a register: their measures and shapes, what they break, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from geo.districting import (
    CITATIONS,
    Broken,
    Comparison,
    Diagnosis,
    DistrictShape,
    LevelSplits,
    Sampling,
    Standing,
    compare_plans,
    list_broken,
    list_measures,
    measure_shapes,
    measure_splits,
)
from geo.errors import InvalidValue, because
from services.elections.plan_answers import PlanSummary
from services.elections.plan_grounds import KeptPlan, load_divided
from services.elections.plan_reach import DistrictReach, list_reach
from services.elections.plan_standings import MOST_SAMPLED, check_sampled, check_steps, stand_among
from services.queries import RegisterState


@dataclass(frozen=True)
class PlanStudy:
    """Hold what can be said of a kept plan."""

    plan: PlanSummary
    """The plan."""
    measures: dict[str, float]
    """The whole plan by single numbers."""
    shapes: tuple[DistrictShape, ...]
    """The shape of each district by number."""
    reach: tuple[DistrictReach, ...]
    """The people for each seat of every district, and how far they are from a station."""
    splits: tuple[LevelSplits, ...]
    """How it treats the divisions above its units."""
    broken: tuple[Broken, ...]
    """What it breaks of its rule."""
    standings: tuple[Standing, ...] = ()
    """Where it stands among neutral plans; empty unless asked."""
    diagnosis: Diagnosis | None = None
    """How far these can be believed; None without them."""
    citations: dict[str, str] = field(default_factory=lambda: dict(CITATIONS))
    """Where the measures come from."""


def study_plan(
    session: Session,
    register: RegisterState,
    name: str,
    *,
    version: int | None = None,
    neutral: int = 0,
    every: int = 1,
    seed: int = 1,
    most_work: int | None = None,
) -> PlanStudy:
    """Measure a plan; with `neutral` plans, sampled from `seed`, say where it stands among them.

    Neutral plans are `every` steps of the chain apart.
    `most_work` is how many plans times units may be sampled while somebody waits.
    """
    check_sampled(neutral, units=1, most=MOST_SAMPLED)
    kept = load_divided(session, register, name, version)
    plan = kept.plan
    check_sampled(neutral, units=len(plan.graph.keys), most=MOST_SAMPLED, most_work=most_work)
    check_steps(neutral, every)
    among = stand_among(plan, kept.rule, Sampling(neutral * every, seed=seed), every=every) if neutral else None
    return PlanStudy(
        plan=_summarise(kept),
        measures=list_measures(plan, kept.rule),
        shapes=measure_shapes(plan, kept.ground.grounds),
        reach=list_reach(session, register, kept),
        splits=measure_splits(plan, plan.graph.divisions),
        broken=list_broken(plan, kept.rule),
        standings=among.standings if among else (),
        diagnosis=among.diagnosis if among else None,
    )


def _summarise(kept: KeptPlan) -> PlanSummary:
    held: dict[str, Any] = {key: value for key, value in vars(kept.answer).items() if key != "units"}
    return PlanSummary(**held)


@dataclass(frozen=True)
class PlanDifference:
    """Hold what differs between two kept plans."""

    before: PlanSummary
    """The plan before."""
    after: PlanSummary
    """The plan after."""
    comparison: Comparison
    """Who moves."""
    measures: dict[str, tuple[float, float]]
    """Each measure before and after."""


@dataclass(frozen=True)
class PlanPoint:
    """Name a version of a plan."""

    name: str
    """The plan."""
    version: int | None = None
    """Its version; None for the newest."""


def compare_kept(session: Session, register: RegisterState, before: PlanPoint, after: PlanPoint) -> PlanDifference:
    """Compare two plans over the same units, or two versions of one; raises InvalidValue where units differ."""
    pair = [load_divided(session, register, one.name, one.version) for one in (before, after)]
    keys = [set(kept.plan.graph.keys) for kept in pair]
    if keys[0] != keys[1] or pair[0].answer.day != pair[1].answer.day:
        odd = sorted(keys[0] ^ keys[1])[0] if keys[0] != keys[1] else str(pair[1].answer.day)
        raise InvalidValue(field="with", value=after.name, reason=because("plans_of_other_units", unit=odd))
    plans = [kept.plan for kept in pair]
    found = [list_measures(plan, kept.rule) for plan, kept in zip(plans, pair, strict=True)]
    measures = {measure: (value, found[1][measure]) for measure, value in found[0].items()}
    return PlanDifference(_summarise(pair[0]), _summarise(pair[1]), compare_plans(*plans), measures)
