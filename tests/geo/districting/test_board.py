"""Keep a plan's lists true while units move."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.graphs import make_rook_grid
from geo.districting.board import Scene, move_unit, set_scene
from geo.districting.network import build_network


@pytest.fixture
def scene() -> Scene:
    """Set up two halves of a grid."""
    network = build_network(make_rook_grid(4, 4, list(range(16))))
    return set_scene(network, np.repeat([0, 1], 8).astype(np.int32), count=2, seed=1)


def list_members(scene: Scene, district: int) -> list[int]:
    members, unit = [], int(scene.board.heads[district])
    while unit >= 0:
        members.append(unit)
        unit = int(scene.board.after[unit])
    return sorted(members)


def assert_true(scene: Scene) -> None:
    board, network = scene.board, scene.network
    for district in range(2):
        members = np.flatnonzero(board.district == district).tolist()
        assert list_members(scene, district) == members
        assert (board.sizes[district], board.people[district]) == (len(members), network.people[members].sum())
    cut = np.flatnonzero(board.district[network.first] != board.district[network.second]).tolist()
    assert sorted(board.cuts[: board.cut_count[0]].tolist()) == cut
    assert np.flatnonzero(board.spots >= 0).tolist() == cut


def test_lists_are_true_at_the_start(scene: Scene):
    assert_true(scene)


@pytest.mark.parametrize("seed", range(3))
def test_lists_stay_true_when_units_move(scene: Scene, seed: int):
    dice = np.random.default_rng(seed)
    for unit in dice.integers(0, 16, 60).tolist():
        move_unit(scene.network, scene.board, unit, 1 - int(scene.board.district[unit]))
    assert_true(scene)
