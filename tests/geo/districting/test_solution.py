"""Search the plan that cuts the fewest edges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, PlanStatus, UnitGraph, count_cuts, list_plans, parse_graph, solve_plan
from geo.districting.solution import Search, list_spans
from geo.errors import Infeasible, InvalidValue

PROVED = [
    ("NM-county", 3, 17),
    ("LA-county", 6, 49),
    ("OK-county", 5, 40),
    ("KS-county", 4, 32),
    ("ME-tract", 2, 20),
    ("WV-tract", 3, 43),
]
"""Graphs, districts and the fewest edges that a plan within half a percent cuts (Validi and Buchanan)."""

SOLUTION = """
from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, solve_plan
print(solve_plan(make_rook_grid(9, 7), PlanRule(5, 0.1), seed=11, seconds=0.1).digest)
"""


@pytest.mark.parametrize(
    ("width", "height", "districts", "tolerance"),
    [(4, 4, 4, 0.0), (4, 4, 2, 0.0), (5, 3, 3, 0.0), (4, 3, 2, 0.2), (3, 3, 1, 0.0), (5, 1, 5, 0.0)],
)
def test_small_graphs_are_solved_for_certain(recheck, width: int, height: int, districts: int, tolerance: float):
    graph, rule = make_rook_grid(width, height), PlanRule(districts, tolerance)
    solution = solve_plan(graph, rule)
    fewest = min(count_cuts(graph, plan) for plan in list_plans(graph, rule))
    assert recheck(graph, rule, solution.plan.districts) == solution.cuts == solution.bound == fewest
    assert solution.status is PlanStatus.OPTIMAL


@pytest.mark.parametrize(
    ("size", "districts", "cuts"),
    [(5, 5, 20), (6, 4, 12), (8, 4, 16), (10, 4, 20), (9, 9, 36)],
)
def test_grids_are_cut_into_squares(recheck, size: int, districts: int, cuts: int):
    graph, rule = make_rook_grid(size, size), PlanRule(districts, 0.0)
    solution = solve_plan(graph, rule, seed=3, seconds=0.8)
    assert recheck(graph, rule, solution.plan.districts) == solution.cuts
    assert solution.bound <= solution.cuts <= cuts


@pytest.mark.parametrize("seed", [-5, 0, 1, 2**80])
def test_any_whole_number_is_a_seed(seed: int):
    graph, rule = make_rook_grid(5, 4), PlanRule(4, 0.0)
    solution = solve_plan(graph, rule, seed=seed, seconds=0.1)
    assert (solution.cuts, solution.seed) == (11, seed)


def test_same_seed_solves_alike_in_other_processes():
    found = {
        subprocess.run(
            [sys.executable, "-c", SOLUTION],
            env=os.environ | {"PYTHONHASHSEED": seed, "NUMBA_NUM_THREADS": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_districts_are_numbered_by_their_smallest_code():
    assignment = solve_plan(make_rook_grid(6, 4), PlanRule(3, 0.0), seconds=0.1).assignment
    first = {number: min(code for code, own in assignment.items() if own == number) for number in (1, 2, 3)}
    assert sorted(first.values()) == [first[1], first[2], first[3]]


def test_deviation_is_that_of_the_worst_district():
    assert solve_plan(make_rook_grid(5, 1), PlanRule(2, 0.2)).deviation == pytest.approx(0.2)


def make_pieces(*people: list[int]) -> UnitGraph:
    """Make a path of each list of people."""
    units = [{"code": f"{row}-{at}", "population": n} for row, path in enumerate(people) for at, n in enumerate(path)]
    edges = [[at - 1, at] for at, unit in enumerate(units) if not unit["code"].endswith("-0")]
    return parse_graph({"units": units, "edges": edges})


def test_pieces_get_their_districts(recheck):
    graph, rule = make_pieces([5] * 4, [5] * 6), PlanRule(5, 0.0)
    assert recheck(graph, rule, solve_plan(graph, rule).plan.districts) == 3


@pytest.mark.parametrize(
    ("graph", "rule", "reason"),
    [
        pytest.param(make_rook_grid(2, 1), PlanRule(3, 0.0), "too_few_units", id="too few units"),
        pytest.param(make_pieces([0, 0]), PlanRule(2, 0.0), "no_people", id="nobody"),
        pytest.param(make_pieces([1, 9, 1, 1]), PlanRule(2, 0.1), "unit_too_large", id="a large unit"),
        pytest.param(make_pieces([10, 10], [5]), PlanRule(2, 0.1), "piece_does_not_fit", id="an island"),
        pytest.param(make_pieces([6, 9, 9]), PlanRule(2, 0.1), "pocket_does_not_fit", id="a pocket"),
        pytest.param(
            make_rook_grid(3, 2, [5, 2, 1, 2, 1, 1]), PlanRule(2, 0.0), "all_plans_listed_tolerance", id="all listed"
        ),
    ],
)
def test_what_cannot_be_says_why(graph: UnitGraph, rule: PlanRule, reason: str):
    with pytest.raises(Infeasible) as raised:
        solve_plan(graph, rule)
    assert raised.value.params["reason"].key == reason


def test_what_was_not_found_says_how_near_it_came():
    # the corner lacks one of the 41 that a half has, and both its neighbours have two
    people = [40, 2] + [1] * 4 + [2] + [1] * 24 + [2] * 5
    with pytest.raises(Infeasible) as raised:
        solve_plan(make_rook_grid(6, 6, people), PlanRule(2, 0.0), seconds=0.1)
    reason = raised.value.params["reason"]
    assert (reason.key, dict(reason.params)["people"]) == ("plan_not_found_by_annealing", 2)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), 1e9])
def test_budgets_without_meaning_are_refused(seconds: float):
    with pytest.raises(InvalidValue):
        solve_plan(make_rook_grid(2, 2), PlanRule(2, 0.0), seconds=seconds)


@pytest.mark.parametrize("seed", range(6))
def test_search_reaches_what_the_listing_proves(recheck, seed: int):
    people = np.random.default_rng(seed).integers(1, 9, 12).tolist()
    graph, rule = make_rook_grid(4, 3, people), PlanRule(3, 0.25)
    fewest = min(count_cuts(graph, plan) for plan in list_plans(graph, rule))
    found = Search(graph, rule, seed).run(0.05)
    assert recheck(graph, rule, found + 1) == fewest


@pytest.mark.parametrize(("districts", "cuts"), [(1, 0), (20, 31)])
def test_the_whole_and_single_units_are_plans(districts: int, cuts: int):
    assert solve_plan(make_rook_grid(5, 4), PlanRule(districts, 0.0), seconds=0.05).cuts == cuts


@pytest.mark.parametrize(("name", "districts", "cuts"), PROVED)
def test_proved_optima_are_reached(recheck, real_data, name: str, districts: int, cuts: int):
    graph = parse_graph(json.loads((real_data / "districting" / "graphs" / f"{name}.json").read_bytes()))
    rule = PlanRule(districts, 0.005)
    solution = solve_plan(graph, rule, seed=1, seconds=2.0)
    assert recheck(graph, rule, solution.plan.districts) == solution.cuts == cuts


def test_progress_is_told_and_changes_nothing():
    told: list[tuple[int, int]] = []
    graph, rule = make_rook_grid(8, 6), PlanRule(4, 0.1)
    heard = solve_plan(graph, rule, seed=5, seconds=1.2, progress=lambda done, total: told.append((done, total)))
    assert heard.digest == solve_plan(graph, rule, seed=5, seconds=1.2).digest
    assert told == sorted(set(told)) and {total for _, total in told} == {told[-1][1]} and len(told) > 1


def test_a_search_ends_when_who_hears_it_says_so():
    def stop(done: int, total: int) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError, match="1"):
        solve_plan(make_rook_grid(8, 6), PlanRule(4, 0.1), seconds=1e6, progress=stop)


@pytest.mark.parametrize(("rounds", "parts"), [(10, 3), (1, 4), (0, 2), (7, 7), (100, 1)])
def test_spans_cover_all_rounds_once(rounds: int, parts: int):
    spans = list(list_spans(rounds, parts))
    assert [at for first, last in spans for at in range(first, last)] == list(range(rounds))
