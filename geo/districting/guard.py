"""Watch over the conditions of a plan while a chain recombines two districts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.districting.board import Scene
from geo.districting.conditions import Conditions, Flags, list_allowed, number_regions
from geo.districting.dice import compiled
from geo.districting.graph import Floats, Integers, UnitGraph
from geo.districting.network import Narrow, narrow
from geo.districting.plan import PlanRule

BOUNDLESS = np.iinfo(np.int64).max // 2


class Guard(NamedTuple):
    """Hold the conditions in flat arrays; an array without entries asks for nothing."""

    is_on: bool
    """Whether anything is asked."""
    allowed: Flags
    """For each unit the districts it may be in."""
    regions: Narrow
    """The division of each unit."""
    seen: NDArray[np.int8]
    """For each division what of the two districts lies in it, while they are looked at."""
    splits: Integers
    """The splits there are, what the move that is looked at adds, and how many there may be."""
    most_cuts: int
    """How many edges may be cut."""
    areas: Floats
    """The area of each unit."""
    perimeters: Floats
    """The perimeter of each unit."""
    lengths: Floats
    """The shared boundary along each edge."""
    floor: float
    """The least area by that of a circle of the same perimeter."""


def make_guard(graph: UnitGraph, rule: PlanRule, conditions: Conditions, start: Narrow) -> Guard:
    """Lay the conditions out; the splits are those of the plan to start from, counted from 0."""
    allowed = list_allowed(graph, rule, conditions) if conditions.is_labelled else np.zeros((0, 0), np.bool_)
    regions = narrow(number_regions(conditions)) if conditions.regions else np.zeros(0, np.int32)
    limits = conditions.most_splits is not None, conditions.least_compactness > 0
    most_splits = BOUNDLESS if conditions.most_splits is None else conditions.most_splits
    shapes = (graph.areas_m2, graph.perimeters_m, graph.lengths_m) if limits[1] else (np.zeros(0),) * 3
    areas, perimeters, lengths = (np.ascontiguousarray(shape, dtype=np.float64) for shape in shapes)
    return Guard(
        not conditions.is_empty,
        allowed,
        regions,
        np.zeros(int(regions.max(initial=-1)) + 1 if limits[0] else 0, np.int8),
        np.array([count_splits(regions, start), 0, most_splits], np.int64),
        BOUNDLESS if conditions.most_cuts is None else conditions.most_cuts,
        areas,
        perimeters,
        lengths,
        conditions.least_compactness,
    )


def count_splits(regions: Narrow | Integers, districts: Narrow | Integers) -> int:
    """Count the pieces of the divisions beyond one for each."""
    if not len(regions):
        return 0
    pairs = np.unique(np.stack([regions, districts], axis=1), axis=0)
    return len(pairs) - len(np.unique(regions))


@compiled
def keeps(scene: Scene, guard: Guard, size: int, pair: tuple[int, int]) -> bool:
    """Say whether the conditions hold when the marked side goes to the first of a pair and the rest to the second."""
    if not guard.is_on:
        return True
    return (
        keeps_places(scene, guard, size, pair)
        and keeps_regions(scene, guard, size, pair)
        and keeps_cuts(scene, guard, size)
        and keeps_shapes(scene, guard, size)
    )


@compiled
def keeps_places(scene: Scene, guard: Guard, size: int, pair: tuple[int, int]) -> bool:
    """Say whether each unit may be in its district."""
    if len(guard.allowed):
        for place in range(size):
            target = pair[0] if scene.desk.marks[place] else pair[1]
            if not guard.allowed[scene.desk.units[place], target]:
                return False
    return True


@compiled
def keeps_regions(scene: Scene, guard: Guard, size: int, pair: tuple[int, int]) -> bool:
    """Say whether no more divisions are split than may be, and note what the move adds."""
    guard.splits[1] = 0
    if not len(guard.seen):
        return True
    desk, added = scene.desk, 0
    for place in range(size):
        unit = desk.units[place]
        before = 1 if scene.board.district[unit] == pair[0] else 2
        guard.seen[guard.regions[unit]] |= before | (4 if desk.marks[place] else 8)
    for place in range(size):
        region = guard.regions[desk.units[place]]
        added += (guard.seen[region] >= 12) - ((guard.seen[region] & 3) == 3)
        guard.seen[region] = 0
    guard.splits[1] = added
    return guard.splits[0] + added <= guard.splits[2]  # type: ignore[no-any-return]


@compiled
def keeps_cuts(scene: Scene, guard: Guard, size: int) -> bool:
    """Say whether no more edges are cut than may be."""
    if guard.most_cuts >= BOUNDLESS:
        return True
    network, board, desk, cuts = scene.network, scene.board, scene.desk, scene.board.cut_count[0]
    for place in range(size):
        unit = desk.units[place]
        for at in range(network.starts[unit], network.starts[unit + 1]):
            near = desk.places[network.neighbours[at]]
            if near > place:
                cuts += desk.marks[place] != desk.marks[near]
                cuts -= board.district[unit] != board.district[desk.units[near]]
    return cuts <= guard.most_cuts  # type: ignore[no-any-return]


@compiled
def keeps_shapes(scene: Scene, guard: Guard, size: int) -> bool:
    """Say whether both sides are as compact as they must be."""
    if guard.floor <= 0:
        return True
    network, desk = scene.network, scene.desk
    areas, perimeters = np.zeros(2), np.zeros(2)
    for place in range(size):
        unit, side = desk.units[place], desk.marks[place]
        areas[side] += guard.areas[unit]
        perimeters[side] += guard.perimeters[unit]
        for at in range(network.starts[unit], network.starts[unit + 1]):
            near = desk.places[network.neighbours[at]]
            if near >= 0 and desk.marks[near] == side:
                perimeters[side] -= guard.lengths[network.edge_of[at]]
    # a hair of slack against the order in which lengths are summed
    return bool((4 * np.pi * areas >= (guard.floor - 1e-12) * perimeters**2).all())
