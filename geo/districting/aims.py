"""Say what a search keeps small, in order: what comes first counts before all that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from geo.districting.conditions import Conditions, explain_unknown, list_allowed, number_regions
from geo.districting.graph import Integers, UnitGraph
from geo.districting.guard import count_splits
from geo.districting.plan import PlanRule
from geo.errors import InvalidValue, because


class Aim(StrEnum):
    """Name what can be kept small."""

    SPLITS = "splits"
    """The pieces of divisions beyond one for each."""
    DEVIATION = "deviation"
    """How far the district farthest from the ideal lies from it."""
    CUT_EDGES = "cut-edges"
    """The pairs of neighbours in different districts."""
    PERIMETER = "perimeter"
    """The length of the boundaries between districts."""
    DISTANCE = "distance"
    """The people who change districts against a current plan."""


AIMS = tuple(aim.value for aim in Aim)


def parse_aims(words: str) -> tuple[Aim, ...]:
    """Read aims from a list with commas, the most important first."""
    found = [word.strip() for word in words.split(",")]
    for place, word in enumerate(found):
        if word not in AIMS:
            raise InvalidValue(field="objective", value=word, reason=because("one_of", known=AIMS))
        if word in found[:place]:
            raise InvalidValue(field="objective", value=word, reason=because("aim_twice"))
    return tuple(Aim(word) for word in found)


@dataclass(frozen=True)
class PlanTask:
    """Say what is searched."""

    rule: PlanRule
    """How many districts, how equal, with which seats."""
    conditions: Conditions = field(default_factory=Conditions)
    """What else must hold."""
    aims: tuple[Aim, ...] = (Aim.CUT_EDGES,)
    """What is kept small, the most important first."""
    current: Mapping[str, int] = field(default_factory=dict)
    """The district of each unit in the plan of today; empty where there is none."""

    @property
    def is_plain(self) -> bool:
        """Say whether only equal people are asked, and the fewest cut edges."""
        return self.conditions.is_empty and self.rule.is_even and self.aims == (Aim.CUT_EDGES,)

    @property
    def is_labelled(self) -> bool:
        """Say whether it matters which number a district has."""
        return self.conditions.is_labelled or not self.rule.is_even or Aim.DISTANCE in self.aims


def check_aims(graph: UnitGraph, task: PlanTask) -> None:
    """Refuse aims that nothing is known for."""
    needs = {
        Aim.SPLITS: (bool(task.conditions.regions), "regions_missing"),
        Aim.PERIMETER: (bool(np.isfinite(graph.lengths_m).all()), "shapes_missing"),
        Aim.DISTANCE: (bool(task.current), "current_missing"),
    }
    for aim in task.aims:
        known, lacking = needs.get(aim, (True, ""))
        if not known:
            raise InvalidValue(field="objective", value=aim.value, reason=because(lacking))
    unknown = sorted(set(task.current) - set(graph.keys))
    if unknown:
        raise InvalidValue(field="current", value=unknown[0], reason=explain_unknown(unknown[0], set(graph.keys)))
    for code, district in sorted(task.current.items()):
        if not 1 <= district <= task.rule.districts:
            reason = because("outside_range", least=1, most=task.rule.districts)
            raise InvalidValue(field=f"current.{code}", value=district, reason=reason)


def list_current(graph: UnitGraph, current: Mapping[str, int]) -> Integers:
    """Give the district of each unit in the plan of today, from 0, or -1 where it says nothing."""
    return np.array([current.get(code, 0) - 1 for code in graph.keys], dtype=np.int64)


@dataclass(frozen=True)
class Figures:
    """Hold what a plan breaks and what it costs."""

    excess: int
    """The people that districts have too many or lack."""
    breaches: int
    """How often it breaks a condition: units where they may not be, splits and cuts too many, districts too thin."""
    aims: tuple[float, ...]
    """What each aim comes to, in the order of the task."""


def measure_figures(graph: UnitGraph, task: PlanTask, districts: Integers) -> Figures:
    """Measure a plan, with districts from 1, against a task; nothing is taken from the search that found it."""
    conditions, own = task.conditions, districts - 1
    people = np.bincount(own, weights=graph.people, minlength=task.rule.districts)
    bounds = task.rule.list_bounds(int(graph.people.sum()))
    excess = np.maximum(bounds[:, 0] - people, 0) + np.maximum(people - bounds[:, 1], 0)
    is_cut = own[graph.edges[:, 0]] != own[graph.edges[:, 1]]
    splits = count_splits(number_regions(conditions), own) if conditions.regions else 0
    allowed = list_allowed(graph, task.rule, conditions) if conditions.is_labelled else None
    barred = 0 if allowed is None else int((~allowed)[np.arange(len(own)), own].sum())
    over = [
        max(splits - limit, 0) if (limit := conditions.most_splits) is not None else 0,
        max(int(is_cut.sum()) - limit, 0) if (limit := conditions.most_cuts) is not None else 0,
        int((compute_compactness(graph, districts) < conditions.least_compactness - 1e-9).sum())
        if conditions.least_compactness
        else 0,
    ]
    current = list_current(graph, task.current)
    found = {
        Aim.SPLITS: splits,
        Aim.DEVIATION: float(np.abs(people / (graph.people.sum() * share_seats(task.rule)) - 1).max()),
        Aim.CUT_EDGES: int(is_cut.sum()),
        Aim.PERIMETER: round(float(graph.lengths_m[is_cut].sum()), 2),
        Aim.DISTANCE: int(graph.people[(own != current) & (current >= 0)].sum()),
    }
    return Figures(int(excess.sum()), barred + sum(over), tuple(found[aim] for aim in task.aims))


def share_seats(rule: PlanRule) -> np.ndarray:
    """Give the share of all seats that each district has."""
    return np.asarray(rule.weights / rule.weights.sum())


def compute_compactness(graph: UnitGraph, districts: Sequence[int] | Integers) -> np.ndarray:
    """Give the area of each district by that of a circle of the same perimeter (Polsby and Popper 1991).

    Of the perimeters of the units, what they share inside a district is taken away on both sides.
    """
    district = np.asarray(districts) - 1
    count = int(district.max()) + 1
    areas = np.bincount(district, weights=graph.areas_m2, minlength=count)
    perimeters = np.bincount(district, weights=graph.perimeters_m, minlength=count)
    first, second = district[graph.edges[:, 0]], district[graph.edges[:, 1]]
    inside = first == second
    perimeters -= 2 * np.bincount(first[inside], weights=graph.lengths_m[inside], minlength=count)
    # an empty district has no shape
    found = np.zeros(count)
    np.divide(4 * np.pi * areas, perimeters**2, out=found, where=perimeters > 0)
    return found
