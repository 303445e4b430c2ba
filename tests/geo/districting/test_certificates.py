"""Find pockets that no districts fill."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, check_pockets, list_plans, parse_graph
from geo.districting.certificates import list_pockets
from geo.errors import Infeasible


def make_path(people: list[int], *more: list[int]):
    units = [{"code": f"u{place}", "population": count} for place, count in enumerate(people)]
    return parse_graph({"units": units, "edges": [[at, at + 1] for at in range(len(people) - 1)] + list(more)})


@pytest.mark.parametrize("people", [[6, 9, 9], [9, 9, 6]])
def test_pocket_that_does_not_fit_is_named(people: list[int]):
    with pytest.raises(Infeasible) as raised:
        check_pockets(make_path(people), PlanRule(2, 0.1))
    params = dict(raised.value.params["reason"].params)
    assert (params["unit"], params["own"]) == ("u1", 9)


@pytest.mark.parametrize("people", [[5, 5, 5, 5], [10, 10], [1, 9, 10], [2, 8, 4, 6]])
def test_pockets_that_fit_pass(people: list[int]):
    assert check_pockets(make_path(people), PlanRule(sum(people) // 10, 0.0)) is None


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_refused_that_has_a_plan(seed: int):
    dice = np.random.default_rng(seed)
    people = dice.integers(1, 6, 9).tolist()
    tree = [[int(dice.integers(unit)), unit] for unit in range(1, 9)]
    units = [{"code": str(unit), "population": count} for unit, count in enumerate(people)]
    graph, rule = parse_graph({"units": units, "edges": tree}), PlanRule(3, 0.25)
    if next(list_plans(graph, rule), None) is not None:
        assert check_pockets(graph, rule) is None


@pytest.mark.parametrize("seed", range(5))
def test_closing_units_are_the_articulation_points(seed: int):
    drawn = nx.gnm_random_graph(25, 30, seed=seed)
    units = [{"code": str(unit), "population": 1} for unit in range(25)]
    graph = parse_graph({"units": units, "edges": [list(edge) for edge in drawn.edges]})
    closing = {unit for unit, _ in list_pockets(graph)}
    roots = {min(piece) for piece in nx.connected_components(drawn)}
    assert closing - roots == set(nx.articulation_points(drawn)) - roots


def test_grid_has_no_pockets_but_the_whole():
    assert [people for _, people in list_pockets(make_rook_grid(4, 4))] == [15]
