"""Sample plans by a chain of recombinations, to know what is usual among plans that nobody has wished for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo.districting.board import Scene, set_scene
from geo.districting.graph import UnitGraph
from geo.districting.network import Narrow, build_network
from geo.districting.plan import PlanRule, check_rule
from geo.districting.recombination import BREACH, NEVER, Course, Pairing, run_chain
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

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.steps < 1:
            raise InvalidValue(field="steps", value=self.steps, reason=because("below_least", least=1))
        if self.tries < 1:
            raise InvalidValue(field="tries", value=self.tries, reason=because("below_least", least=1))
        if self.tree not in TREES:
            raise InvalidValue(field="tree", value=self.tree, reason=because("one_of", known=TREES))


TREES = ("uniform", "minimum")
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


def sample_plans(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> Iterator[Sample]:
    """Take step after step; each gives a plan that keeps the rule.

    A reversible chain also gives the plan where it stays. Raises Infeasible when no plan to start from is found or
    no pair of districts can be recombined.
    """
    scene, course = open_chain(graph, rule, sampling)
    for start in range(0, sampling.steps, BLOCK):
        length = min(BLOCK, sampling.steps - start)
        cuts, history = np.zeros(length, np.int32), np.zeros((length, len(graph.keys)), np.int32)
        advance(scene, course, cuts, history)
        for at in range(length):
            yield Sample(start + at + 1, int(cuts[at]), history[at] + np.int32(1))


def open_chain(graph: UnitGraph, rule: PlanRule, sampling: Sampling) -> tuple[Scene, Course]:
    """Find a plan to start from, and set up the chain."""
    check_rule(graph, rule)
    if rule.districts < 2:
        raise InvalidValue(field="districts", value=rule.districts, reason=because("below_least", least=2))
    start = find_start(graph, rule, seed=sampling.seed)
    scene = set_scene(build_network(graph), start, count=rule.districts, seed=sampling.seed, stream=START)
    bounds = rule.find_bounds(int(graph.people.sum()))
    is_uniform = sampling.tree == "uniform"
    return scene, Course(*bounds, int(sampling.pairing), is_uniform, sampling.tries, PATIENCE)


START = 1_000_003
"""The stream of dice that a chain throws; the search for its start throws others."""


def find_start(graph: UnitGraph, rule: PlanRule, *, seed: int, seconds: float = 60.0) -> Narrow:
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
