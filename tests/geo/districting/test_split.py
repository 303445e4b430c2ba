"""Draw districts that are in one piece and equal enough."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import box

from geo.districting import PlanRule, UnitGraph, build_graph, draw_districts, measure_plan
from geo.districting.split import share_districts
from geo.errors import Infeasible


def make_grid(width: int, height: int, people: Sequence[int] | None = None) -> UnitGraph:
    """Make a grid of square units with a hundred people each, unless told otherwise."""
    cells = [(x, y) for x in range(width) for y in range(height)]
    grounds = [box(x / 10, y / 10, (x + 1) / 10, (y + 1) / 10) for x, y in cells]
    return build_graph([f"{x:02}{y:02}" for x, y in cells], grounds, people or [100] * len(cells))


def count_parts(graph: UnitGraph, districts: np.ndarray) -> list[int]:
    """Count the connected parts of each district with another library."""
    network = nx.Graph(graph.edges.tolist())
    network.add_nodes_from(range(len(graph.keys)))
    parts = (network.subgraph(np.flatnonzero(districts == number).tolist()) for number in np.unique(districts))
    return [nx.number_connected_components(part) for part in parts]


@pytest.mark.parametrize(
    ("width", "height", "districts", "tolerance"),
    [(6, 6, 4, 0.0), (8, 8, 8, 0.0), (7, 5, 3, 0.1), (10, 10, 9, 0.1), (5, 1, 5, 0.0), (4, 4, 1, 0.0)],
)
def test_districts_are_equal_and_in_one_piece(width: int, height: int, districts: int, tolerance: float) -> None:
    graph = make_grid(width, height)
    plan = draw_districts(graph, PlanRule(districts, tolerance), seed=7)
    assert measure_plan(plan).deviation <= tolerance
    assert count_parts(graph, plan.districts) == [1] * districts


def test_same_seed_draws_the_same_plan() -> None:
    graph, rule = make_grid(6, 6), PlanRule(4, 0.1)
    plans = [draw_districts(graph, rule, seed=seed).districts.tolist() for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


def test_districts_are_numbered_by_the_smallest_code() -> None:
    plan = draw_districts(make_grid(5, 5), PlanRule(5, 0.0), seed=3)
    firsts = [plan.districts.tolist().index(number) for number in range(1, 6)]
    assert firsts == sorted(firsts)


def test_plan_that_was_not_found_tells_the_nearest() -> None:
    with pytest.raises(Infeasible) as raised:
        draw_districts(make_grid(6, 1, [4, 4, 4, 6, 3, 3]), PlanRule(3, 0.01), seed=1)
    reason = raised.value.params["reason"]
    assert (reason.key, dict(reason.params)["deviation"]) == ("plan_not_found_by_search", "25.00%")


@pytest.mark.parametrize(("districts", "shares"), [(3, [2, 1]), (5, [4, 1]), (2, [1, 1])])
def test_pieces_share_districts_by_people(districts: int, shares: list[int]) -> None:
    grounds = [box(x, 0, x + 1, 1) for x in (0, 1, 2, 3, 9, 10)]
    graph = build_graph(list("ABCDEF"), grounds, [100] * 4 + [50] * 2, link_pieces=False)
    assert share_districts(graph, PlanRule(districts, 1.0)) == shares


def test_unlinked_pieces_are_districts_of_their_own() -> None:
    grounds = [box(x, 0, x + 1, 1) for x in (0, 1, 9, 10)]
    graph = build_graph(list("ABCD"), grounds, [100] * 4, link_pieces=False)
    plan = draw_districts(graph, PlanRule(2, 0.0), seed=1)
    assert plan.districts.tolist() == [1, 1, 2, 2]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_plan_that_is_drawn_keeps_the_rule(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(2, 7)), data.draw(st.integers(1, 6))
    people = data.draw(st.lists(st.integers(0, 200), min_size=width * height, max_size=width * height))
    districts = data.draw(st.integers(1, 6))
    graph, rule = make_grid(width, height, people), PlanRule(districts, 0.25)
    try:
        plan = draw_districts(graph, rule, seed=data.draw(st.integers(0, 9)))
    except Infeasible:
        assume(False)
    least, most = rule.find_bounds(sum(people))
    assert all(least <= count <= most for count in measure_plan(plan).people)
    assert count_parts(graph, plan.districts) == [1] * districts
