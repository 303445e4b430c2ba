"""Compare two plans over the same units: which district is which, and who moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.districting.graph import Integers
from geo.districting.plan import DistrictPlan


@dataclass(frozen=True)
class Flow:
    """Say how many move from one district to another."""

    before: int
    """The district in the plan before."""
    after: int
    """The district in the plan after."""
    units: tuple[str, ...]
    """The codes of the units that move."""
    people: int
    """Their people."""


@dataclass(frozen=True)
class Comparison:
    """Hold what differs between two plans."""

    matches: tuple[tuple[int, int], ...]
    """Pairs of districts that are taken for the same, before and after: together they keep most people."""
    flows: tuple[Flow, ...]
    """Who moves, from where to where; those that stay in a matched district are not listed."""
    units_moved: int
    """How many units move."""
    people_moved: int
    """How many people move."""
    share_moved: float
    """Their share of all people."""


def compare_plans(before: DistrictPlan, after: DistrictPlan) -> Comparison:
    """Compare two plans of the same graph; districts are matched so that the fewest people move."""
    shared = count_shared(before, after)
    rows, columns = linear_sum_assignment(-shared)
    matches = tuple(zip((rows + 1).tolist(), (columns + 1).tolist(), strict=True))
    flows = list_flows(before, after, dict(matches))
    people = sum(flow.people for flow in flows)
    total = int(before.graph.people.sum())
    share = round(people / total, 6) if total else 0.0
    return Comparison(matches, flows, sum(len(flow.units) for flow in flows), people, share)


def count_shared(before: DistrictPlan, after: DistrictPlan) -> Integers:
    """Count the people that each district before shares with each after, in sixteenths; a unit counts a little too."""
    shape = int(before.districts.max()), int(after.districts.max())
    # so that units without people match where nothing else decides
    weights = before.graph.people * 16 * len(before.graph.keys) + 1
    shared = np.zeros(shape, dtype=np.int64)
    np.add.at(shared, (before.districts - 1, after.districts - 1), weights)
    return shared


def list_flows(before: DistrictPlan, after: DistrictPlan, matches: dict[int, int]) -> tuple[Flow, ...]:
    """List the flows by districts."""
    moving: dict[tuple[int, int], list[int]] = {}
    for unit, pair in enumerate(zip(before.districts.tolist(), after.districts.tolist(), strict=True)):
        if matches.get(pair[0]) != pair[1]:
            moving.setdefault(pair, []).append(unit)
    graph = before.graph
    return tuple(
        Flow(*pair, tuple(sorted(graph.keys[unit] for unit in units)), int(graph.people[units].sum()))
        for pair, units in sorted(moving.items())
    )
