"""Measure districts on the ground."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
import shapely

from geo.districting import DistrictPlan, DistrictShape, build_graph, measure_reach, measure_shapes

SIDE = 0.01
SQUARES = [
    shapely.box(column * SIDE, row * SIDE, (column + 1) * SIDE, (row + 1) * SIDE) for row in (0, 1) for column in (0, 1)
]
GRAPH = build_graph(["a", "b", "c", "d"], SQUARES, [1, 1, 1, 1])


def measure(*districts: int) -> tuple[DistrictShape, ...]:
    return measure_shapes(DistrictPlan(GRAPH, np.array(districts)), SQUARES)


@pytest.mark.parametrize(
    ("districts", "polsby_popper", "reock"),
    [((1, 1, 1, 1), pi / 4, 2 / pi), ((1, 1, 2, 2), 8 * pi / 36, 8 / (5 * pi)), ((1, 2, 3, 4), pi / 4, 2 / pi)],
)
def test_rectangles_have_known_shapes(districts: tuple[int, ...], polsby_popper: float, reock: float):
    shape = measure(*districts)[0]
    assert shape.polsby_popper == pytest.approx(polsby_popper, abs=0.002)
    assert (shape.reock, shape.hull_ratio) == (pytest.approx(reock, abs=0.003), pytest.approx(1, abs=1e-3))


def test_an_angle_fills_part_of_its_hull():
    assert measure(1, 1, 1, 2)[0].hull_ratio == pytest.approx(3 / 3.5, abs=1e-3)


def test_areas_and_perimeters_are_geodesic():
    shape = measure(1, 1, 1, 1)[0]
    assert shape.area_m2 == pytest.approx(GRAPH.areas_m2.sum(), rel=1e-6)
    assert shape.perimeter_m == pytest.approx(8 * 1109, rel=0.005)


def test_people_are_measured_from_their_centre():
    # each centre of a square is half a diagonal of it away from the middle
    assert measure(1, 1, 1, 1)[0].distance_m == pytest.approx(784, rel=0.005)
    assert measure(1, 2, 3, 4)[0].distance_m == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("lat", [0.0, 35.0, 60.0])
def test_circles_are_round_wherever_they_lie(lat: float):
    ring = [
        (50 + 0.2 / np.cos(np.radians(lat)) * np.cos(turn), lat + 0.2 * np.sin(turn))
        for turn in np.linspace(0, 2 * pi, 90)
    ]
    disc = shapely.Polygon(ring)
    graph = build_graph(["a"], [disc], [1])
    shape = measure_shapes(DistrictPlan(graph, np.array([1])), [disc])[0]
    assert shape.polsby_popper > 0.98 and shape.reock > 0.97 and shape.hull_ratio > 0.99


@pytest.mark.parametrize(
    ("spots", "near", "far"),
    [
        ([(0.5, 0.5), (1.5, 0.5)], [0.0, 0.0], [0.0, 0.0]),
        ([(0.5, 0.5)], [0.0, 111_315.0], [0.0, 111_315.0]),
        ([(0.5, 0.5), (179.0, 80.0)], [0.0, 111_315.0], [0.0, 111_315.0]),
    ],
)
def test_reach_is_measured_to_the_nearest_spot(spots: list[tuple[float, float]], near: list[float], far: list[float]):
    grounds = [shapely.box(at, 0, at + 1, 1) for at in range(2)]
    plan = DistrictPlan(build_graph(["a", "b"], grounds, [5, 7]), np.array([1, 2]))
    found = measure_reach(plan, grounds, np.array(spots))
    assert [mean for mean, _ in found] == pytest.approx(near, abs=20)
    assert [most for _, most in found] == pytest.approx(far, abs=20)


def test_reach_weighs_by_people():
    grounds = [shapely.box(at, 0, at + 1, 1) for at in range(2)]
    plan = DistrictPlan(build_graph(["a", "b"], grounds, [3, 1]), np.array([1, 1]))
    [(mean, most)] = measure_reach(plan, grounds, np.array([(0.5, 0.5)]))
    assert most == pytest.approx(4 * mean, rel=1e-3)
