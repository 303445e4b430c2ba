"""Say how few edges any plan must cut."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, bound_cuts, count_cuts, list_plans, parse_graph


@pytest.mark.parametrize(
    ("width", "height", "districts", "tolerance"),
    [(4, 4, 4, 0.0), (4, 4, 2, 0.0), (5, 5, 5, 0.0), (3, 3, 3, 0.4), (4, 3, 2, 0.2), (6, 1, 3, 0.0)],
)
def test_no_plan_cuts_fewer_edges_than_the_bound(width: int, height: int, districts: int, tolerance: float):
    graph, rule = make_rook_grid(width, height), PlanRule(districts, tolerance)
    assert 0 < bound_cuts(graph, rule) <= min(count_cuts(graph, plan) for plan in list_plans(graph, rule))


@pytest.mark.parametrize("seed", range(4))
def test_bound_holds_for_uneven_people(seed: int):
    people = np.random.default_rng(seed).integers(0, 9, 12).tolist()
    graph, rule = make_rook_grid(4, 3, people), PlanRule(3, 0.6)
    cuts = [count_cuts(graph, plan) for plan in list_plans(graph, rule)]
    assert bound_cuts(graph, rule) <= min(cuts)


def test_bound_says_more_than_that_districts_hang_together():
    assert bound_cuts(make_rook_grid(6, 6), PlanRule(2, 0.0)) > 1


def test_pieces_need_no_cut():
    units = [{"code": code, "population": 1} for code in "ab"]
    assert bound_cuts(parse_graph({"units": units, "edges": []}), PlanRule(2, 0.0)) == 0
