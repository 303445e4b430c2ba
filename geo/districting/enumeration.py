"""List every plan of a small graph, which proves what is best and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geo.districting.graph import Integers, UnitGraph
from geo.districting.plan import PlanRule


class TooMany(Exception):
    """Say that a listing takes more steps than it may."""


class Enumeration:
    """List the plans of a graph that keep a rule, each once, by sets of units as bits of a number."""

    def __init__(self, graph: UnitGraph, rule: PlanRule, *, most_steps: int | None = None) -> None:
        self.people: list[int] = graph.people.tolist()
        self.districts = rule.districts
        self.least, self.most = rule.find_bounds(int(graph.people.sum()))
        self.steps_left = most_steps
        self.near = [0] * len(self.people)
        for first, second in graph.edges.tolist():
            self.near[first] |= 1 << second
            self.near[second] |= 1 << first

    def list_plans(self) -> Iterator[Integers]:
        """Give the district of each unit, from 1, plan after plan; raises TooMany."""
        for parts in self._divide((1 << len(self.people)) - 1, self.districts):
            plan = np.zeros(len(self.people), dtype=np.int64)
            for number, part in enumerate(parts, start=1):
                plan[list(_list_bits(part))] = number
            yield plan

    def _divide(self, free: int, count: int) -> Iterator[tuple[int, ...]]:
        """Divide the free units: the first of them is in some district, so go through all of those."""
        if not count:
            if not free:
                yield ()
            return
        first = free & -free
        for part in self._grow(first, first, free):
            rest = free & ~part
            if self._may_divide(rest, count - 1):
                for others in self._divide(rest, count - 1):
                    yield (part, *others)

    def _grow(self, part: int, seen: int, free: int) -> Iterator[int]:
        """Give every connected set within the bounds that holds `part` and none of the others in `seen`."""
        self._step()
        people = self._sum(part)
        if people > self.most:
            return
        edge = self._list_around(part) & free & ~seen
        if not edge:
            if people >= self.least:
                yield part
            return
        unit = edge & -edge
        yield from self._grow(part | unit, seen | unit, free)
        yield from self._grow(part, seen | unit, free)

    def _may_divide(self, rest: int, count: int) -> bool:
        """Say whether each piece of the rest can hold a whole number of districts, and all together so many."""
        fewest = most = 0
        while rest:
            piece = self._find_piece(rest)
            rest &= ~piece
            people = self._sum(piece)
            low = max(1, -(-people // self.most)) if self.most else 1
            high = min(people // self.least if self.least else count, piece.bit_count())
            if low > high:
                return False
            fewest, most = fewest + low, most + high
        return fewest <= count <= most

    def _find_piece(self, free: int) -> int:
        piece, wider = 0, free & -free
        while wider != piece:
            piece = wider
            wider = piece | (self._list_around(piece) & free)
        return piece

    def _list_around(self, part: int) -> int:
        around = 0
        for unit in _list_bits(part):
            around |= self.near[unit]
        return around

    def _sum(self, part: int) -> int:
        return sum(self.people[unit] for unit in _list_bits(part))

    def _step(self) -> None:
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise TooMany


def _list_bits(part: int) -> Iterator[int]:
    while part:
        yield (part & -part).bit_length() - 1
        part &= part - 1


def list_plans(graph: UnitGraph, rule: PlanRule, *, most_steps: int | None = None) -> Iterator[Integers]:
    """List every plan that keeps a rule; raises TooMany when that takes more steps than allowed."""
    return Enumeration(graph, rule, most_steps=most_steps).list_plans()


def find_least_tolerance(graph: UnitGraph, rule: PlanRule, *, most_steps: int) -> float | None:
    """Find the smallest tolerance, above that of a rule, with which there is a plan; None when that takes too long."""
    tolerance = max(rule.tolerance, 0.005)
    try:
        while tolerance < 1:
            tolerance = min(2 * tolerance, 1.0)
            wider = PlanRule(rule.districts, tolerance)
            found = [measure_deviation(graph, plan) for plan in list_plans(graph, wider, most_steps=most_steps)]
            if found:
                return min(found)
    except TooMany:
        return None
    return None


def measure_deviation(graph: UnitGraph, districts: Integers) -> float:
    """Give how far the district farthest from the ideal lies from it, as a share of the ideal."""
    people = np.bincount(districts - 1, weights=graph.people)
    return float(np.abs(people / people.mean() - 1).max())
