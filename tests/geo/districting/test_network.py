"""Lay graphs out in flat arrays."""

from __future__ import annotations

import numpy as np

from fixtures.graphs import make_rook_grid
from geo.districting.network import build_network


def test_neighbours_stand_side_by_side():
    network = build_network(make_rook_grid(3, 2))
    rows = [network.neighbours[network.starts[u] : network.starts[u + 1]].tolist() for u in range(6)]
    assert [sorted(row) for row in rows] == [[1, 3], [0, 2, 4], [1, 5], [0, 4], [1, 3, 5], [2, 4]]


def test_edges_lead_to_the_neighbours():
    network = build_network(make_rook_grid(4, 4))
    units = np.repeat(np.arange(16), np.diff(network.starts))
    ends = np.sort(np.stack([units, network.neighbours]), axis=0)
    assert (ends == np.stack([network.first, network.second])[:, network.edge_of]).all()


def test_numbers_take_little_room():
    network = build_network(make_rook_grid(2, 1))
    assert {row.dtype.name for row in network[:5]} == {"int32"}
