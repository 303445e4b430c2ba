"""Sample plans that keep the rule, alike from the same seed, and as often as theory says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import (
    Chain,
    Pairing,
    PlanRule,
    Sampling,
    UnitGraph,
    count_cuts,
    diagnose,
    find_pairing,
    list_plans,
    parse_graph,
    sample_plans,
)
from geo.districting.recombination import run_chain
from geo.districting.sampling import open_chain
from geo.errors import Infeasible, InvalidValue

CHAIN = """
import hashlib, sys
from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, Sampling, sample_plans
total = hashlib.sha256()
for sample in sample_plans(make_rook_grid(8, 8), PlanRule(8, 0.1), Sampling(300, seed=4)):
    total.update(sample.districts.tobytes())
print(total.hexdigest())
"""


@pytest.mark.parametrize("tree", ["uniform", "minimum"])
@pytest.mark.parametrize("pairing", Pairing)
def test_every_sample_keeps_the_rule(recheck, tree: str, pairing: Pairing):
    graph, rule = make_rook_grid(6, 6, [1, 2, 3] * 12), PlanRule(4, 0.15)
    for sample in sample_plans(graph, rule, Sampling(150, seed=3, tree=tree, pairing=pairing)):
        assert recheck(graph, rule, sample.districts) == sample.cuts


def test_steps_are_counted_from_one():
    samples = sample_plans(make_rook_grid(4, 4), PlanRule(2, 0.0), Sampling(300))
    assert [sample.step for sample in samples] == list(range(1, 301))


def test_same_seed_samples_alike_in_other_processes():
    runs = {
        subprocess.run(
            [sys.executable, "-c", CHAIN],
            env=os.environ | {"PYTHONHASHSEED": seed, "NUMBA_NUM_THREADS": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_other_seeds_sample_otherwise():
    graph, rule = make_rook_grid(6, 6), PlanRule(4, 0.1)
    chains = [[sample.cuts for sample in sample_plans(graph, rule, Sampling(40, seed=seed))] for seed in (1, 2)]
    assert chains[0] != chains[1]


def test_fifty_thousand_steps_keep_the_rule():
    graph, rule, steps = make_rook_grid(8, 8), PlanRule(6, 0.2), 50_000
    scene, course = open_chain(graph, rule, Sampling(steps, seed=5))
    cuts, history = np.zeros(steps, np.int32), np.zeros((steps, 64), np.int32)
    run_chain(scene, course, cuts, history)
    sizes = np.stack([(history == number).sum(axis=1) for number in range(6)])
    assert rule.find_bounds(64)[0] <= sizes.min() <= sizes.max() <= rule.find_bounds(64)[1]
    assert (count_pieces(graph, history) == 6).all()
    assert ((history[:, graph.edges[:, 0]] != history[:, graph.edges[:, 1]]).sum(axis=1) == cuts).all()
    assert ((history[1:] != history[:-1]).any(axis=1)).mean() > 0.5


def count_pieces(graph: UnitGraph, history: np.ndarray) -> np.ndarray:
    """Count the connected pieces of many plans at once, by handing the smallest place on until nothing changes."""
    smallest = np.tile(np.arange(history.shape[1]), (len(history), 1)).T.copy()
    plans, changed = history.T.copy(), True
    while changed:
        before = smallest.copy()
        for one, other in graph.edges.tolist():
            same = plans[one] == plans[other]
            lower = np.minimum(smallest[one], smallest[other])
            smallest[one] = np.where(same, lower, smallest[one])
            smallest[other] = np.where(same, lower, smallest[other])
        changed = bool((before != smallest).any())
    return (smallest == np.arange(history.shape[1])[:, None]).sum(axis=0)


def count_trees(graph: UnitGraph, plan: np.ndarray) -> float:
    """Multiply the spanning trees of the districts, by Kirchhoff's theorem."""
    trees = 1.0
    for number in np.unique(plan):
        laplacian = np.zeros((len(plan), len(plan)))
        for one, other in graph.edges.tolist():
            if plan[one] == plan[other] == number:
                laplacian[[one, other], [other, one]] -= 1
                laplacian[[one, other], [one, other]] += 1
        units = np.flatnonzero(plan == number)[1:]
        trees *= np.linalg.det(laplacian[np.ix_(units, units)])
    return trees


def test_spanning_tree_distribution_of_the_small_grid():
    graph = make_rook_grid(4, 4)
    plans = list(list_plans(graph, PlanRule(4, 0.0)))
    weights = [count_trees(graph, plan) for plan in plans]
    assert np.average([count_cuts(graph, plan) for plan in plans], weights=weights) == pytest.approx(9.602446, abs=1e-6)


@pytest.fixture(scope="module")
def reversible() -> tuple[np.ndarray, np.ndarray]:
    """Run a long reversible chain on the small grid, and give its cut edges and its plans."""
    graph, rule, steps = make_rook_grid(4, 4), PlanRule(4, 0.0), 2_000_000
    scene, course = open_chain(graph, rule, Sampling(steps, pairing=Pairing.REVERSIBLE, tries=1))
    cuts, history = np.zeros(steps, np.int32), np.zeros((100_000, 16), np.int32)
    assert run_chain(scene, course, cuts, history) == 0
    return cuts, history


def test_reversible_chain_samples_the_spanning_tree_distribution(reversible: tuple[np.ndarray, np.ndarray]):
    # batch means: the error of a mean whose samples hang together
    batches = reversible[0].reshape(100, -1).mean(axis=1)
    error = batches.std(ddof=1) / 10
    assert error < 0.02
    assert abs(batches.mean() - 9.602446) < 4 * error


