"""Prove how few edges a plan of a small graph must cut, by integer programming.

Each unit is in one district, each district within its bounds, and an edge is cut when its ends are apart. That
districts are in one piece is asked only where an answer breaks it: two units of a district need one of those between
them there too (Validi and Buchanan 2022). Only plans better than the one known are looked for, so that what cannot be
is proved fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from geo.districting.aims import PlanTask
from geo.districting.conditions import list_allowed
from geo.districting.graph import Floats, Integers, UnitGraph

MOST_UNITS = 120
"""Above so many units no proof is tried."""

NODES = 20_000
"""How many nodes of the search tree a proof may take; counted, so that the same graph gives the same answer."""

INFEASIBLE, LIMIT = 2, 1
"""What scipy answers when there is nothing, and when the nodes are used up."""


@dataclass(frozen=True)
class Proof:
    """Say what was proved."""

    bound: int | None
    """No plan cuts fewer edges; None when no plan exists at all."""
    districts: Integers | None
    """A plan that cuts fewer than the one given, from 1; None when none was found."""
    is_whole: bool
    """Whether the proof came to its end."""


class Programme:
    """Hold the variables and rows of one proof: a unit in a district, then an edge that is cut."""

    def __init__(self, graph: UnitGraph, task: PlanTask, most: int) -> None:
        self.graph, self.task, self.count = graph, task, task.rule.districts
        self.units, self.edges = len(graph.keys), len(graph.edges)
        self.rows: list[Mapping[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.near: list[set[int]] = [set() for _ in range(self.units)]
        for one, other in graph.edges.tolist():
            self.near[one].add(other)
            self.near[other].add(one)
        self._ask_districts()
        self._ask_edges()
        self._ask_rings()
        pieces = int(graph.pieces.max()) + 1
        every = {self.units * self.count + edge: 1.0 for edge in range(self.edges)}
        self.add(every, self.count - pieces, most)

    def add(self, row: Mapping[int, float], low: float, high: float) -> None:
        """Ask that a sum lies between two numbers."""
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def place(self, unit: int, district: int) -> int:
        """Give the variable of a unit in a district."""
        return unit * self.count + district

    def _ask_districts(self) -> None:
        for unit in range(self.units):
            self.add({self.place(unit, district): 1.0 for district in range(self.count)}, 1, 1)
        bounds = self.task.rule.list_bounds(int(self.graph.people.sum())).tolist()
        people = self.graph.people.tolist()
        for district, (least, most) in enumerate(bounds):
            self.add({self.place(unit, district): float(people[unit]) for unit in range(self.units)}, least, most)
            self.add({self.place(unit, district): 1.0 for unit in range(self.units)}, 1, self.units)

    def _ask_edges(self) -> None:
        """Let an edge be cut when one of its ends is in a district and the other is not."""
        for edge, (one, other) in enumerate(self.graph.edges.tolist()):
            cut = self.units * self.count + edge
            for district in range(self.count):
                here, there = self.place(one, district), self.place(other, district)
                self.add({cut: 1.0, here: -1.0, there: 1.0}, 0, np.inf)
                self.add({cut: 1.0, here: 1.0, there: -1.0}, 0, np.inf)

    def _ask_rings(self) -> None:
        """Ask that of three edges in a ring never exactly one is cut, which a programme does not see by itself."""
        number = {tuple(edge): at for at, edge in enumerate(self.graph.edges.tolist())}
        for one, other in sorted(number):
            for third in sorted(self.near[one] & self.near[other]):
                if third > other:
                    ring = [number[one, other], number[other, third], number[one, third]]
                    for alone in ring:
                        row = {self.units * self.count + edge: -1.0 if edge == alone else 1.0 for edge in ring}
                        self.add(row, 0, np.inf)

    def solve(self, nodes: int) -> OptimizeResult:
        """Solve what is asked so far."""
        at, columns, values = [0], list[int](), list[float]()
        for row in self.rows:
            columns += row.keys()
            values += row.values()
            at.append(len(columns))
        size = self.units * self.count + self.edges
        matrix = csr_array((values, columns, at), shape=(len(self.rows), size))
        costs = np.concatenate([np.zeros(size - self.edges), np.ones(self.edges)])
        return milp(
            costs,
            integrality=1 - costs,
            bounds=Bounds(np.zeros(size), self._list_ceilings(size)),
            constraints=LinearConstraint(matrix, self.low, self.high),
            options={"node_limit": nodes},
        )

    def _list_ceilings(self, size: int) -> Floats:
        """Bar units from districts; where numbers mean nothing, the largest units get the first ones in turn."""
        ceilings = np.ones(size)
        if self.task.is_labelled:
            allowed = list_allowed(self.graph, self.task.rule, self.task.conditions)
            ceilings[: allowed.size] = allowed.ravel()
        else:
            for turn, unit in enumerate(np.argsort(-self.graph.people, kind="stable")[: self.count].tolist()):
                ceilings[self.place(unit, turn + 1) : self.place(unit, self.count)] = 0
        return ceilings

    def join_districts(self, districts: Integers) -> int:
        """Ask for the pieces of broken districts to be joined, and count what was asked."""
        asked = 0
        for number in range(self.count):
            pieces = self.list_pieces({unit for unit in range(self.units) if districts[unit] == number})
            for piece in pieces[1:]:
                one, other = (
                    min(part, key=lambda unit: (-self.graph.people[unit], unit)) for part in (piece, pieces[0])
                )
                between = self.find_separator(piece, other)
                for district in range(self.count):
                    row = {self.place(one, district): 1.0, self.place(other, district): 1.0}
                    self.add(row | {self.place(unit, district): -1.0 for unit in sorted(between)}, -np.inf, 1)
                    asked += 1
        return asked

    def list_pieces(self, units: set[int]) -> list[set[int]]:
        """List the connected pieces of some units, that with most people first."""
        pieces, left = [], set(units)
        while left:
            piece, waiting = set(), [min(left)]
            while waiting:
                unit = waiting.pop()
                if unit in left:
                    left.remove(unit)
                    piece.add(unit)
                    waiting += sorted(self.near[unit] & left)
            pieces.append(piece)
        return sorted(pieces, key=lambda piece: (-int(self.graph.people[sorted(piece)].sum()), min(piece)))

    def find_separator(self, piece: set[int], other: int) -> set[int]:
        """Find the units around a piece that can be reached from another unit without passing them."""
        around = {unit for inner in piece for unit in self.near[inner]} - piece
        met, waiting, found = {other}, [other], set()
        while waiting:
            for unit in self.near[waiting.pop()]:
                if unit in around:
                    found.add(unit)
                elif unit not in met:
                    met.add(unit)
                    waiting.append(unit)
        return found


def prove_cuts(graph: UnitGraph, task: PlanTask, *, known: int | None, nodes: int = NODES) -> Proof:
    """Prove that no plan cuts fewer edges than are known to do, or find one that does; conditions on units count.

    With nothing known, a plan is found or proved not to be.
    """
    most = len(graph.edges) if known is None else known - 1
    programme, least = Programme(graph, task, most), task.rule.districts - int(graph.pieces.max()) - 1
    for found in _list_answers(programme, nodes):
        if found.status == INFEASIBLE:
            return Proof(known, None, is_whole=True)
        if found.mip_dual_bound is not None and np.isfinite(found.mip_dual_bound):
            least = max(least, int(np.ceil(found.mip_dual_bound - 1e-6)))
        if found.x is None or found.status == LIMIT:
            break
        districts = read_districts(programme, found.x)
        if not programme.join_districts(districts):
            return Proof(round(found.fun), districts + 1, is_whole=True)
    return Proof(least if known is None else min(least, known), None, is_whole=False)


def _list_answers(programme: Programme, nodes: int) -> Iterator[OptimizeResult]:
    """Solve again and again, with what was asked in between, until the nodes are used up."""
    while nodes > 0:
        found = programme.solve(nodes)
        # even an answer without branching takes work
        nodes -= max(int(found.mip_node_count or 0), 20)
        yield found


def read_districts(programme: Programme, values: Floats) -> Integers:
    """Read the district of each unit, from 0, out of an answer."""
    places = values[: programme.units * programme.count].reshape(programme.units, programme.count)
    chosen: Integers = places.argmax(axis=1).astype(np.int64)
    return chosen
