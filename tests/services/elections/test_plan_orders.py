"""Turn orders into tasks: what is joined, and what stays whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, UnitGraph, optimise_plan
from geo.errors import InvalidValue
from services.elections.plan_orders import PlanOrder, merge_names, pose_problem

RULE = PlanRule(2, 0.3)


@pytest.fixture
def graph() -> UnitGraph:
    """Make a grid of four by three whose columns are counties."""
    graph = make_rook_grid(4, 3)
    return replace(graph, divisions={"county": tuple(code[3:] for code in graph.keys)})


@pytest.fixture
def halves(graph: UnitGraph) -> dict[str, int]:
    """Give a plan of today that splits the third column only."""
    return {code: 1 if code[3:] < "002" or code == "000002" else 2 for code in graph.keys}


@pytest.mark.parametrize(
    ("names", "others", "merged"),
    [
        ("abc", "XXY", "XXY"),
        (["a", "b"], ["", ""], "ab"),
        ("ggc", ["", "X", "X"], "XXX"),
        ("abc", ["X", "", "X"], "XbX"),
    ],
)
def test_names_are_merged(names: Sequence[str], others: Sequence[str], merged: str) -> None:
    assert merge_names(names, others) == tuple(merged)


def test_what_is_whole_today_stays_whole(graph: UnitGraph, halves: dict[str, int]) -> None:
    problem = pose_problem(graph, PlanOrder(RULE, level="county", no_new_splits=True, current=halves))
    assert sorted(problem.joined.people.tolist()) == [1, 1, 1, 3, 3, 3]
    found = problem.spread(optimise_plan(problem.joined, problem.task, seconds=0.1).plan.districts)
    columns = found.reshape(3, 4)[:, [0, 1, 3]]
    assert (columns == columns[0]).all()


def test_groups_stay_together(graph: UnitGraph) -> None:
    order = PlanOrder(RULE, groups={graph.keys[0]: "corner", graph.keys[1]: "corner"})
    problem = pose_problem(graph, order)
    assert (len(problem.joined.keys), np.bincount(problem.places).max()) == (11, 2)


@pytest.mark.parametrize(
    "wanted", [{"level": "county"}, {"level": None}, {"level": "county", "current": {"000000": 1}}]
)
def test_new_splits_need_a_plan_and_a_level(
    graph: UnitGraph, halves: dict[str, int], wanted: dict[str, object]
) -> None:
    held = {"current": halves if wanted["level"] is None else {}} | wanted
    with pytest.raises(InvalidValue):
        pose_problem(graph, PlanOrder(RULE, no_new_splits=True, **held))  # type: ignore[arg-type]
