"""Place a plan among neutral plans over the same units, sampled while somebody waits or by a job."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.districting import (
    Chain,
    Diagnosis,
    DistrictPlan,
    PlanRule,
    Sampling,
    Standing,
    diagnose,
    list_measures,
    place_plan,
)
from geo.districting.solution import Progress
from geo.errors import Infeasible, InvalidValue, because

MOST_SAMPLED = 10_000
"""So many neutral plans at most a kept plan is compared with at once; a job takes more."""

MOST_BY_JOB = 100_000
"""So many at most a job compares it with."""

MOST_STEPS = 1_000_000
"""So many steps at most a chain takes for a comparison."""

MOST_WAITED = 3_000_000
"""Plans times units: above this many nothing is sampled while a request waits."""

TELL_EVERY = 64
"""After so many plans the progress is told."""


@dataclass(frozen=True)
class Ensemble:
    """Hold where a plan stands among neutral ones, and how far they can be believed."""

    standings: tuple[Standing, ...]
    """Where each measure of the plan stands."""
    diagnosis: Diagnosis
    """How much the chain knows about cut edges."""
    acceptance: float
    """The share of steps that changed the plan."""


def check_sampled(neutral: int, *, units: int, most: int, most_work: int | None = None) -> None:
    """Refuse a number of neutral plans that has no meaning, or that is too many to wait for."""
    if not 0 <= neutral <= most:
        raise InvalidValue(field="neutral", value=neutral, reason=because("outside_range", least=0, most=most))
    if most_work is not None and neutral * units > most_work:
        raise Infeasible(reason=because("too_many_to_sample", units=units, most=most_work // units))


def check_steps(neutral: int, every: int) -> None:
    """Refuse steps between plans that have no meaning, or more in all than a chain takes."""
    most = max(MOST_STEPS // max(neutral, 1), 1)
    if not 1 <= every <= most:
        raise InvalidValue(field="every", value=every, reason=because("outside_range", least=1, most=most))


def stand_among(
    plan: DistrictPlan, rule: PlanRule, sampling: Sampling, progress: Progress | None = None, *, every: int = 1
) -> Ensemble:
    """Measure neutral plans over the same units like the plan, each as it is drawn, so that none has to be kept.

    Only each plan counts whose step `every` divides: the farther apart plans are, the more each of them tells.
    """
    found: list[dict[str, float]] = []
    chain = Chain(plan.graph, rule, sampling)
    for sample in chain:
        if sample.step % every:
            continue
        found.append(list_measures(DistrictPlan(plan.graph, sample.districts.astype(np.int64)), rule))
        if progress is not None and (len(found) % TELL_EVERY == 0 or sample.step == sampling.steps):
            progress(sample.step, sampling.steps)
    own = list_measures(plan, rule)
    standings = tuple(place_plan(measure, value, [one[measure] for one in found]) for measure, value in own.items())
    return Ensemble(standings, diagnose([[one["cut_edges"] for one in found]]), round(chain.acceptance, 6))
