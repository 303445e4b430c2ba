"""Anneal plans within soft bounds."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting.annealing import Best, Cooling, anneal, exceed, flip, holds_without, sum_excess, try_recombination
from geo.districting.board import NOBODY, Scene, set_scene
from geo.districting.network import build_network
from geo.districting.solution import list_spans

WARM = Cooling(least=11, most=13, cost=0.5, rounds=400, flips=8, hot=3.0, cold=0.3)


@pytest.fixture
def scene() -> Scene:
    """Set up three stripes of a grid of six by six."""
    stripes = np.repeat([0, 1, 2], 12).astype(np.int32)
    return set_scene(build_network(make_rook_grid(6, 6)), stripes, count=3, seed=2)


def count_pieces(scene: Scene) -> list[int]:
    network = nx.Graph(zip(scene.network.first.tolist(), scene.network.second.tolist(), strict=True))
    parts = (network.subgraph(np.flatnonzero(scene.board.district == number).tolist()) for number in range(3))
    return [nx.number_connected_components(part) for part in parts]


@pytest.mark.parametrize(("people", "excess"), [(9, 2), (11, 0), (12, 0), (13, 0), (16, 3)])
def test_people_beyond_the_bounds_are_counted(people: int, excess: int):
    assert exceed(people, WARM) == excess


@pytest.mark.parametrize("heat", [0.2, 5.0])
def test_flips_keep_districts_whole_and_count_the_excess(scene: Scene, heat: float):
    room = np.zeros(2 * 36 + 1, np.int64)
    excess = sum(flip(scene, WARM, heat, room) for _ in range(500))
    assert count_pieces(scene) == [1, 1, 1]
    assert excess == sum_excess(scene.board, WARM)


@pytest.mark.parametrize("heat", [0.2, 5.0])
def test_recombinations_keep_districts_whole_and_count_the_excess(scene: Scene, heat: float):
    excess = sum(try_recombination(scene, WARM, heat) for _ in range(100))
    assert count_pieces(scene) == [1, 1, 1]
    assert excess == sum_excess(scene.board, WARM)


@pytest.mark.parametrize("seed", range(4))
def test_leaving_a_district_is_judged_as_networkx_does(seed: int):
    network = build_network(make_rook_grid(6, 6))
    district = np.random.default_rng(seed).integers(0, 2, 36).astype(np.int32)
    drawn, room = nx.Graph(zip(network.first.tolist(), network.second.tolist(), strict=True)), np.zeros(73, np.int64)
    for unit in range(36):
        piece = nx.node_connected_component(drawn.subgraph(np.flatnonzero(district == district[unit]).tolist()), unit)
        rest = drawn.subgraph(piece - {unit})
        assert holds_without(network, district, unit, room) == (len(rest) > 0 and nx.is_connected(rest))


def test_best_plan_within_the_bounds_is_kept(scene: Scene):
    best = Best(np.zeros(36, np.int32), np.array([NOBODY, NOBODY]))
    anneal(scene, WARM, best, 0, (0, WARM.rounds))
    people = np.bincount(best.district)
    assert best.figures.tolist() == [10, 0]
    assert WARM.least <= people.min() <= people.max() <= WARM.most


def test_annealing_stops_at_its_target(scene: Scene):
    best = Best(np.zeros(36, np.int32), np.array([NOBODY, NOBODY]))
    anneal(scene, WARM, best, 12, (0, WARM.rounds))
    assert best.figures[0] == 12


@pytest.mark.parametrize("parts", [2, 7, 400])
def test_spans_one_after_the_other_do_what_one_does(parts: int):
    stripes = np.repeat([0, 1, 2], 12).astype(np.int32)
    found = []
    for count in (1, parts):
        scene = set_scene(build_network(make_rook_grid(6, 6)), stripes, count=3, seed=2)
        best = Best(np.zeros(36, np.int32), np.array([NOBODY, NOBODY]))
        for span in list_spans(WARM.rounds, count):
            anneal(scene, WARM, best, 0, span)
        found.append((scene.board.district.tolist(), best.district.tolist(), best.figures.tolist()))
    assert found[0] == found[1]
