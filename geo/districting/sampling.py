"""Sample plans by a chain of recombinations, to know what is usual among plans that nobody has wished for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from geo.districting.aims import PlanTask, measure_figures
from geo.districting.board import Scene, set_scene
from geo.districting.conditions import FREE, Conditions, check_conditions, explain_unknown
from geo.districting.edits import count_pieces
from geo.districting.graph import Integers, UnitGraph
from geo.districting.guard import make_guard
from geo.districting.network import Narrow, build_network
from geo.districting.optimum import PlanSearch
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.districting.recombination import BREACH, NEVER, Course, Pairing, Tree, run_chain
from geo.districting.solution import Search
from geo.errors import Infeasible, InvalidValue, because

BLOCK = 256
"""Steps that are taken before their plans are handed out."""

PATIENCE = 10_000
"""Pairs in a row that may fail before the chain gives up."""


@dataclass(frozen=True)
class Sampling:
    """Say how plans are sampled."""

    steps: int
    """How many plans."""
    seed: int = 1
    """Where chance starts."""
    tree: str = "uniform"
    """How spanning trees are drawn: `uniform` or `minimum`."""
    pairing: Pairing = Pairing.CUT_EDGE
    """How the districts that are recombined are chosen."""
    tries: int = 50
    """How many trees are grown over a pair; in a reversible chain, the most cuts that a tree may allow."""
    conditions: Conditions = FREE
    """What else each plan must keep."""
    start: Mapping[str, int] = field(default_factory=dict)
    """The plan to begin with; empty to search one."""
    chain: int = 0
    """Which of several chains of one seed it is."""

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.steps < 1:
            raise InvalidValue(field="steps", value=self.steps, reason=because("below_least", least=1))
        if self.tries < 1:
            raise InvalidValue(field="tries", value=self.tries, reason=because("below_least", least=1))
        if self.tree not in TREES:
            raise InvalidValue(field="tree", value=self.tree, reason=because("one_of", known=TREES))
        if self.tree == "regional" and not self.conditions.regions:
            raise InvalidValue(field="tree", value=self.tree, reason=because("regions_missing"))


TREES = tuple(tree.name.lower() for tree in Tree)
"""How spanning trees are drawn."""

PAIRINGS = tuple(pairing.name.lower().replace("_", "-") for pairing in Pairing)
"""The words for the ways to choose two districts."""


def find_pairing(word: str) -> Pairing:
    """Find the way to choose two districts by its word."""
    if word not in PAIRINGS:
        raise InvalidValue(field="pairs", value=word, reason=because("one_of", known=PAIRINGS))
    return Pairing(PAIRINGS.index(word))


@dataclass(frozen=True)
class Sample:
    """Hold the plan after one step."""

    step: int
    """Which step, from 1."""
    cuts: int
    """The pairs of neighbours in different districts."""
    districts: Narrow
    """The district of each unit, from 1; a district keeps its number from step to step."""


class Chain:
    """Take step after step, each a plan that keeps the rule; a reversible chain also gives the plan where it stays."""

    def __init__(self, graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> None:
        self.scene, self.course = open_chain(graph, rule, sampling)
        self.steps, self.units, self.taken = sampling.steps, len(graph.keys), 0

    @property
    def acceptance(self) -> float:
        """Give the share of steps, and of pairs that failed before them, that changed the plan."""
        tried = self.taken + int(self.course.tally[1])
        return int(self.course.tally[0]) / tried if tried else 0.0

    def __iter__(self) -> Iterator[Sample]:
        """Take the steps that are left, some at a time."""
        while self.taken < self.steps:
            start, length = self.taken, min(BLOCK, self.steps - self.taken)
            cuts, history = np.zeros(length, np.int32), np.zeros((length, self.units), np.int32)
            advance(self.scene, self.course, cuts, history)
            self.taken += length
            for at in range(length):
                yield Sample(start + at + 1, int(cuts[at]), history[at] + np.int32(1))


def sample_plans(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> Iterator[Sample]:
    """Take step after step; each gives a plan that keeps the rule.

    Raises Infeasible when no plan to start from is found or no pair of districts can be recombined.
    """
    return iter(Chain(graph, rule, sampling))


def open_chain(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> tuple[Scene, Course]:
    """Find a plan to start from, and set up the chain."""
    check_rule(graph, rule)
    if rule.districts < 2:
        raise InvalidValue(field="districts", value=rule.districts, reason=because("below_least", least=2))
    conditions = sampling.conditions
    check_conditions(graph, rule, conditions)
    start = choose_start(graph, rule, sampling)
    stream = START + sampling.chain
    scene = set_scene(build_network(graph), start, count=rule.districts, seed=sampling.seed, stream=stream)
    guard = make_guard(graph, rule, conditions, start)
    is_labelled = conditions.is_labelled or not rule.is_even
    return scene, plan_course(graph, rule, sampling)._replace(guard=guard, is_labelled=is_labelled)


def plan_course(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> Course:
    """Say how a chain without conditions runs."""
    least, most = np.ascontiguousarray(rule.list_bounds(int(graph.people.sum())).T)
    guard = make_guard(graph, rule, FREE, np.zeros(0, np.int32))
    tree, tally = TREES.index(sampling.tree), np.zeros(2, np.int64)
    return Course(least, most, int(sampling.pairing), tree, sampling.tries, PATIENCE, False, guard, tally)


START = 1_000_003
"""The stream of dice that a chain throws; the search for its start throws others."""

STARTS_S = 60.0
"""How long a plan to start from is searched, in seconds of a modest core."""


def choose_start(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> Narrow:
    """Take the plan that was given, or else search one that keeps rule and conditions, counted from 0."""
    task = PlanTask(rule, sampling.conditions)
    if sampling.start:
        given = read_plan(graph, rule, sampling.start)
        check_start(graph, task, given)
        return (given - 1).astype(np.int32)
    seed = sampling.seed if not sampling.chain else sampling.seed * 1_000_003 + sampling.chain
    if task.is_plain:
        return find_start(graph, rule, seed=seed)
    return (PlanSearch(graph, task, seed).run_until_kept() - 1).astype(np.int32)


def read_plan(graph: UnitGraph, rule: PlanRule, plan: Mapping[str, int]) -> Integers:
    """Give the district of each unit, from 1, of a plan by codes that must name every unit and no other."""
    known = set(graph.keys)
    for code in sorted(set(plan) - known):
        raise InvalidValue(field="plan", value=code, reason=explain_unknown(code, known))
    for code in sorted(known - set(plan)):
        raise InvalidValue(field="plan", value=code, reason=because("plan_code_missing"))
    districts = np.array([plan[code] for code in graph.keys], dtype=np.int64)
    wrong = np.flatnonzero((districts < 1) | (districts > rule.districts))
    if len(wrong):
        reason = because("outside_range", least=1, most=rule.districts)
        raise InvalidValue(field=f"plan.{graph.keys[wrong[0]]}", value=int(districts[wrong[0]]), reason=reason)
    return districts


def check_start(graph: UnitGraph, task: PlanTask, districts: Integers) -> None:
    """Raise Infeasible when a plan to start from does not keep what the chain must keep."""
    figures = measure_figures(graph, task, districts)
    pieces = count_pieces(DistrictPlan(graph, districts), task.rule.districts)
    broken = sum(count != 1 for count in pieces)
    if figures.excess or figures.breaches or broken:
        found = {"people": figures.excess, "breaches": figures.breaches, "pieces": broken}
        raise Infeasible(reason=because("start_breaks_the_rule", **found))


def find_start(graph: UnitGraph, rule: PlanRule, *, seed: int, seconds: float = STARTS_S) -> Narrow:
    """Find any plan that keeps the rule, counted from 0."""
    found = Search(graph, rule, seed).run(seconds, target=len(graph.edges))
    return found.astype(np.int32)


def advance(scene: Scene, course: Course, cuts: Narrow, history: Narrow) -> int:
    """Take as many steps as `cuts` has room for, and give how many pairs failed on the way."""
    failed = run_chain(scene, course, cuts, history)
    if failed == NEVER:
        raise Infeasible(reason=because("chain_is_stuck", tries=PATIENCE))
    if failed == BREACH:
        raise InvalidValue(field="tries", value=course.tries, reason=because("too_many_cuts"))
    return failed
