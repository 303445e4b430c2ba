"""Measure plans."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from pyproj import Geod
from shapely import union_all

from fixtures.letters import draw
from geo.districting import DistrictPlan, PlanMeasures, build_graph, measure_plan

GROUNDS = draw("ABB\nCCD")


def measure(*districts: int) -> PlanMeasures:
    graph = build_graph(list(GROUNDS), list(GROUNDS.values()), [10, 20, 30, 40])
    return measure_plan(DistrictPlan(graph, np.array(districts)))


@pytest.mark.parametrize(
    ("districts", "people", "deviation", "cut_edges"),
    [
        ((1, 1, 1, 1), (100,), 0.0, 0),
        ((1, 1, 2, 2), (30, 70), 0.4, 3),
        ((1, 2, 2, 1), (50, 50), 0.0, 4),
    ],
)
def test_equality_and_cuts(
    districts: tuple[int, ...], people: tuple[int, ...], deviation: float, cut_edges: int
) -> None:
    measures = measure(*districts)
    assert (measures.people, measures.deviation, measures.cut_edges) == (people, deviation, cut_edges)


@pytest.mark.parametrize("districts", [(1, 1, 2, 2), (1, 2, 1, 2)])
def test_compactness_is_that_of_the_dissolved_districts(districts: tuple[int, ...]) -> None:
    for number, compactness in enumerate(measure(*districts).polsby_popper, start=1):
        parts = [ground for ground, district in zip(GROUNDS.values(), districts, strict=True) if district == number]
        area, perimeter = Geod(ellps="WGS84").geometry_area_perimeter(union_all(parts))
        assert compactness == pytest.approx(4 * pi * abs(area) / perimeter**2, abs=1e-3)


def test_cut_length_is_the_boundary_between_districts() -> None:
    expected = Geod(ellps="WGS84").inv(0, 1, 3, 1)[2]
    assert measure(1, 1, 2, 2).cut_m == pytest.approx(expected, rel=1e-3)
