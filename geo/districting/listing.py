"""Settle small tasks by going through all plans: find one that keeps every condition, or prove that there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.districting.aims import PlanTask, measure_figures, share_seats
from geo.districting.conditions import Flags, list_allowed
from geo.districting.enumeration import TooMany, list_plans
from geo.districting.graph import Integers, UnitGraph
from geo.errors import Infeasible, because

MOST_STEPS = 30_000
"""So many steps a listing may take."""

NARROWEST = 0.0025
"""The tolerance from which wider ones are tried, each twice the one before."""


@dataclass(frozen=True)
class Listed:
    """Hold the plan of a listing whose worst district lies nearest to the ideal."""

    deviation: float
    """How far that district lies from it, as a share."""
    districts: Integers
    """The district of each unit, from 1."""


def settle_task(graph: UnitGraph, task: PlanTask) -> Integers | None:
    """Give the most even plan of a small graph that keeps a task; None when there are too many to go through.

    Raises Infeasible when all were gone through and none keeps it, with the smallest tolerance that one would.
    """
    rule = task.rule
    tolerance = rule.tolerance
    try:
        found = find_evenest(graph, task, tolerance)
        if found is not None and found.deviation <= rule.tolerance + 1e-9:
            return found.districts
        while found is None and tolerance < 1:
            tolerance = min(max(2 * tolerance, NARROWEST), 1.0)
            found = find_evenest(graph, task, tolerance)
    except TooMany:
        return None
    told = {"units": len(graph.keys), "districts": rule.districts}
    if found is None:
        raise Infeasible(reason=because("all_plans_listed", **told))
    # rounded up, so that what is told is enough
    smallest = f"{ceil(found.deviation * 1e5) / 1e5:.3%}"
    raise Infeasible(reason=because("all_plans_listed_tolerance", smallest=smallest, **told))


def find_evenest(graph: UnitGraph, task: PlanTask, tolerance: float) -> Listed | None:
    """Find the most even plan within a tolerance that breaks no condition; raises TooMany."""
    wider = replace(task, rule=replace(task.rule, tolerance=tolerance))
    best: Listed | None = None
    for one in _list_labelled(graph, wider):
        is_better = one.deviation <= tolerance + 1e-9 and (best is None or one.deviation < best.deviation)
        if is_better and not measure_figures(graph, wider, one.districts).breaches:
            best = one
    return best


def _list_labelled(graph: UnitGraph, task: PlanTask) -> Iterator[Listed]:
    allowed = list_allowed(graph, task.rule, task.conditions)
    for plan in list_plans(graph, task.rule, most_steps=MOST_STEPS):
        labelled = label_evenly(graph, task, plan, allowed)
        if labelled is not None:
            yield labelled


def label_evenly(graph: UnitGraph, task: PlanTask, plan: Integers, allowed: Flags) -> Listed | None:
    """Number the districts of a plan so that the worst lies nearest to what its seats call for; None where none may."""
    count = task.rule.districts
    people = np.bincount(plan - 1, weights=graph.people, minlength=count)
    gaps = np.abs(people[:, None] / (graph.people.sum() * share_seats(task.rule))[None] - 1)
    for part in range(count):
        gaps[part, ~allowed[plan == part + 1].all(axis=0)] = np.inf
    for limit in np.unique(gaps[np.isfinite(gaps)]):
        rows, numbers = linear_sum_assignment(gaps > limit)
        if (gaps[rows, numbers] <= limit).all():
            return Listed(float(limit), (numbers[plan - 1] + 1).astype(np.int64))
    return None
