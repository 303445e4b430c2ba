"""Settle small tasks with seats and conditions by going through all plans."""

from __future__ import annotations

import pytest

from fixtures.graphs import make_rook_grid, make_shaped_grid
from geo.districting import Aim, Conditions, PlanRule, PlanTask, optimise_plan
from geo.districting.aims import measure_figures
from geo.districting.listing import settle_task
from geo.errors import Infeasible

ROWS = tuple("aaaabbbbcccc")


@pytest.mark.parametrize(
    "task",
    [
        PlanTask(PlanRule(3, 0.0, seats=(1, 2, 3))),
        PlanTask(PlanRule(3, 0.0), Conditions(pinned={"000000": 3, "002003": 1})),
        PlanTask(PlanRule(3, 0.0), Conditions(regions=ROWS, most_splits=0)),
        PlanTask(PlanRule(2, 0.0), Conditions(barred=(("000000", 1),), most_cuts=4)),
    ],
)
def test_a_plan_is_found_where_there_is_one(whole, task: PlanTask):
    graph = make_rook_grid(4, 3)
    districts = settle_task(graph, task)
    figures = measure_figures(graph, task, districts)
    assert (figures.excess, figures.breaches) == (0, 0) and whole(graph, districts, task.rule.districts)


@pytest.mark.parametrize(
    ("task", "key", "smallest"),
    [
        (PlanTask(PlanRule(2, 0.0, seats=(1, 3))), "all_plans_listed_tolerance", "20.000%"),
        (PlanTask(PlanRule(2, 0.01), Conditions(pinned={"000000": 1})), "all_plans_listed_tolerance", "20.000%"),
        (PlanTask(PlanRule(2, 0.0), Conditions(most_cuts=0)), "all_plans_listed", None),
        (
            PlanTask(PlanRule(2, 0.1), Conditions(pinned={"000000": 1, "000002": 1, "000001": 2})),
            "all_plans_listed",
            None,
        ),
    ],
)
def test_no_plan_is_proved_with_the_tolerance_that_would_do(task: PlanTask, key: str, smallest: str | None):
    with pytest.raises(Infeasible) as raised:
        settle_task(make_rook_grid(5, 1), task)
    reason = raised.value.params["reason"]
    assert (reason.key, dict(reason.params).get("smallest")) == (key, smallest)


def test_too_many_plans_are_not_gone_through():
    assert settle_task(make_rook_grid(7, 7), PlanTask(PlanRule(7, 0.5, seats=(1, 2, 1, 2, 1, 2, 1)))) is None


@pytest.mark.parametrize("aims", [(Aim.CUT_EDGES,), (Aim.DEVIATION, Aim.CUT_EDGES)])
def test_searches_of_small_graphs_end_with_the_proof(aims: tuple[Aim, ...]):
    task = PlanTask(PlanRule(3, 0.0), Conditions(most_cuts=3), aims)
    with pytest.raises(Infeasible) as raised:
        optimise_plan(make_shaped_grid(4, 3), task, seconds=0.1)
    assert raised.value.params["reason"].key == "all_plans_listed"
