"""Prove how few edges must be cut."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import (
    Conditions,
    PlanRule,
    PlanStatus,
    PlanTask,
    count_cuts,
    list_plans,
    optimise_plan,
    parse_graph,
)
from geo.districting.proof import prove_cuts
from geo.errors import Infeasible

ALONE = [40, 2] + [1] * 4 + [2] + [1] * 24 + [2] * 5
"""People of a grid of six by six whose corner lacks one of the half, and whose neighbours have two."""


def list_fewest(people: list[int], rule: PlanRule) -> int:
    graph = make_rook_grid(4, 3, people)
    return min(count_cuts(graph, plan) for plan in list_plans(graph, rule))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gap", [None, 0, 1])
def test_proof_agrees_with_the_listing(recheck, seed: int, gap: int | None):
    people = np.random.default_rng(seed).integers(1, 9, 12).tolist()
    rule = PlanRule(3, 0.25)
    fewest, graph = list_fewest(people, rule), make_rook_grid(4, 3, people)
    proof = prove_cuts(graph, PlanTask(rule), known=None if gap is None else fewest + gap)
    assert (proof.bound, proof.is_whole) == (fewest, True)
    assert (proof.districts is None) == (gap == 0)
    assert proof.districts is None or recheck(graph, rule, proof.districts) == fewest


def test_seats_and_fixed_units_count_in_the_proof(whole):
    graph, rule = make_rook_grid(5, 3), PlanRule(2, 0.0, seats=(1, 2))
    task = PlanTask(rule, Conditions(pinned={"000000": 2, "002004": 2}))
    proof = prove_cuts(graph, task, known=None)
    assert proof.districts is not None and whole(graph, proof.districts, 2)
    assert np.bincount(proof.districts).tolist() == [0, 5, 10]
    assert (proof.districts[0], proof.districts[14], proof.bound) == (2, 2, 5)


def test_what_no_search_finds_is_proved_not_to_be():
    with pytest.raises(Infeasible) as raised:
        optimise_plan(make_rook_grid(6, 6, ALONE), PlanTask(PlanRule(2, 0.0)), seconds=0.1, nodes=1000)
    assert raised.value.params["reason"].key == "proved_by_programming"


def test_plans_are_proved_best():
    graph, task = make_rook_grid(6, 5), PlanTask(PlanRule(3, 0.0))
    found, proved = (optimise_plan(graph, task, seconds=0.3, nodes=nodes) for nodes in (0, 5000))
    assert (found.status, proved.status, proved.bound) == (PlanStatus.FEASIBLE, PlanStatus.OPTIMAL, proved.cuts)


def test_a_proof_that_is_cut_short_still_bounds():
    proof = prove_cuts(make_rook_grid(8, 6), PlanTask(PlanRule(4, 0.0)), known=14, nodes=1)
    assert not proof.is_whole and proof.bound is not None and 3 <= proof.bound <= 14


def test_counties_are_proved(real_data):
    graph = parse_graph(json.loads((real_data / "districting" / "graphs" / "NM-county.json").read_bytes()))
    assert prove_cuts(graph, PlanTask(PlanRule(3, 0.005)), known=17).bound == 17