def test_reversible_chain_reaches_every_plan(reversible: tuple[np.ndarray, np.ndarray]):
    # the same plan whatever the numbers of its districts: which units are together
    together = reversible[1][:, :, None] == reversible[1][:, None, :]
    packed = np.packbits(together.reshape(len(together), -1), axis=1)
    assert len(np.unique(packed, axis=0)) == 117


def test_chains_agree_on_the_spanning_tree_distribution():
    graph, rule = make_rook_grid(4, 4), PlanRule(4, 0.0)
    chains = []
    for chain in range(3):
        asked = Sampling(1, seed=7, pairing=Pairing.REVERSIBLE, tries=1, chain=chain)
        scene, course = open_chain(graph, rule, asked)
        cuts = np.zeros(400_000, np.int32)
        run_chain(scene, course, cuts, np.zeros((0, 16), np.int32))
        chains.append(cuts.astype(float))
    found = diagnose(chains)
    assert found.rhat is not None and found.rhat < 1.01 and found.error is not None and found.error < 0.03
    assert abs(found.mean - 9.602446) < 4 * found.error


def test_every_plan_of_the_larger_grid_can_be_reached():
    # a move divides two districts anew and leaves the others: plans that share the others are one move apart
    plans = list(list_plans(make_rook_grid(5, 5), PlanRule(5, 0.0)))
    assert len(plans) == 4006
    moves = nx.Graph()
    for number, plan in enumerate(plans):
        parts = sorted(frozenset(np.flatnonzero(plan == district).tolist()) for district in range(1, 6))
        moves.add_edges_from((number, frozenset(kept)) for kept in combinations(parts, 3))
    assert nx.is_connected(moves)


def test_flips_sample_all_plans_alike():
    graph, rule = make_rook_grid(4, 4), PlanRule(2, 0.5)
    scene, course = open_chain(graph, rule, Sampling(1, seed=2, pairing=Pairing.FLIP))
    cuts = np.zeros(1_000_000, np.int32)
    run_chain(scene, course, cuts, np.zeros((0, 16), np.int32))
    found = diagnose([cuts.astype(float)])
    mean = np.mean([count_cuts(graph, plan) for plan in list_plans(graph, rule)])
    assert found.error is not None and abs(found.mean - mean) < 4 * found.error < 0.06


def test_acceptance_is_the_share_of_steps_that_moved():
    graph, rule = make_rook_grid(4, 4), PlanRule(4, 0.0)
    chain = Chain(graph, rule, Sampling(2000, pairing=Pairing.REVERSIBLE, tries=1))
    plans = np.stack([sample.districts for sample in chain])
    moved = (plans[1:] != plans[:-1]).any(axis=1).mean()
    assert abs(chain.acceptance - moved) < 0.002 and 0 < moved < 1


@pytest.mark.parametrize(
    ("plan", "error"),
    [({}, None), ({"000000": 9}, InvalidValue), ({"x": 1}, InvalidValue), ({"000000": 2}, Infeasible)],
)
def test_chains_begin_with_the_plan_that_is_given(plan: dict[str, int], error: type[Exception] | None):
    graph, rule = make_rook_grid(4, 2), PlanRule(2, 0.25)
    halves = {code: int(code[3:]) // 2 + 1 for code in graph.keys}
    if error is None:
        first = next(sample_plans(graph, rule, Sampling(1, start=halves)))
        assert first.cuts >= 2
    else:
        with pytest.raises(error):
            next(sample_plans(graph, rule, Sampling(1, start=halves | plan)))


def test_reversible_chain_says_when_a_tree_allows_too_many_cuts():
    sampling = Sampling(2000, pairing=Pairing.REVERSIBLE, tries=1)
    with pytest.raises(InvalidValue):
        list(sample_plans(make_rook_grid(6, 6), PlanRule(2, 0.5), sampling))


def test_districts_that_share_nothing_cannot_be_recombined():
    units = [{"code": code, "population": 1} for code in "ab"]
    with pytest.raises(Infeasible) as raised:
        list(sample_plans(parse_graph({"units": units, "edges": []}), PlanRule(2, 0.0), Sampling(1)))
    assert raised.value.params["reason"].key == "chain_is_stuck"


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 1, "tries": 0}, {"steps": 1, "tree": "oak"}])
def test_samplings_without_meaning_are_refused(wrong: dict):
    with pytest.raises(InvalidValue):
        Sampling(**wrong)


def test_one_district_is_no_sample():
    with pytest.raises(InvalidValue):
        next(sample_plans(make_rook_grid(2, 2), PlanRule(1, 0.0), Sampling(1)))


@pytest.mark.parametrize(("word", "pairing"), [("cut-edge", 0), ("neighbours", 1), ("reversible", 2)])
def test_pairings_have_words(word: str, pairing: int):
    assert find_pairing(word) == pairing


def test_unknown_pairings_are_refused():
    with pytest.raises(InvalidValue):
        find_pairing("friends")


@pytest.mark.parametrize("name", ["PA-tract"])
def test_real_tracts_are_sampled(recheck, real_data, name: str):
    graph = parse_graph(json.loads((real_data / "districting" / "graphs" / f"{name}.json").read_bytes()))
    rule = PlanRule(18, 0.01)
    samples = list(sample_plans(graph, rule, Sampling(40, tree="minimum")))
    assert recheck(graph, rule, samples[-1].districts) == samples[-1].cuts
