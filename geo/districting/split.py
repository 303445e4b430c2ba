"""Draw districts by cutting random spanning trees, then mend and smooth them two at a time.

The plan is begun by cutting the units in two again and again, each time at the edge of a random spanning tree that
leaves both sides nearest to a whole number of districts. Then two neighbouring districts at a time are joined and cut
anew (recombination): first until all are within the tolerance, then a while longer to cut fewer edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from geo.districting.graph import Integers, UnitGraph
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.errors import Infeasible, because

TRIES = 12
"""So often a plan is begun anew before the search gives up."""

MENDS = 40
"""So many recombinations a district may take until it is within the tolerance."""

SMOOTHINGS = 20
"""So many recombinations a district may take to cut fewer edges."""


def draw_districts(graph: UnitGraph, rule: PlanRule, *, seed: int) -> DistrictPlan:
    """Draw a plan that keeps the rule; the same seed draws the same plan.

    Raises Infeasible when there can be none, or when none was found, with the nearest deviation.
    """
    check_rule(graph, rule)
    dice = np.random.default_rng(seed)
    nearest = np.inf
    for _ in range(TRIES):
        drawing = Drawing(graph, rule, dice)
        drawing.begin()
        if drawing.mend():
            drawing.smooth()
            return DistrictPlan(graph, number_districts(graph, drawing.districts))
        nearest = min(nearest, float(drawing.list_deviations().max()))
    shares = {"deviation": f"{nearest:.2%}", "tolerance": f"{rule.tolerance:.2%}"}
    raise Infeasible(reason=because("plan_not_found_by_search", tries=TRIES, **shares))


def number_districts(graph: UnitGraph, districts: Integers) -> Integers:
    """Number the districts from 1 by the smallest code in each."""
    order = sorted(range(len(graph.keys)), key=lambda unit: graph.keys[unit])
    numbers: dict[int, int] = {}
    for unit in order:
        numbers.setdefault(int(districts[unit]), len(numbers) + 1)
    return np.array([numbers[int(district)] for district in districts], dtype=np.int64)


def share_districts(graph: UnitGraph, rule: PlanRule) -> list[int]:
    """Share the districts among the connected pieces by people: one each, then where a district has most of them."""
    people = np.bincount(graph.pieces, weights=graph.people)
    units = np.bincount(graph.pieces)
    counts = np.ones(len(people), dtype=np.int64)
    for _ in range(rule.districts - len(counts)):
        counts[np.where(counts < units, people / (counts + 0.5), -1).argmax()] += 1
    return [int(count) for count in counts]


@dataclass(frozen=True)
class Cut:
    """Hold one way to cut units in two."""

    inside: Integers
    """The units on one side."""
    outside: Integers
    """The units on the other."""
    districts: int
    """How many districts the one side gets."""
    deviation: float
    """How far the worse side lies from the ideal, as a share of it."""


@dataclass
class Drawing:
    """Hold a plan in the making."""

    graph: UnitGraph
    """The units."""
    rule: PlanRule
    """What to keep."""
    dice: np.random.Generator
    """Where chance comes from."""

    def __post_init__(self) -> None:
        """Start with all units in district 0."""
        self.ideal = float(self.graph.people.sum()) / self.rule.districts
        self.districts = np.zeros(len(self.graph.keys), dtype=np.int64)

    def begin(self) -> None:
        """Cut all units into districts, however unequal."""
        counts = share_districts(self.graph, self.rule)
        starts = np.cumsum([0, *counts[:-1]])
        pieces = [np.flatnonzero(self.graph.pieces == piece) for piece in range(len(counts))]
        waiting = list(zip(pieces, counts, starts.tolist(), strict=True))
        while waiting:
            units, count, first = waiting.pop()
            self.districts[units] = first
            if count > 1:
                cut = self._cut(units, count)
                waiting.append((cut.inside, cut.districts, first))
                waiting.append((cut.outside, count - cut.districts, first + cut.districts))

    def mend(self) -> bool:
        """Recombine the worst districts with a neighbour until all are within the tolerance, if that can be."""
        for _ in range(MENDS * self.rule.districts):
            deviations = self.list_deviations()
            if deviations.max() <= self._allowed:
                return True
            chance = deviations / deviations.sum()
            self._recombine(int(self.dice.choice(self.rule.districts, p=chance)), smooth=False)
        return bool(self.list_deviations().max() <= self._allowed)

    def smooth(self) -> None:
        """Recombine districts at random and keep what cuts no more edges than before."""
        for _ in range(SMOOTHINGS * self.rule.districts if self.rule.districts > 1 else 0):
            self._recombine(int(self.dice.integers(self.rule.districts)), smooth=True)

    def list_deviations(self) -> np.ndarray:
        """Give how far each district lies from the ideal, as a share of it."""
        people = np.bincount(self.districts, weights=self.graph.people, minlength=self.rule.districts)
        return np.abs(people / self.ideal - 1)

    @property
    def _allowed(self) -> float:
        return self.rule.tolerance + 1e-12

    def _recombine(self, district: int, *, smooth: bool) -> None:
        neighbours = self._list_neighbours(district)
        if not len(neighbours):
            return
        other = int(self.dice.choice(neighbours))
        units = np.flatnonzero(np.isin(self.districts, (district, other)))
        before, deviation, cuts = (
            self.districts.copy(),
            self.list_deviations()[[district, other]].max(),
            self._count_cuts(),
        )
        cut = self._cut(units, 2)
        self.districts[cut.inside], self.districts[cut.outside] = district, other
        rough = self._count_cuts() > cuts if smooth else False
        if rough or cut.deviation > (self._allowed if smooth else deviation):
            self.districts = before

    def _list_neighbours(self, district: int) -> Integers:
        ends = self.districts[self.graph.edges]
        neighbours: Integers = np.setdiff1d(ends[(ends == district).any(axis=1)], [district])
        return neighbours

    def _count_cuts(self) -> int:
        first, second = self.districts[self.graph.edges.T]
        return int((first != second).sum())

    def _cut(self, units: Integers, count: int) -> Cut:
        """Cut at the edge of a random spanning tree that fits best; among those within the tolerance at random."""
        order, above = self.grow_tree(units)
        people, sizes = self.sum_below(units, order, above)
        total = people[order[0]]
        # no side may get more districts than it has units
        fewest = np.maximum(1, count - (len(units) - sizes))
        share = np.clip(np.round(people / self.ideal), fewest, np.maximum(fewest, np.minimum(count - 1, sizes)))
        rest = np.maximum(count - share, 1)
        sides = np.abs(people / share / self.ideal - 1), np.abs((total - people) / rest / self.ideal - 1)
        deviations = np.maximum(*sides)
        deviations[order[0]] = np.inf
        fitting = np.flatnonzero(deviations <= self._allowed)
        chosen = int(self.dice.choice(fitting)) if len(fitting) else int(deviations.argmin())
        below = self.list_below(order, above, chosen)
        return Cut(units[below], units[~below], int(share[chosen]), float(deviations[chosen]))

    def grow_tree(self, units: Integers) -> tuple[Integers, Integers]:
        """Grow a random spanning tree over some units: their order from the root, and what is above each."""
        place = np.full(len(self.graph.keys), -1)
        place[units] = np.arange(len(units))
        edges = place[self.graph.edges]
        edges = edges[(edges >= 0).all(axis=1)]
        # weights of zero would be no edges to scipy
        weights = self.dice.uniform(1, 2, len(edges))
        tree = minimum_spanning_tree(coo_array((weights, edges.T), shape=(len(units), len(units))).tocsr())
        order, above = breadth_first_order(tree, int(self.dice.integers(len(units))), directed=False)
        return order, above

    def sum_below(self, units: Integers, order: Integers, above: Integers) -> tuple[np.ndarray, Integers]:
        """Sum the people and count the units at each place of a tree and below it."""
        people, sizes = self.graph.people[units].astype(float), np.ones(len(units), dtype=np.int64)
        for unit in order[:0:-1]:
            people[above[unit]] += people[unit]
            sizes[above[unit]] += sizes[unit]
        return people, sizes

    def list_below(self, order: Integers, above: Integers, top: int) -> np.ndarray:
        """Say of each place of a tree whether it is another or below it."""
        below = np.zeros(len(order), dtype=bool)
        below[top] = True
        for unit in order[1:]:
            below[unit] |= below[above[unit]]
        return below
