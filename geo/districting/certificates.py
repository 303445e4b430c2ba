"""Find what proves that no plan exists and lies deeper than single units and pieces: pockets behind one unit."""

from __future__ import annotations

import numpy as np

from geo.districting.dice import compiled
from geo.districting.graph import Integers, UnitGraph
from geo.districting.network import Network, build_network
from geo.districting.plan import PlanRule
from geo.errors import Infeasible, because


def check_pockets(graph: UnitGraph, rule: PlanRule) -> None:
    """Raise Infeasible when units behind a single one can be filled by no number of districts.

    Whatever of a pocket is not in whole districts belongs to the district of the unit that closes it.
    """
    least, most = rule.find_bounds(int(graph.people.sum()))
    for unit, inside in sorted(list_pockets(graph)):
        own = int(graph.people[unit])
        if not _fits(inside, least, most, room=most - own):
            found = {"unit": graph.keys[unit], "own": own, "people": inside, "least": least, "most": most}
            raise Infeasible(reason=because("pocket_does_not_fit", **found))


def _fits(people: int, least: int, most: int, *, room: int) -> bool:
    """Say whether some whole districts, and at most `room` people beside them, make so many people."""
    if not least:
        return True
    whole = people // least
    return people <= whole * most + room


def list_pockets(graph: UnitGraph) -> list[tuple[int, int]]:
    """List the units that close a pocket, with the people in it; what is left of a piece counts as a pocket too."""
    network = build_network(graph)
    found = np.zeros((2 * len(network.first) + 1, 2), np.int64)
    found = found[: find_pockets(network, found)]
    inside = np.bincount(found[:, 0], weights=found[:, 1], minlength=len(graph.keys)) + graph.people
    whole = np.bincount(graph.pieces, weights=graph.people)[graph.pieces]
    rests = [(int(unit), int(whole[unit] - inside[unit])) for unit in np.unique(found[:, 0])]
    return [(int(unit), int(people)) for unit, people in found] + [rest for rest in rests if rest[1] > 0]


@compiled
def find_pockets(network: Network, found: Integers) -> int:
    """Walk through the graph in depth, and list where nothing below a unit leads back above it (Tarjan 1972)."""
    size = len(network.people)
    met, low, above = np.zeros(size, np.int64), np.zeros(size, np.int64), np.full(size, -1, np.int64)
    next_at, below = network.starts[:-1].copy(), network.people.copy()
    clock = pockets = 0
    for root in range(size):
        unit = root
        while unit >= 0 and (unit != root or next_at[root] < network.starts[root + 1] or met[root] == 0):
            if met[unit] == 0:
                clock += 1
                met[unit] = low[unit] = clock
            if next_at[unit] < network.starts[unit + 1]:
                near = network.neighbours[next_at[unit]]
                next_at[unit] += 1
                if met[near] == 0:
                    above[near] = unit
                    unit = near
                elif near != above[unit]:
                    low[unit] = min(low[unit], met[near])
                continue
            parent = above[unit]
            if parent < 0:
                break
            low[parent] = min(low[parent], low[unit])
            below[parent] += below[unit]
            if low[unit] >= met[parent]:
                found[pockets] = parent, below[unit]
                pockets += 1
            unit = parent
    return pockets
