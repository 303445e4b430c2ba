"""Search the plan that is best by several aims in order and keeps every condition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.districting.aims import Aim, Figures, PlanTask, check_aims, measure_figures
from geo.districting.beginning import begin_plan
from geo.districting.board import set_scene
from geo.districting.bound import bound_cuts
from geo.districting.certificates import check_pockets
from geo.districting.conditions import check_conditions
from geo.districting.graph import Integers, UnitGraph
from geo.districting.ledger import PLACES, open_ledger
from geo.districting.listing import settle_task
from geo.districting.network import build_network
from geo.districting.plan import DistrictPlan, check_rule
from geo.districting.proof import MOST_UNITS, prove_cuts
from geo.districting.pursuit import Prize, Schedule, cool, enter_search, roam
from geo.districting.solution import (
    SMALL,
    PlanStatus,
    Progress,
    Solution,
    check_budget,
    count_parts,
    list_spans,
    solve_plan,
    tell_part,
)
from geo.districting.split import number_districts
from geo.errors import Infeasible, Reason, because

STEPS_A_SECOND = 0.35e6
"""Moves of single units that a modest core makes in a second; a recombination counts by its units."""

FLIPS, BURST = 8, 10
"""Moves of single units after each recombination, and recombinations in each walk around the best plan."""

SECONDS_A_UNIT, SHORTEST_S = 0.02, 0.1
"""How long one annealing takes for each unit of the graph, and at least."""

HOT, COLD = 4.0, 0.4
"""The temperatures, in cut edges."""

SEARCHED = ("plan_not_found_by_annealing", "plan_not_found_by_search_of_aims")
"""The reasons that prove nothing: the search found no plan."""


def optimise_plan(
    graph: UnitGraph,
    task: PlanTask,
    *,
    seed: int = 1,
    seconds: float = 10.0,
    nodes: int = 0,
    progress: Progress | None = None,
) -> Solution:
    """Search a plan within the rule and the conditions with the least of the first aim, then of the second, and so on.

    With `nodes` of a search tree to spend, a small graph is then proved to have no plan that cuts fewer edges, or none
    at all. Raises Infeasible with what proves that there is none, or with the nearest miss when none was found.
    """
    check_rule(graph, task.rule)
    check_aims(graph, task)
    check_conditions(graph, task.rule, task.conditions)
    can_prove = nodes > 0 and len(graph.keys) <= MOST_UNITS and task.aims[0] is Aim.CUT_EDGES
    try:
        found = _search(PlanSearch(graph, task, seed, progress), seconds)
    except Infeasible as missed:
        if missed.params["reason"].key not in SEARCHED:  # type: ignore[attr-defined]
            raise
        listed = settle_task(graph, task) if len(graph.keys) <= SMALL else None
        if listed is not None:
            return conclude(graph, task, listed, seed=seed)
        if not can_prove:
            raise
        return _prove_missing(graph, task, missed, seed=seed, nodes=nodes)
    if found.status is PlanStatus.OPTIMAL or not can_prove:
        return found
    return _prove_best(graph, task, found, nodes=nodes)


def _search(search: PlanSearch, seconds: float) -> Solution:
    graph, task, seed = search.graph, search.task, search.seed
    if task.is_plain:
        return solve_plan(graph, task.rule, seed=seed, seconds=seconds, progress=search.progress)
    check_budget(seconds)
    check_rule(graph, task.rule)
    check_pockets(graph, task.rule)
    districts = search.run(seconds)
    if not task.is_labelled:
        districts = number_districts(graph, districts - 1)
    return conclude(graph, task, districts, seed=seed)


def _prove_missing(graph: UnitGraph, task: PlanTask, missed: Infeasible, *, seed: int, nodes: int) -> Solution:
    """Find a plan where the search found none, or prove that there is none."""
    proof = prove_cuts(graph, task, known=None, nodes=nodes)
    if proof.is_whole and proof.districts is None:
        reason = because("proved_by_programming", units=len(graph.keys), districts=task.rule.districts)
        raise Infeasible(reason=reason) from missed
    if proof.districts is None or measure_figures(graph, task, proof.districts).breaches:
        raise missed
    return _set_bound(conclude(graph, task, proof.districts, seed=seed), proof.bound or 0)


def _prove_best(graph: UnitGraph, task: PlanTask, found: Solution, *, nodes: int) -> Solution:
    """Raise the bound of a solution, and take the better plan where the proof meets one."""
    proof = prove_cuts(graph, task, known=found.cuts, nodes=nodes)
    bound = max(found.bound, proof.bound or 0)
    if proof.districts is None or measure_figures(graph, task, proof.districts).breaches:
        return _set_bound(found, min(bound, found.cuts))
    return _set_bound(conclude(graph, task, proof.districts, seed=found.seed), bound)


def _set_bound(found: Solution, bound: int) -> Solution:
    # with aims behind the cut edges, no plan is known to be best
    is_best = found.cuts <= bound and len(found.aims) <= 1
    return replace(found, bound=bound, status=PlanStatus.OPTIMAL if is_best else found.status)


def conclude(graph: UnitGraph, task: PlanTask, districts: Integers, *, seed: int) -> Solution:
    """Describe a plan, measured anew."""
    figures = measure_figures(graph, task, districts)
    cuts, bound = (
        int((districts[graph.edges[:, 0]] != districts[graph.edges[:, 1]]).sum()),
        bound_cuts(graph, task.rule),
    )
    is_best = len(task.aims) == 1 and figures.aims[0] == (bound if task.aims[0] is Aim.CUT_EDGES else 0)
    status = PlanStatus.OPTIMAL if is_best else PlanStatus.FEASIBLE
    aims = tuple(zip((aim.value for aim in task.aims), figures.aims, strict=True))
    return Solution(status, DistrictPlan(graph, districts), cuts, bound, seed, rule=task.rule, aims=aims)


class PlanSearch:
    """Hold what the annealings of one search share."""

    def __init__(self, graph: UnitGraph, task: PlanTask, seed: int, progress: Progress | None = None) -> None:
        self.graph, self.task, self.seed, self.progress = graph, task, seed, progress
        self.network = build_network(graph)
        self.prize = Prize(
            np.zeros(len(graph.keys), np.int32),
            np.zeros(2 + len(task.aims), np.int64),
            np.array([PLACES[aim] for aim in task.aims], np.int64),
            np.zeros(1, np.int64),
        )

    def run(self, seconds: float) -> Integers:
        """Anneal from ever new plans until the steps are used up, and give the best plan met, from 1."""
        length = max(SHORTEST_S, SECONDS_A_UNIT * len(self.graph.keys))
        runs = max(int(seconds / length), 1)
        for stream in range(runs):
            self.descend((stream, runs), seconds / runs)
        return self.read_prize()

    def run_until_kept(self, seconds: float = 60.0) -> Integers:
        """Anneal shortly, and ever anew, until some plan breaks nothing."""
        length = max(SHORTEST_S, SECONDS_A_UNIT * len(self.graph.keys))
        runs = max(int(seconds / length), 1)
        for stream in range(runs):
            self.descend((stream, runs), length)
            if not self.prize.score[:2].any():
                break
        return self.read_prize()

    def read_prize(self) -> Integers:
        """Give the best plan met, from 1, or raise Infeasible when it breaks anything."""
        districts = self.prize.district.astype(np.int64) + 1
        missed = measure_figures(self.graph, self.task, districts)
        if missed.excess or missed.breaches:
            raise Infeasible(reason=explain_miss(self.task, missed))
        return districts

    def descend(self, turn: tuple[int, int], seconds: float) -> None:
        """Anneal once, from a plan that nobody has balanced; `turn` says which time of how many it is."""
        stream, runs = turn
        dice = np.random.default_rng([abs(self.seed), int(self.seed < 0), stream])
        start = begin_plan(self.graph, self.task, dice).astype(np.int32)
        scene = set_scene(self.network, start, count=self.task.rule.districts, seed=self.seed, stream=stream)
        ledger, schedule = open_ledger(self.graph, self.task, turn=stream), self.plan_schedule(seconds)
        parts = count_parts(seconds)
        if not enter_search(scene, ledger, self.prize):
            return
        # two thirds of the time go into cooling, and so do two thirds of what is told
        steps = [(cool, span) for span in list_spans(schedule.rounds, max(2 * parts // 3, 1))]
        steps += [(roam, span) for span in list_spans(schedule.bursts, max(parts // 3, 1))]
        for done, (take, span) in enumerate(steps, start=1):
            take(scene, ledger, schedule, self.prize, span)
            tell_part(self.progress, stream * len(steps) + done, runs * len(steps))

    def plan_schedule(self, seconds: float) -> Schedule:
        """Give a search that takes about so many seconds: two thirds of it cooling, one third around the best plan."""
        steps = 2 * len(self.graph.keys) / self.task.rule.districts + FLIPS
        rounds = max(int(seconds * STEPS_A_SECOND / steps), 30)
        bursts = rounds // 3 // BURST
        return Schedule(rounds - bursts * BURST, bursts, BURST, FLIPS, HOT, COLD, self.task.is_labelled)


def explain_miss(task: PlanTask, missed: Figures) -> Reason:
    """Say how near the search came."""
    tolerance = f"{task.rule.tolerance:.2%}"
    return because(
        "plan_not_found_by_search_of_aims", people=missed.excess, breaches=missed.breaches, tolerance=tolerance
    )
