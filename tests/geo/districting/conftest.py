"""Check plans again by means that share nothing with what made them."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from geo.districting import PlanRule, UnitGraph

Recheck = Callable[[UnitGraph, PlanRule, np.ndarray], int]


@pytest.fixture(scope="session")
def whole() -> Callable[[UnitGraph, np.ndarray, int], bool]:
    """Give a check that each of so many districts has units, all in one piece."""

    def check(graph: UnitGraph, districts: np.ndarray, count: int) -> bool:
        network = nx.Graph(graph.edges.tolist())
        network.add_nodes_from(range(len(graph.keys)))
        parts = [np.flatnonzero(districts == number).tolist() for number in range(1, count + 1)]
        return all(part and nx.is_connected(network.subgraph(part)) for part in parts)

    return check


@pytest.fixture(scope="session")
def recheck() -> Recheck:
    """Give a check that counts the cut edges of a plan, and fails where a district breaks the rule or falls apart."""

    def check(graph: UnitGraph, rule: PlanRule, districts: np.ndarray) -> int:
        network = nx.Graph(graph.edges.tolist())
        network.add_nodes_from(range(len(graph.keys)))
        ideal = graph.people.sum() / rule.districts
        assert sorted(set(districts.tolist())) == list(range(1, rule.districts + 1))
        for number in range(1, rule.districts + 1):
            units = np.flatnonzero(districts == number).tolist()
            assert nx.is_connected(network.subgraph(units))
            assert abs(sum(graph.people[unit] for unit in units) - ideal) <= rule.tolerance * ideal + 1e-6
        return sum(districts[one] != districts[other] for one, other in network.edges)

    return check
