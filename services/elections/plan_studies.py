"""Study the plans of a register: their measures and shapes, what they break, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from geo.districting import (
    CITATIONS,
    Broken,
    Comparison,
    DistrictPlan,
    DistrictShape,
    LevelSplits,
    PlanRule,
    Sampling,
    Standing,
    compare_plans,
    list_broken,
    list_measures,
    measure_shapes,
    measure_splits,
    place_plan,
    sample_plans,
)
from geo.errors import InvalidValue, because
from services.elections.plan_answers import PlanSummary
from services.elections.plan_grounds import KeptPlan, list_above, load_kept
from services.queries import RegisterState

MOST_SAMPLED = 10_000
"""So many neutral plans at most a kept plan is compared with at once."""


@dataclass(frozen=True)
class PlanStudy:
    """Hold what can be said of a kept plan."""

    plan: PlanSummary
    """The plan."""
    measures: dict[str, float]
    """The whole plan by single numbers."""
    shapes: tuple[DistrictShape, ...]
    """The shape of each district by number."""
    splits: tuple[LevelSplits, ...]
    """How it treats the divisions above its units."""
    broken: tuple[Broken, ...]
    """What it breaks of its rule."""
    standings: tuple[Standing, ...] = ()
    """Where it stands among neutral plans; empty unless asked."""
    citations: dict[str, str] = field(default_factory=lambda: dict(CITATIONS))
    """Where the measures come from."""


def study_plan(
    session: Session, register: RegisterState, name: str, *, version: int | None = None, neutral: int = 0, seed: int = 1
) -> PlanStudy:
    """Measure a plan; with `neutral` plans, sampled from `seed`, say where it stands among them."""
    if not 0 <= neutral <= MOST_SAMPLED:
        reason = because("outside_range", least=0, most=MOST_SAMPLED)
        raise InvalidValue(field="neutral", value=neutral, reason=reason)
    kept = load_kept(session, register, name, version)
    plan = add_divisions(session, register, kept)
    return PlanStudy(
        plan=_summarise(kept),
        measures=list_measures(plan, kept.rule),
        shapes=measure_shapes(plan, kept.ground.grounds),
        splits=measure_splits(plan, plan.graph.divisions),
        broken=list_broken(plan, kept.rule),
        standings=_stand_among(plan, kept.rule, neutral, seed) if neutral else (),
    )


def _summarise(kept: KeptPlan) -> PlanSummary:
    held: dict[str, Any] = {key: value for key, value in vars(kept.answer).items() if key != "units"}
    return PlanSummary(**held)


def add_divisions(session: Session, register: RegisterState, kept: KeptPlan) -> DistrictPlan:
    """Tell the graph of a plan which divisions its units stand in."""
    divisions = list_above(session, register, kept.answer.day, kept.ground.units)
    return replace(kept.plan, graph=replace(kept.plan.graph, divisions=divisions))


def _stand_among(plan: DistrictPlan, rule: PlanRule, neutral: int, seed: int) -> tuple[Standing, ...]:
    """Measure neutral plans over the same units like the plan; those between are left out to lose memory."""
    found = [
        list_measures(DistrictPlan(plan.graph, sample.districts.astype(np.int64)), rule)
        for sample in sample_plans(plan.graph, rule, Sampling(neutral, seed=seed))
    ]
    own = list_measures(plan, rule)
    return tuple(place_plan(measure, value, [one[measure] for one in found]) for measure, value in own.items())


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
    pair = [load_kept(session, register, one.name, one.version) for one in (before, after)]
    keys = [set(kept.plan.graph.keys) for kept in pair]
    if keys[0] != keys[1] or pair[0].answer.day != pair[1].answer.day:
        odd = sorted(keys[0] ^ keys[1])[0] if keys[0] != keys[1] else str(pair[1].answer.day)
        raise InvalidValue(field="with", value=after.name, reason=because("plans_of_other_units", unit=odd))
    plans = [add_divisions(session, register, kept) for kept in pair]
    found = [list_measures(plan, kept.rule) for plan, kept in zip(plans, pair, strict=True)]
    measures = {measure: (value, found[1][measure]) for measure, value in found[0].items()}
    return PlanDifference(_summarise(pair[0]), _summarise(pair[1]), compare_plans(*plans), measures)
