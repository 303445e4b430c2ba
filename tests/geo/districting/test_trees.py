"""Grow spanning trees and find where they may be cut."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting.board import Scene, set_scene
from geo.districting.network import build_network
from geo.districting.trees import (
    grow_minimum,
    grow_regional,
    grow_uniform,
    lay_out,
    list_edges,
    list_near,
    mark_side,
    sort_edges,
    strip,
)

TREES = ("uniform", "minimum", "regional")


def open_scene(width: int, height: int, *, seed: int = 1) -> Scene:
    """Set up a grid in two districts, so that both together are the whole."""
    size = width * height
    halves = (np.arange(size) >= size // 2).astype(np.int32)
    return set_scene(build_network(make_rook_grid(width, height)), halves, count=2, seed=seed)


def grow(scene: Scene, tree: str) -> int:
    size = lay_out(scene, 0, 1)
    list_near(scene, size)
    edges = list_edges(scene, size)
    if tree == "uniform":
        grow_uniform(scene.desk, size, scene.dice)
    elif tree == "minimum":
        grow_minimum(scene.desk, size, edges, scene.dice)
    else:
        inner = sort_edges(scene, edges, list_columns(scene))
        grow_regional(scene.desk, size, (inner, edges), scene.dice)
    return size


def list_columns(scene: Scene) -> np.ndarray:
    """Let units whose places are alike by four stand in one region."""
    return (np.arange(len(scene.board.district)) % 4).astype(np.int32)


def read_tree(scene: Scene, size: int) -> frozenset[tuple[int, int]]:
    """Strip a tree and give its edges by units."""
    desk = scene.desk
    strip(desk, size, 0, size)
    pairs = [(desk.units[place], desk.units[desk.above[place]]) for place in desk.order[: size - 1].tolist()]
    return frozenset((int(min(pair)), int(max(pair))) for pair in pairs)


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize(("width", "height"), [(2, 1), (4, 4), (7, 3)])
def test_trees_span_the_grid(tree: str, width: int, height: int):
    scene = open_scene(width, height)
    edges = read_tree(scene, grow(scene, tree))
    drawn = set(zip(scene.network.first.tolist(), scene.network.second.tolist(), strict=True))
    assert nx.is_tree(nx.Graph(edges)) and edges <= drawn


def test_uniform_trees_are_all_as_likely():
    scene = open_scene(3, 2)
    seen = Counter(read_tree(scene, grow(scene, "uniform")) for _ in range(6000))
    # 15 trees span two squares side by side; chi-square with 14 degrees stays below 36 but once in a thousand
    assert len(seen) == 15
    assert sum((count - 400) ** 2 / 400 for count in seen.values()) < 36


def test_minimum_trees_favour_some():
    scene = open_scene(3, 2)
    seen = Counter(read_tree(scene, grow(scene, "minimum")) for _ in range(6000))
    assert len(seen) == 15 and max(seen.values()) > 430


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("seed", range(3))
def test_cuts_are_where_networkx_finds_them(tree: str, seed: int):
    scene = open_scene(5, 4, seed=seed)
    size, desk = grow(scene, tree), scene.desk
    fitting = strip(desk, size, 6, 14)
    pairs = [(place, int(desk.above[place])) for place in desk.order[: size - 1].tolist()]
    wanted = 0
    for pair in pairs:
        rest = nx.Graph(pairs)
        rest.remove_edge(*pair)
        wanted += all(6 <= len(side) <= 14 for side in nx.connected_components(rest))
    assert fitting == wanted


def test_marked_side_has_the_people_below_the_cut():
    scene = open_scene(5, 4)
    size, desk = grow(scene, "uniform"), scene.desk
    strip(desk, size, 0, size)
    for place in desk.order[: size - 1].tolist():
        mark_side(desk, size, place)
        assert desk.marks[:size].sum() == desk.below[place]


@pytest.mark.parametrize("seed", range(3))
def test_regional_trees_join_each_region_first(seed: int):
    scene = open_scene(4, 5, seed=seed)
    edges = read_tree(scene, grow(scene, "regional"))
    columns = nx.Graph([pair for pair in edges if pair[0] % 4 == pair[1] % 4])
    assert sorted(len(part) for part in nx.connected_components(columns)) == [5, 5, 5, 5]
