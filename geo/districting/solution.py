"""Search the plan that cuts the fewest edges, and say how good it is.

The search is begun from many plans. How long it runs is counted in steps, never in time, so that the same seed and the
same budget give the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil

import numpy as np

from geo.districting.annealing import Best, Cooling, anneal
from geo.districting.board import NOBODY, set_scene
from geo.districting.bound import bound_cuts
from geo.districting.certificates import check_pockets
from geo.districting.enumeration import TooMany, find_least_tolerance, list_plans
from geo.districting.graph import Integers, UnitGraph
from geo.districting.network import build_network
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.districting.split import Drawing, number_districts
from geo.errors import Infeasible, InvalidValue, Reason, because

SMALL = 16
"""Up to so many units all plans are listed before any search."""

MOST_LISTED = 30_000
"""So many steps the listing may take before the search takes over."""

FLIPS = 8
"""Moves of single units after each recombination."""

STEPS_A_SECOND = 3.6e6
"""Moves of single units that a modest core makes in a second; a recombination counts by its units."""

SECONDS_A_UNIT, SHORTEST_S = 0.016, 0.3
"""How long one annealing takes for each unit of the graph, and at least."""

PART_S = 0.25
"""After so many seconds of a modest core the progress is told."""

COST, HOT, COLD = 6.0, 3.0, 0.5
"""What one percent of the ideal beyond the bounds costs, and the temperatures, in cut edges."""


Progress = Callable[[int, int], None]
"""Hears how many parts of a search are done of how many; what it raises ends the search."""


class PlanStatus(StrEnum):
    """Say how good a plan is known to be."""

    OPTIMAL = "optimal"
    """No plan cuts fewer edges: all were listed, or the bound is met."""
    FEASIBLE = "feasible"
    """It keeps the rule; whether another cuts fewer edges is not known."""


@dataclass(frozen=True)
class Solution:
    """Hold the best plan that was found."""

    status: PlanStatus
    """How good it is known to be."""
    plan: DistrictPlan
    """The plan; its districts are numbered from 1 by the smallest code in them."""
    cuts: int
    """The pairs of neighbours in different districts."""
    bound: int
    """No plan cuts fewer."""
    seed: int
    """Where chance started."""
    rule: PlanRule
    """What it keeps."""
    aims: tuple[tuple[str, float], ...] = ()
    """What was kept small, in order, with what it comes to; only the cut edges where nothing stands here."""

    @property
    def deviation(self) -> float:
        """Give how far the district farthest from the ideal lies from it, as a share of the ideal."""
        return float(np.abs(self.plan.list_deviations(self.rule)).max())

    @property
    def assignment(self) -> dict[str, int]:
        """Give the district of each unit by code, in the order of the codes."""
        return dict(sorted(zip(self.plan.graph.keys, self.plan.districts.tolist(), strict=True)))

    @property
    def digest(self) -> str:
        """Name the plan by what it says: the same plan has the same digest."""
        return sha256("\n".join(f"{code}\t{number}" for code, number in self.assignment.items()).encode()).hexdigest()


def solve_plan(
    graph: UnitGraph, rule: PlanRule, *, seed: int = 1, seconds: float = 10.0, progress: Progress | None = None
) -> Solution:
    """Search the plan within the rule that cuts the fewest edges, with as many steps as a core makes in `seconds`.

    Raises Infeasible with what proves it, or with the nearest miss when nothing was found and nothing proved.
    """
    check_budget(seconds)
    check_rule(graph, rule)
    check_pockets(graph, rule)
    listed = _list_best(graph, rule) if len(graph.keys) <= SMALL else None
    if listed is not None:
        return _conclude(DistrictPlan(graph, listed), rule, count_cuts(graph, listed), seed=seed)
    bound = bound_cuts(graph, rule)
    found = Search(graph, rule, seed, progress).run(seconds, target=bound)
    return _conclude(DistrictPlan(graph, found), rule, bound, seed=seed)


def check_budget(seconds: float) -> None:
    """Refuse budgets without meaning."""
    if not 0 < seconds <= 1e6:
        raise InvalidValue(field="seconds", value=seconds, reason=because("outside_range", least=0, most=1_000_000))


def count_cuts(graph: UnitGraph, districts: Integers) -> int:
    """Count the pairs of neighbours in different districts."""
    return int((districts[graph.edges[:, 0]] != districts[graph.edges[:, 1]]).sum())


def _list_best(graph: UnitGraph, rule: PlanRule) -> Integers | None:
    """Go through all plans, or give None when they are too many."""
    best: tuple[float, Integers | None] = (np.inf, None)
    try:
        for plan in list_plans(graph, rule, most_steps=MOST_LISTED):
            cuts = count_cuts(graph, plan)
            best = (cuts, plan) if cuts < best[0] else best
    except TooMany:
        return None
    if best[1] is None:
        raise Infeasible(reason=_explain_listing(graph, rule))
    return best[1]


def _explain_listing(graph: UnitGraph, rule: PlanRule) -> Reason:
    """Say that all plans were listed, and with which tolerance there would be one."""
    found = {"units": len(graph.keys), "districts": rule.districts}
    least = find_least_tolerance(graph, rule, most_steps=MOST_LISTED)
    if least is None:
        return because("all_plans_listed", **found)
    # rounded up, so that what is told is enough
    return because("all_plans_listed_tolerance", smallest=f"{ceil(least * 1e5) / 1e5:.3%}", **found)


def _conclude(found: DistrictPlan, rule: PlanRule, bound: int, *, seed: int) -> Solution:
    cuts = count_cuts(found.graph, found.districts)
    status = PlanStatus.OPTIMAL if cuts <= bound else PlanStatus.FEASIBLE
    plan = DistrictPlan(found.graph, number_districts(found.graph, found.districts))
    return Solution(status, plan, cuts, bound, seed, rule)


def count_parts(seconds: float) -> int:
    """Count the parts in which so many seconds of search are told."""
    return ceil(seconds / PART_S)


def list_spans(rounds: int, parts: int) -> Iterator[tuple[int, int]]:
    """Divide rounds into parts, each from its first round to before its last.

    >>> list(list_spans(10, 3))
    [(0, 3), (3, 6), (6, 10)]
    """
    for part in range(parts):
        yield rounds * part // parts, rounds * (part + 1) // parts


def tell_part(progress: Progress | None, done: int, total: int) -> None:
    """Tell the progress to whom wants to hear it."""
    if progress is not None:
        progress(done, total)


class Search:
    """Hold what the annealings of one search share."""

    def __init__(self, graph: UnitGraph, rule: PlanRule, seed: int, progress: Progress | None = None) -> None:
        self.graph, self.rule, self.seed, self.progress = graph, rule, seed, progress
        self.network = build_network(graph)
        self.best = Best(np.zeros(len(graph.keys), np.int32), np.array([NOBODY, NOBODY], np.int64))

    def run(self, seconds: float, *, target: int = 0) -> Integers:
        """Anneal from ever new plans until the steps are used up, and give the best plan met."""
        length = max(SHORTEST_S, SECONDS_A_UNIT * len(self.graph.keys))
        runs = max(int(seconds / length), 1)
        for stream in range(runs):
            self.descend((stream, runs), seconds / runs, target)
            if self.best.figures[0] <= target:
                break
        if self.best.figures[0] == NOBODY:
            people = int(self.best.figures[1])
            shares = {"people": people, "tolerance": f"{self.rule.tolerance:.2%}"}
            raise Infeasible(reason=because("plan_not_found_by_annealing", **shares))
        return self.best.district.astype(np.int64)

    def descend(self, turn: tuple[int, int], seconds: float, target: int) -> None:
        """Anneal once, from a plan that nobody has balanced; `turn` says which time of how many it is."""
        stream, runs = turn
        drawing = Drawing(self.graph, self.rule, np.random.default_rng([abs(self.seed), int(self.seed < 0), stream]))
        drawing.begin()
        districts = self.rule.districts
        start = drawing.districts.astype(np.int32)
        scene = set_scene(self.network, start, count=districts, seed=self.seed, stream=stream)
        cooling = self.plan_cooling(seconds)
        parts = count_parts(seconds)
        for part, span in enumerate(list_spans(cooling.rounds, parts), start=1):
            anneal(scene, cooling, self.best, target, span)
            tell_part(self.progress, stream * parts + part, runs * parts)
            if self.best.figures[0] <= target:
                break

    def plan_cooling(self, seconds: float) -> Cooling:
        """Give an annealing that takes about so many seconds."""
        ideal = int(self.graph.people.sum()) / self.rule.districts
        least, most = self.rule.find_bounds(int(self.graph.people.sum()))
        steps = len(self.graph.keys) / self.rule.districts + FLIPS
        rounds = max(int(seconds * STEPS_A_SECOND / steps), 20)
        return Cooling(least, most, 100 * COST / ideal, rounds, FLIPS, HOT, COLD)
