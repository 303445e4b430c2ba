"""Say what a district plan is and when there can be none."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from geo.districting.graph import Integers, UnitGraph
from geo.errors import Infeasible, InvalidValue, because


@dataclass(frozen=True)
class PlanRule:
    """Say how many districts a plan has and how equal they must be."""

    districts: int
    """How many districts."""
    tolerance: float
    """How far the people of a district may lie from the ideal, as a share of it (0-1)."""
    seats: tuple[int, ...] = ()
    """The members that each district returns, by number; empty where each returns one."""

    def __post_init__(self) -> None:
        """Refuse rules without meaning."""
        if self.districts < 1:
            raise InvalidValue(field="districts", value=self.districts, reason=because("below_least", least=1))
        if not 0 <= self.tolerance <= 1:
            reason = because("outside_range", least=0, most=1)
            raise InvalidValue(field="tolerance", value=self.tolerance, reason=reason)
        if self.seats and len(self.seats) != self.districts:
            reason = because("seats_for_districts", seats=len(self.seats), districts=self.districts)
            raise InvalidValue(field="seats", value=len(self.seats), reason=reason)
        if self.seats and min(self.seats) < 1:
            raise InvalidValue(field="seats", value=min(self.seats), reason=because("below_least", least=1))

    @property
    def weights(self) -> Integers:
        """Give the seats of each district, one where nothing else is said."""
        return np.array(self.seats or (1,) * self.districts, dtype=np.int64)

    @property
    def is_even(self) -> bool:
        """Say whether all districts have as many seats."""
        return len(set(self.seats)) <= 1

    def find_bounds(self, people: int, districts: int = 1) -> tuple[int, int]:
        """Give the fewest and most people that so many of the districts may have together.

        Where seats differ, these are the fewest of the smallest and the most of the largest district.

        >>> PlanRule(districts=3, tolerance=0.1).find_bounds(people=300)
        (90, 110)
        """
        bounds = self.list_bounds(people)
        return districts * int(bounds[:, 0].min()), districts * int(bounds[:, 1].max())

    def list_bounds(self, people: int) -> Integers:
        """Give the fewest and most people of each district.

        >>> PlanRule(districts=2, tolerance=0.1, seats=(2, 1)).list_bounds(people=300).tolist()
        [[180, 220], [90, 110]]
        """
        each = people / int(self.weights.sum())
        bounds = {count: self._bound(each * count) for count in set(self.weights.tolist())}
        found = [bounds[count] for count in self.weights.tolist()]
        return np.array(found, dtype=np.int64)

    def _bound(self, ideal: float) -> tuple[int, int]:
        # a hair of slack, so that a bound that is a whole number survives floating-point arithmetic
        least, most = ideal * (1 - self.tolerance) - 1e-9, ideal * (1 + self.tolerance) + 1e-9
        return max(ceil(least), 0), floor(most)


@dataclass(frozen=True)
class DistrictPlan:
    """Put every unit into one district."""

    graph: UnitGraph
    """The units."""
    districts: Integers
    """The district of each unit, from 1; numbered by the smallest code in them."""

    @property
    def people(self) -> Integers:
        """Sum the people of each district."""
        return np.bincount(self.districts - 1, weights=self.graph.people).astype(np.int64)

    def list_deviations(self, rule: PlanRule) -> NDArray[np.float64]:
        """Give how far the people of each district lie from what its seats call for, as a share of that."""
        ideals = rule.weights * (self.graph.people.sum() / rule.weights.sum())
        people = np.bincount(self.districts - 1, weights=self.graph.people, minlength=rule.districts)
        deviations: NDArray[np.float64] = people / ideals - 1
        return deviations


def check_rule(graph: UnitGraph, rule: PlanRule) -> None:
    """Raise Infeasible with the reason when it is certain that no plan keeps the rule."""
    if len(graph.keys) < rule.districts:
        raise Infeasible(reason=because("too_few_units", units=len(graph.keys), districts=rule.districts))
    if not graph.people.sum():
        raise Infeasible(reason=because("no_people"))
    _check_largest(graph, rule)
    _check_pieces(graph, rule)


def _check_largest(graph: UnitGraph, rule: PlanRule) -> None:
    most = rule.find_bounds(int(graph.people.sum()))[1]
    largest = int(graph.people.argmax())
    if graph.people[largest] > most:
        people = int(graph.people[largest])
        raise Infeasible(reason=because("unit_too_large", unit=graph.keys[largest], people=people, most=most))


def _check_pieces(graph: UnitGraph, rule: PlanRule) -> None:
    """Ask of each connected piece how many districts it can hold: districts never reach over to another piece."""
    least, most = rule.find_bounds(int(graph.people.sum()))
    fewest, highest = 0, 0
    for piece in range(int(graph.pieces.max()) + 1):
        units = np.flatnonzero(graph.pieces == piece)
        people = int(graph.people[units].sum())
        low, high = (ceil(people / most) if most else 0), (people // least if least else len(units))
        low, high = max(low, 1), min(high, len(units))
        if low > high:
            found = {"people": people, "units": len(units), "unit": graph.keys[units[0]], "least": least, "most": most}
            raise Infeasible(reason=because("piece_does_not_fit", **found))
        fewest, highest = fewest + low, highest + high
    if not fewest <= rule.districts <= highest:
        reason = because("pieces_do_not_fit", least=fewest, most=highest, districts=rule.districts)
        raise Infeasible(reason=reason)
