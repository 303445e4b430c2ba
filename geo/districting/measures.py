"""Measure a district plan: how equal, how compact, how much is cut."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from geo.districting.graph import Floats
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
        polsby_popper=tuple(np.round(_measure_compactness(plan), 4).tolist()),
    )


def _measure_compactness(plan: DistrictPlan) -> Floats:
    """Take from the perimeters of the units what they share inside a district, on both sides."""
    graph, district = plan.graph, plan.districts - 1
    areas = np.bincount(district, weights=graph.areas_m2)
    perimeters = np.bincount(district, weights=graph.perimeters_m)
    first, second = district[graph.edges[:, 0]], district[graph.edges[:, 1]]
    inside = first == second
    perimeters -= 2 * np.bincount(first[inside], weights=graph.lengths_m[inside], minlength=len(areas))
    compactness: Floats = 4 * pi * areas / perimeters**2
    return compactness
