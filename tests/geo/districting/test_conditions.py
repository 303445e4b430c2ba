"""Keep conditions in every plan, and refuse those that nothing can keep."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid, make_shaped_grid
from geo.districting import Conditions, Pairing, PlanRule, PlanTask, Sampling, join_units, sample_plans
from geo.districting.aims import measure_figures
from geo.districting.conditions import check_conditions
from geo.errors import Infeasible, InvalidValue

GRID = make_rook_grid(6, 6)
QUARTERS = tuple(f"{int(code[:3]) // 3}{int(code[3:]) // 3}" for code in GRID.keys)
CORNERS = Conditions(pinned={"000000": 3, "005005": 1}, barred=(("000005", 2), ("000005", 1)))
SEATS = PlanRule(3, 0.15, seats=(1, 2, 3))
EVEN = PlanRule(4, 0.15)

CASES = [
    pytest.param(SEATS, Conditions(), id="seats"),
    pytest.param(SEATS, CORNERS, id="fixed and barred units"),
    pytest.param(EVEN, Conditions(regions=QUARTERS, most_splits=5), id="splits"),
    pytest.param(EVEN, Conditions(most_cuts=20), id="cut edges"),
    pytest.param(SEATS, Conditions(pinned={"002002": 2}, regions=QUARTERS, most_splits=6, most_cuts=24), id="all"),
]


@pytest.mark.parametrize("tree", ["uniform", "minimum"])
@pytest.mark.parametrize("pairing", Pairing)
@pytest.mark.parametrize(("rule", "conditions"), CASES)
def test_every_sample_keeps_the_conditions(whole, rule: PlanRule, conditions: Conditions, pairing: Pairing, tree: str):
    task, sampling = PlanTask(rule, conditions), Sampling(80, tree=tree, pairing=pairing, conditions=conditions)
    for sample in sample_plans(GRID, rule, sampling):
        figures = measure_figures(GRID, task, sample.districts)
        assert (figures.excess, figures.breaches) == (0, 0)
        assert whole(GRID, sample.districts, rule.districts)


@pytest.mark.parametrize("pairing", Pairing)
def test_every_sample_is_as_compact_as_asked(pairing: Pairing):
    graph, conditions = make_shaped_grid(6, 6), Conditions(least_compactness=0.4)
    task = PlanTask(EVEN, conditions)
    for sample in sample_plans(graph, EVEN, Sampling(100, pairing=pairing, conditions=conditions)):
        assert measure_figures(graph, task, sample.districts).breaches == 0


def test_regional_trees_split_few():
    conditions = Conditions(regions=QUARTERS)
    mean = {
        tree: np.mean([count_splits_of(sample.districts) for sample in sample_plans(GRID, EVEN, asked)])
        for tree in ("minimum", "regional")
        for asked in [Sampling(300, tree=tree, conditions=conditions)]
    }
    assert mean["regional"] < 0.7 * mean["minimum"]


def count_splits_of(districts: np.ndarray) -> int:
    return len(set(zip(QUARTERS, districts.tolist(), strict=True))) - 4


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        (Conditions(pinned={"9": 1}), "pinned"),
        (Conditions(pinned={"000000": 9}), "pinned.000000"),
        (Conditions(barred=(("000000", 0),)), "barred.000000"),
        (Conditions(regions=("a",)), "regions"),
        (Conditions(most_splits=1), "most_splits"),
        (Conditions(most_cuts=-1), "most_cuts"),
        (Conditions(least_compactness=2.0), "least_compactness"),
        (Conditions(least_compactness=0.5), "least_compactness"),
    ],
)
def test_conditions_without_meaning_are_refused(conditions: Conditions, field: str):
    with pytest.raises(InvalidValue) as raised:
        check_conditions(GRID, EVEN, conditions)
    assert raised.value.params["field"] == field


def test_lost_zeros_are_told():
    with pytest.raises(InvalidValue) as raised:
        check_conditions(GRID, EVEN, Conditions(pinned={"1002": 1}))
    assert dict(raised.value.params["reason"].params)["meant"] == "001002"


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (Conditions(barred=tuple(("000000", number) for number in range(1, 5))), "unit_barred_everywhere"),
        (Conditions(pinned={"000000": 1}, barred=(("000000", 1),)), "unit_barred_everywhere"),
        (Conditions(pinned=dict.fromkeys(GRID.keys[:12], 1)), "pinned_too_large"),
    ],
)
def test_conditions_that_contradict_are_infeasible(conditions: Conditions, reason: str):
    with pytest.raises(Infeasible) as raised:
        check_conditions(GRID, EVEN, conditions)
    assert raised.value.params["reason"].key == reason


def test_joined_units_keep_people_and_neighbours():
    graph, places = join_units(make_shaped_grid(4, 4), {"000000": "A", "000001": "A", "001000": "A"})
    joined = graph.keys.index("A")
    assert (len(graph.keys), int(graph.people.sum()), int(graph.people[joined])) == (14, 16, 3)
    assert np.bincount(places)[joined] == 3
    alone = make_shaped_grid(4, 4)
    assert graph.areas_m2.sum() == pytest.approx(alone.areas_m2.sum())
    assert graph.perimeters_m[joined] == pytest.approx(8 * alone.perimeters_m[0] / 4)


def test_divisions_in_pieces_are_not_joined():
    with pytest.raises(Infeasible) as raised:
        join_units(GRID, {"000000": "A", "005005": "A"})
    assert dict(raised.value.params["reason"].params) == {"division": "A", "pieces": 2}


@pytest.mark.parametrize("seats", [(1, 2), (1, 0, 2)])
def test_seats_without_meaning_are_refused(seats: tuple[int, ...]):
    with pytest.raises(InvalidValue):
        PlanRule(3, 0.1, seats=seats)
