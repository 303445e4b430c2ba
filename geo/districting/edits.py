"""Move units of a plan by hand, and say what that breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from geo.districting.conditions import explain_unknown
from geo.districting.plan import DistrictPlan, PlanRule
from geo.errors import InvalidValue, because


@dataclass(frozen=True)
class Broken:
    """Name a district that does not keep the rule."""

    district: int
    """Its number."""
    kind: str
    """What is wrong: `pieces`, `deviation` or `empty`."""
    value: float
    """How many pieces it is in, or how far its people lie from the ideal."""


def move_units(plan: DistrictPlan, moves: Mapping[str, int], *, districts: int) -> DistrictPlan:
    """Put units into other districts, without asking what that breaks.

    Raises InvalidValue where a code or a district is unknown.
    """
    places = {code: place for place, code in enumerate(plan.graph.keys)}
    moved = plan.districts.copy()
    for code, district in sorted(moves.items()):
        if code not in places:
            raise InvalidValue(field="moves", value=code, reason=explain_unknown(code, set(places)))
        if not 1 <= district <= districts:
            reason = because("outside_range", least=1, most=districts)
            raise InvalidValue(field=f"moves.{code}", value=district, reason=reason)
        moved[places[code]] = district
    return replace(plan, districts=moved)


def list_broken(plan: DistrictPlan, rule: PlanRule) -> tuple[Broken, ...]:
    """List what a plan breaks of a rule: empty districts, such in pieces, such with too many or too few people."""
    found = []
    pieces = count_pieces(plan, rule.districts)
    bounds = rule.list_bounds(int(plan.graph.people.sum()))
    people = np.bincount(plan.districts - 1, weights=plan.graph.people, minlength=rule.districts)
    deviations = plan.list_deviations(rule)
    for district in range(rule.districts):
        if not pieces[district]:
            found.append(Broken(district + 1, "empty", 0.0))
        elif pieces[district] > 1:
            found.append(Broken(district + 1, "pieces", float(pieces[district])))
        if not bounds[district, 0] <= people[district] <= bounds[district, 1]:
            found.append(Broken(district + 1, "deviation", round(float(deviations[district]), 6)))
    return tuple(found)


def count_pieces(plan: DistrictPlan, districts: int) -> list[int]:
    """Count the connected pieces of each district."""
    graph = plan.graph
    inside = plan.districts[graph.edges[:, 0]] == plan.districts[graph.edges[:, 1]]
    pieces = replace(graph, edges=graph.edges[inside], lengths_m=graph.lengths_m[inside]).pieces
    pairs = np.unique(np.stack([plan.districts - 1, pieces], axis=1), axis=0)
    counts: list[int] = np.bincount(pairs[:, 0], minlength=districts).tolist()
    return counts
