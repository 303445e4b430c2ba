"""Say what is asked of a plan over a plain graph, and turn it into a task of the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.districting import Conditions, PlanRule, PlanTask, UnitGraph, join_units, parse_aims
from geo.districting.conditions import explain_unknown
from geo.districting.graph import Integers
from geo.errors import InvalidValue, UnknownLevel, because


@dataclass(frozen=True)
class PlanOrder:
    """Hold what is asked of a plan."""

    rule: PlanRule
    """How many districts, how equal, with which seats."""
    pinned: Mapping[str, int] = field(default_factory=dict)
    """The district of each unit that is fixed."""
    barred: tuple[tuple[str, int], ...] = ()
    """Units and districts they may not be in."""
    level: str | None = None
    """The level whose divisions are not to be split more than need be."""
    keep_whole: str | None = None
    """The level whose divisions are never split."""
    no_new_splits: bool = False
    """Whether divisions of the level that the plan of today keeps whole stay whole."""
    most_splits: int | None = None
    """How many pieces beyond one for each division of the level."""
    most_cuts: int | None = None
    """How many edges may be cut."""
    least_compactness: float = 0.0
    """The least Polsby-Popper measure of a district."""
    objective: str = "cut-edges"
    """What is kept small, the most important first, with commas."""
    current: Mapping[str, int] = field(default_factory=dict)
    """The plan of today."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """By code, units that stay together under a name, as what is left of a division."""


@dataclass(frozen=True)
class PlanProblem:
    """Hold a task over a graph in which divisions that stay whole are one unit each."""

    graph: UnitGraph
    """The units as they were given."""
    joined: UnitGraph
    """The units of the task."""
    places: Integers
    """The place of each unit among those of the task."""
    task: PlanTask
    """What is searched."""

    def spread(self, districts: Integers) -> Integers:
        """Give the district of each unit as it was given."""
        spread: Integers = districts[self.places]
        return spread


def pose_problem(graph: UnitGraph, order: PlanOrder) -> PlanProblem:
    """Turn an order into a task, and join what stays whole."""
    names = name_joined(graph, order)
    called = dict(zip(graph.keys, names, strict=True))
    joined, places = graph, np.arange(len(graph.keys))
    if names != graph.keys:
        joined, places = join_units(graph, called)
    conditions = Conditions(
        pinned=_call(order.pinned, called, joined),
        barred=tuple((called.get(code, code), district) for code, district in order.barred),
        regions=get_level(joined, order.level) if order.level is not None else (),
        most_splits=order.most_splits,
        most_cuts=order.most_cuts,
        least_compactness=order.least_compactness,
    )
    current = _weigh_current(graph, order.current, called)
    task = PlanTask(order.rule, conditions, parse_aims(order.objective), current)
    return PlanProblem(graph, joined, places, task)


def name_joined(graph: UnitGraph, order: PlanOrder) -> tuple[str, ...]:
    """Name for each unit what it is joined to: groups, divisions that stay whole, or itself."""
    names = tuple(order.groups.get(code, code) for code in graph.keys)
    if order.keep_whole is not None:
        names = merge_names(names, get_level(graph, order.keep_whole))
    if order.no_new_splits:
        names = merge_names(names, _name_unsplit(graph, order))
    return names


def merge_names(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Give units that share a name of either kind one of the other kind, or of their own where that says nothing.

    >>> merge_names(["a", "b", "c"], ["X", "X", ""])
    ('X', 'X', 'c')
    """
    keys = [f"\1{name}" for name in names]
    pairs = [(key, f"\2{other}" if other else key) for key, other in zip(keys, others, strict=True)]
    known = {node: place for place, node in enumerate(dict.fromkeys(node for pair in pairs for node in pair))}
    ends = np.array([[known[node] for node in pair] for pair in pairs])
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(known), len(known)))
    parts = connected_components(links, directed=False)[1]
    called: dict[int, str] = {}
    for name, other, place in zip(names, others, ends[:, 0], strict=True):
        called[parts[place]] = min(called.get(parts[place], other or name), other or name)
    return tuple(called[parts[place]] for place in ends[:, 0])


def _name_unsplit(graph: UnitGraph, order: PlanOrder) -> list[str]:
    """Name the division of each unit that the plan of today keeps whole; empty where it splits it."""
    if order.level is None:
        raise InvalidValue(field="no_new_splits", value=True, reason=because("regions_missing"))
    missing = [code for code in graph.keys if code not in order.current]
    if missing:
        reason = because("plan_code_missing") if order.current else because("current_missing")
        raise InvalidValue(field="no_new_splits", value=missing[0], reason=reason)
    level = get_level(graph, order.level)
    pairs = {(division, order.current[code]) for division, code in zip(level, graph.keys, strict=True)}
    parts = Counter(division for division, _ in pairs)
    return [division if parts[division] == 1 else "" for division in level]


def get_level(graph: UnitGraph, level: str) -> tuple[str, ...]:
    """Give the division of a level that each unit stands in, or raise UnknownLevel."""
    if level not in graph.divisions:
        raise UnknownLevel(level=level, known=tuple(sorted(graph.divisions)) or ("-",))
    return graph.divisions[level]


def _call(pinned: Mapping[str, int], called: Mapping[str, str], joined: UnitGraph) -> dict[str, int]:
    """Fix the divisions of the units that are fixed; two that are fixed apart cannot stay together."""
    found: dict[str, int] = {}
    for code, district in sorted(pinned.items()):
        name = called.get(code, code)
        if found.setdefault(name, district) != district:
            raise InvalidValue(field=f"pinned.{code}", value=district, reason=because("pins_part", division=name))
    return found


def _weigh_current(graph: UnitGraph, current: Mapping[str, int], called: Mapping[str, str]) -> dict[str, int]:
    """Give each unit of the task the district of today in which most of its people are."""
    people: dict[str, dict[int, int]] = {}
    counts = dict(zip(graph.keys, graph.people.tolist(), strict=True))
    for code, district in sorted(current.items()):
        if code not in counts:
            raise InvalidValue(field="current", value=code, reason=explain_unknown(code, set(counts)))
        held = people.setdefault(called[code], {})
        held[district] = held.get(district, 0) + counts[code]
    return {name: min(held, key=lambda district: (-held[district], district)) for name, held in people.items()}
