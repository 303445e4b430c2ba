"""Search plans by several aims in order."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid, make_shaped_grid
from geo.districting import (
    Aim,
    Conditions,
    PlanRule,
    PlanStatus,
    PlanTask,
    UnitGraph,
    list_plans,
    optimise_plan,
    parse_aims,
    solve_plan,
)
from geo.districting.aims import measure_figures
from geo.districting.optimum import PlanSearch
from geo.errors import Infeasible, InvalidValue

SHAPED = make_shaped_grid(6, 6)
QUARTERS = tuple(f"{int(code[:3]) // 3}{int(code[3:]) // 3}" for code in SHAPED.keys)
STRIPES = {code: int(code[:3]) // 2 + 1 for code in SHAPED.keys}

SOLUTION = """
from fixtures.graphs import make_rook_grid
from geo.districting import *
task = PlanTask(PlanRule(3, 0.1, seats=(1, 2, 1)), aims=parse_aims("deviation,cut-edges"))
print(optimise_plan(make_rook_grid(6, 6), task, seed=11, seconds=0.05).digest)
"""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "words", ["splits,cut-edges", "deviation,cut-edges", "cut-edges,deviation", "splits,deviation"]
)
def test_search_reaches_the_best_of_the_listing(seed: int, words: str):
    people = np.random.default_rng(seed).integers(1, 9, 12).tolist()
    graph, rows = make_rook_grid(4, 3, people), tuple("aaaabbbbcccc")
    task = PlanTask(PlanRule(3, 0.4), Conditions(regions=rows), parse_aims(words))
    best = min(measure_figures(graph, task, plan).aims for plan in list_plans(graph, task.rule))
    found = PlanSearch(graph, task, seed).run(0.4)
    assert measure_figures(graph, task, found).aims == pytest.approx(best, abs=0.005)


@pytest.mark.parametrize(
    ("task", "aims"),
    [
        (PlanTask(PlanRule(4, 0.0), Conditions(regions=QUARTERS), (Aim.SPLITS, Aim.CUT_EDGES)), (0, 12)),
        (PlanTask(PlanRule(4, 0.0), aims=(Aim.PERIMETER,)), (12_000,)),
        (PlanTask(PlanRule(3, 0.0), aims=(Aim.DISTANCE,), current=STRIPES), (0,)),
        (PlanTask(PlanRule(3, 0.0, (1, 2, 3)), aims=(Aim.DEVIATION, Aim.CUT_EDGES)), (0, 9)),
    ],
)
def test_grids_are_divided_as_well_as_can_be(whole, task: PlanTask, aims: tuple[float, ...]):
    solution = optimise_plan(SHAPED, task, seed=2, seconds=0.6)
    assert tuple(value for _, value in solution.aims) == aims
    assert whole(SHAPED, solution.plan.districts, task.rule.districts)


def test_plans_near_the_one_of_today_move_few():
    task = PlanTask(PlanRule(3, 0.0), Conditions(pinned={"000005": 3}), (Aim.DISTANCE,), STRIPES)
    solution = optimise_plan(SHAPED, task, seed=1, seconds=0.6)
    assert solution.plan.districts[5] == 3 and dict(solution.aims)["distance"] <= 12


def test_thin_districts_are_avoided():
    task = PlanTask(PlanRule(4, 0.1), Conditions(least_compactness=0.55), (Aim.DEVIATION,))
    figures = measure_figures(SHAPED, task, optimise_plan(SHAPED, task, seconds=0.5).plan.districts)
    assert (figures.excess, figures.breaches) == (0, 0)


def test_plain_tasks_are_solved_as_before():
    graph, rule = make_rook_grid(6, 6), PlanRule(4, 0.1)
    assert optimise_plan(graph, PlanTask(rule), seconds=0.2).digest == solve_plan(graph, rule, seconds=0.2).digest


def test_same_seed_searches_alike_in_other_processes():
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


def test_what_breaks_nothing_more_is_best():
    task = PlanTask(PlanRule(4, 0.0), Conditions(regions=QUARTERS), (Aim.SPLITS,))
    assert optimise_plan(SHAPED, task, seconds=0.3).status is PlanStatus.OPTIMAL


def test_what_was_not_found_says_how_near_it_came():
    task = PlanTask(PlanRule(4, 0.0), Conditions(most_cuts=11))
    with pytest.raises(Infeasible) as raised:
        optimise_plan(SHAPED, task, seconds=0.2)
    reason = raised.value.params["reason"]
    assert (reason.key, dict(reason.params)["breaches"]) == ("plan_not_found_by_search_of_aims", 1)


def make_islands() -> UnitGraph:
    """Make two grids of four by three that no edge ties together."""
    grid = make_rook_grid(4, 6)
    edges = grid.edges[[not (one < 12 <= other) for one, other in grid.edges.tolist()]]
    return replace(grid, edges=edges, lengths_m=np.full(len(edges), np.nan))


def test_islands_get_the_seats_of_their_people(whole):
    graph, rule = make_islands(), PlanRule(4, 0.0, seats=(1, 2, 2, 1))
    assert whole(graph, optimise_plan(graph, PlanTask(rule), seconds=0.2).plan.districts, 4)


@pytest.mark.parametrize("words", ["beauty", "cut-edges,cut-edges", "", "cut-edges,"])
def test_unknown_aims_are_refused(words: str):
    with pytest.raises(InvalidValue):
        parse_aims(words)


@pytest.mark.parametrize(
    ("aims", "current"),
    [((Aim.SPLITS,), {}), ((Aim.PERIMETER,), {}), ((Aim.DISTANCE,), {}), ((Aim.DISTANCE,), {"1": 1})],
)
def test_aims_without_what_they_need_are_refused(aims: tuple[Aim, ...], current: dict[str, int]):
    with pytest.raises(InvalidValue):
        optimise_plan(make_rook_grid(3, 3), PlanTask(PlanRule(3, 0.0), aims=aims, current=current))


@pytest.mark.parametrize("district", [0, 4])
def test_plans_of_today_with_other_districts_are_refused(district: int):
    task = PlanTask(PlanRule(3, 0.0), aims=(Aim.DISTANCE,), current={"000000": district})
    with pytest.raises(InvalidValue):
        optimise_plan(make_rook_grid(3, 3), task)


def test_progress_is_told_and_changes_nothing():
    told: list[tuple[int, int]] = []
    task = PlanTask(PlanRule(3, 0.1, seats=(1, 2, 1)), aims=parse_aims("deviation,cut-edges"))
    heard = optimise_plan(SHAPED, task, seconds=1.4, progress=lambda done, total: told.append((done, total)))
    assert heard.digest == optimise_plan(SHAPED, task, seconds=1.4).digest
    assert told == sorted(set(told)) and told[-1][0] == told[-1][1] and len(told) > 1
