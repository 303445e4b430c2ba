"""Move units by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting import DistrictPlan, PlanRule, list_broken, move_units
from geo.errors import InvalidValue

PLAN = DistrictPlan(make_rook_grid(4, 2), np.array([1, 1, 2, 2, 1, 1, 2, 2]))
RULE = PlanRule(2, 0.25)


@pytest.mark.parametrize(
    ("moves", "broken"),
    [
        ({}, []),
        ({"000001": 2}, []),
        ({"000001": 2, "001001": 2}, [(1, "deviation"), (2, "deviation")]),
        ({"000000": 2}, [(2, "pieces")]),
        ({"000003": 1}, [(1, "pieces")]),
        (
            dict.fromkeys(["000002", "000003", "001002", "001003"], 1),
            [(1, "deviation"), (2, "empty"), (2, "deviation")],
        ),
    ],
)
def test_what_a_move_breaks_is_told(moves: dict[str, int], broken: list[tuple[int, str]]):
    found = list_broken(move_units(PLAN, moves, districts=2), RULE)
    assert [(one.district, one.kind) for one in found] == broken


def test_the_plan_before_stays():
    assert move_units(PLAN, {"000000": 2}, districts=2).districts[0] == 2 and PLAN.districts[0] == 1


@pytest.mark.parametrize("moves", [{"9": 1}, {"0": 1}, {"000000": 3}, {"000000": 0}])
def test_unknown_units_and_districts_are_refused(moves: dict[str, int]):
    with pytest.raises(InvalidValue):
        move_units(PLAN, moves, districts=2)
