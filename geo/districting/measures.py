"""Measure a district plan: how equal, how compact, how much is cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.districting.aims import compute_compactness
from geo.districting.plan import DistrictPlan


@dataclass(frozen=True)
class PlanMeasures:
    """Hold the measures of a plan."""

    people: tuple[int, ...]
    """The people of each district."""
    deviation: float
    """How far the district farthest from the ideal lies from it, as a share of the ideal."""
    cut_edges: int
    """Pairs of neighbouring units in different districts."""
    cut_m: float
    """The length of the boundaries between districts."""
    polsby_popper: tuple[float, ...]
    """Area by that of a circle of the same perimeter, for each district (0-1), on the ellipsoid."""


def measure_plan(plan: DistrictPlan) -> PlanMeasures:
    """Measure a plan."""
    people = plan.people
    ideal = people.sum() / len(people)
    is_cut = plan.districts[plan.graph.edges[:, 0]] != plan.districts[plan.graph.edges[:, 1]]
    return PlanMeasures(
        people=tuple(people.tolist()),
        deviation=round(float(np.abs(people / ideal - 1).max()), 6),
        cut_edges=int(is_cut.sum()),
        cut_m=round(float(plan.graph.lengths_m[is_cut].sum()), 1),
        polsby_popper=tuple(np.round(compute_compactness(plan.graph, plan.districts), 4).tolist()),
    )
