"""Say when there can be no plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from fixtures.letters import draw
from geo.districting import DistrictPlan, PlanRule, UnitGraph, build_graph, check_rule
from geo.errors import Infeasible, InvalidValue


def make_graph(drawing: str, people: Sequence[int]) -> UnitGraph:
    grounds = draw(drawing)
    return build_graph(list(grounds), list(grounds.values()), people, link_pieces=False)


@pytest.mark.parametrize(
    ("districts", "tolerance", "people", "bounds"),
    [
        (3, 0.1, 300, (90, 110)),
        (3, 0.0, 300, (100, 100)),
        (3, 0.0, 301, (101, 100)),
        (2, 0.05, 1001, (476, 525)),
    ],
)
def test_bounds(districts: int, tolerance: float, people: int, bounds: tuple[int, int]) -> None:
    assert PlanRule(districts, tolerance).find_bounds(people) == bounds


@pytest.mark.parametrize(("districts", "tolerance"), [(0, 0.1), (-1, 0.1), (2, -0.1), (2, 1.1), (2, float("nan"))])
def test_rules_without_meaning_are_refused(districts: int, tolerance: float) -> None:
    with pytest.raises(InvalidValue):
        PlanRule(districts, tolerance)


@pytest.mark.parametrize(
    ("drawing", "people", "rule", "reason"),
    [
        pytest.param("AB", [1, 1], PlanRule(3, 0.1), "too_few_units", id="more districts than units"),
        pytest.param("AB", [0, 0], PlanRule(2, 0.1), "no_people", id="nobody"),
        pytest.param("ABC", [10, 10, 80], PlanRule(2, 0.1), "unit_too_large", id="one unit too large"),
        pytest.param("A.BC", [10, 40, 50], PlanRule(2, 0.1), "piece_does_not_fit", id="island too small"),
        pytest.param("ABC.D", [50, 50, 50, 50], PlanRule(2, 0.2), "piece_does_not_fit", id="rest too large"),
        pytest.param("A.B.C", [30, 30, 40], PlanRule(2, 1.0), "pieces_do_not_fit", id="more pieces than districts"),
    ],
)
def test_impossible_rules_say_why(drawing: str, people: list[int], rule: PlanRule, reason: str) -> None:
    with pytest.raises(Infeasible) as raised:
        check_rule(make_graph(drawing, people), rule)
    assert raised.value.params["reason"].key == reason


@pytest.mark.parametrize(
    ("drawing", "people", "rule"),
    [("ABCD", [25] * 4, PlanRule(2, 0.0)), ("AB.CD", [25] * 4, PlanRule(2, 0.0)), ("AB", [1, 0], PlanRule(1, 0.0))],
)
def test_possible_rules_pass(drawing: str, people: list[int], rule: PlanRule) -> None:
    assert check_rule(make_graph(drawing, people), rule) is None


def test_people_of_districts() -> None:
    plan = DistrictPlan(make_graph("ABC", [5, 6, 7]), np.array([1, 2, 1]))
    assert plan.people.tolist() == [12, 6]
