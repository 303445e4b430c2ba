"""List all plans of small graphs."""

from __future__ import annotations

import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, TooMany, list_plans


@pytest.mark.parametrize(
    ("width", "height", "districts", "plans"),
    [(2, 2, 2, 2), (3, 3, 3, 10), (4, 4, 4, 117), (5, 5, 5, 4006), (4, 4, 2, 70), (5, 1, 5, 1), (3, 3, 1, 1)],
)
def test_all_plans_of_a_grid_are_listed_once(width: int, height: int, districts: int, plans: int):
    found = [tuple(plan) for plan in list_plans(make_rook_grid(width, height), PlanRule(districts, 0.0))]
    assert (len(found), len(set(found))) == (plans, plans)


def test_listed_plans_keep_the_rule(recheck):
    graph, rule = make_rook_grid(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]), PlanRule(3, 0.2)
    plans = list(list_plans(graph, rule))
    assert plans
    assert all(recheck(graph, rule, plan) > 0 for plan in plans)


def test_listing_ends_where_it_is_told_to():
    with pytest.raises(TooMany):
        list(list_plans(make_rook_grid(5, 5), PlanRule(5, 0.0), most_steps=100))
