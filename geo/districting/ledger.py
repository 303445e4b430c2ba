"""Keep the figures of a plan up to date while a kernel moves its units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.districting.aims import Aim, PlanTask, list_current, share_seats
from geo.districting.board import Board, Scene, move_unit
from geo.districting.conditions import Flags, list_allowed, number_regions
from geo.districting.dice import compiled
from geo.districting.graph import Floats, Integers, UnitGraph
from geo.districting.guard import BOUNDLESS
from geo.districting.network import Narrow, narrow

EXCESS, BARRED, SPLITS, DEVIATION, CUTS, PERIMETER, DISTANCE, THIN = range(8)
"""The places of the figures."""

PLACES = {
    Aim.SPLITS: SPLITS,
    Aim.DEVIATION: DEVIATION,
    Aim.CUT_EDGES: CUTS,
    Aim.PERIMETER: PERIMETER,
    Aim.DISTANCE: DISTANCE,
}

COST = 6.0
"""What one percent of the ideal beyond the bounds costs, and what each breach costs, in cut edges."""

RANKS = (4.0, 16.0)
"""How many times as much an aim counts as the one behind it, while plans are annealed, in turns."""


class Ledger(NamedTuple):
    """Hold the bounds, the conditions and the figures of a plan."""

    bounds: Integers
    """The fewest and most people of each district."""
    seats: Integers
    """The seats of each district."""
    ideals: Floats
    """The people that the seats of each district call for."""
    allowed: Flags
    """For each unit the districts it may be in."""
    regions: Narrow
    """The division of each unit."""
    held: Narrow
    """How many units of each division are in each district."""
    current: Narrow
    """The district of each unit in the plan of today, or -1."""
    shapes: Integers
    """The area (m²) and the perimeter (cm) of each unit."""
    lengths: Integers
    """The shared boundary along each edge (cm)."""
    sums: Integers
    """The area and the perimeter of each district."""
    limits: Integers
    """The most splits and the most cut edges."""
    floor: float
    """The least area by that of a circle of the same perimeter."""
    costs: Floats
    """What each figure costs, in cut edges; that of a barred unit is that of every breach."""
    figures: Integers
    """The figures, by their places."""


def open_ledger(graph: UnitGraph, task: PlanTask, *, turn: int = 0) -> Ledger:
    """Lay out a task; the figures are empty until a plan is entered."""
    conditions, rule, size = task.conditions, task.rule, len(graph.keys)
    allowed = list_allowed(graph, rule, conditions) if conditions.is_labelled else np.zeros((0, 0), np.bool_)
    regions = narrow(number_regions(conditions)) if conditions.regions else np.zeros(0, np.int32)
    has_shapes = bool(conditions.least_compactness)
    shapes = np.stack([graph.areas_m2, graph.perimeters_m * 100], axis=1) if has_shapes else np.zeros((size, 2))
    lengths = graph.lengths_m * 100 if has_shapes or Aim.PERIMETER in task.aims else np.zeros(len(graph.edges))
    limits = [BOUNDLESS if limit is None else limit for limit in (conditions.most_splits, conditions.most_cuts)]
    return Ledger(
        rule.list_bounds(int(graph.people.sum())),
        rule.weights,
        int(graph.people.sum()) * share_seats(rule),
        allowed,
        regions,
        np.zeros((int(regions.max(initial=-1)) + 1, rule.districts), np.int32),
        narrow(list_current(graph, task.current) if task.current else np.zeros(0, np.int64)),
        np.rint(shapes).astype(np.int64),
        np.rint(lengths).astype(np.int64),
        np.zeros((rule.districts, 2), np.int64),
        np.array(limits, np.int64),
        conditions.least_compactness,
        list_costs(graph, task, RANKS[turn % len(RANKS)]),
        np.zeros(8, np.int64),
    )


def list_costs(graph: UnitGraph, task: PlanTask, step: float) -> Floats:
    """Give what each figure costs while a plan is annealed, in cut edges: aims by their order, breaches most."""
    total, count = max(int(graph.people.sum()), 1), max(len(graph.edges), 1)
    ideal, known = total / task.rule.weights.sum(), np.isfinite(graph.lengths_m).all()
    scales = {
        Aim.SPLITS: 2.0,
        Aim.DEVIATION: 8 / total,
        Aim.CUT_EDGES: 1.0,
        Aim.PERIMETER: count / max(float(graph.lengths_m.sum()) * 100, 1.0) if known else 0.0,
        Aim.DISTANCE: 0.5 * len(graph.keys) / total,
    }
    costs = np.zeros(8)
    for rank, aim in enumerate(reversed(task.aims)):
        costs[PLACES[aim]] = scales[aim] * step**rank
    top = step ** (len(task.aims) - 1)
    costs[EXCESS], costs[BARRED] = 100 * COST / ideal * top, COST * top
    # a hint of compactness, or districts grow threads where no aim forbids it
    costs[CUTS] = max(costs[CUTS], 0.05)
    return costs


@compiled
def enter_plan(scene: Scene, ledger: Ledger) -> None:
    """Fill the ledger from the plan on the board."""
    board, network = scene.board, scene.network
    ledger.held[:], ledger.sums[:], ledger.figures[:] = 0, 0, 0
    for unit in range(len(board.district)):
        district = board.district[unit]
        if len(ledger.regions):
            ledger.figures[SPLITS] += ledger.held[ledger.regions[unit], district] == 0
            ledger.held[ledger.regions[unit], district] += 1
        if len(ledger.allowed):
            ledger.figures[BARRED] += not ledger.allowed[unit, district]
        if len(ledger.current) and ledger.current[unit] >= 0:
            ledger.figures[DISTANCE] += network.people[unit] * (ledger.current[unit] != district)
        ledger.sums[district, 0] += ledger.shapes[unit, 0]
        ledger.sums[district, 1] += ledger.shapes[unit, 1]
    ledger.figures[SPLITS] -= len(ledger.held)
    for edge in range(len(network.first)):
        if board.spots[edge] >= 0:
            ledger.figures[PERIMETER] += ledger.lengths[edge]
        else:
            ledger.sums[board.district[network.first[edge]], 1] -= 2 * ledger.lengths[edge]
    ledger.figures[CUTS] = board.cut_count[0]
    for district in range(len(board.people)):
        book_district(ledger, board, district, 1)


@compiled
def book_district(ledger: Ledger, board: Board, district: int, sign: int) -> None:
    """Add what the people and the shape of a district come to, or take it away."""
    people, figures = board.people[district], ledger.figures
    least, most = ledger.bounds[district]
    figures[EXCESS] += sign * (max(least - people, 0) + max(people - most, 0))
    figures[DEVIATION] += sign * measure_gap(ledger, board, district)
    if ledger.floor > 0:
        area, length = ledger.sums[district]
        # lengths are in centimetres
        is_thin = 4 * np.pi * area * 10_000.0 < ledger.floor * float(length) * float(length)
        figures[THIN] += sign * is_thin


@compiled
def measure_gap(ledger: Ledger, board: Board, district: int) -> int:
    """Give how far the people of a district lie from the ideal, in sixteenths of a person for each of its seats."""
    return int(abs(board.people[district] - ledger.ideals[district]) / ledger.seats[district] * 16)


@compiled
def shift_unit(scene: Scene, ledger: Ledger, unit: int, target: int) -> None:
    """Move a unit and keep the figures."""
    network, board = scene.network, scene.board
    home = board.district[unit]
    book_district(ledger, board, home, -1)
    book_district(ledger, board, target, -1)
    if len(ledger.allowed):
        ledger.figures[BARRED] += np.int64(ledger.allowed[unit, home]) - np.int64(ledger.allowed[unit, target])
    if len(ledger.current) and ledger.current[unit] >= 0:
        away = np.int64(ledger.current[unit] != target) - np.int64(ledger.current[unit] != home)
        ledger.figures[DISTANCE] += network.people[unit] * away
    if len(ledger.regions):
        region = ledger.regions[unit]
        ledger.held[region, home] -= 1
        ledger.figures[SPLITS] += np.int64(ledger.held[region, target] == 0) - np.int64(ledger.held[region, home] == 0)
        ledger.held[region, target] += 1
    shift_shape(scene, ledger, unit, target)
    move_unit(network, board, unit, target)
    ledger.figures[CUTS] = board.cut_count[0]
    book_district(ledger, board, home, 1)
    book_district(ledger, board, target, 1)


@compiled
def shift_shape(scene: Scene, ledger: Ledger, unit: int, target: int) -> None:
    """Take the shape of a unit from its district to another, and count what boundary that adds between districts."""
    network, district = scene.network, scene.board.district
    home = district[unit]
    for part in range(2):
        ledger.sums[home, part] -= ledger.shapes[unit, part]
        ledger.sums[target, part] += ledger.shapes[unit, part]
    for at in range(network.starts[unit], network.starts[unit + 1]):
        near, length = district[network.neighbours[at]], ledger.lengths[network.edge_of[at]]
        if near == home:
            ledger.sums[home, 1] += 2 * length
            ledger.figures[PERIMETER] += length
        elif near == target:
            ledger.sums[target, 1] -= 2 * length
            ledger.figures[PERIMETER] -= length


@compiled
def count_breaches(ledger: Ledger) -> int:
    """Count how often the plan breaks a condition."""
    figures = ledger.figures
    over = max(figures[SPLITS] - ledger.limits[0], 0) + max(figures[CUTS] - ledger.limits[1], 0)
    return figures[BARRED] + figures[THIN] + over  # type: ignore[no-any-return]


@compiled
def weigh(ledger: Ledger) -> float:
    """Give what the plan costs, in cut edges."""
    cost = ledger.costs[EXCESS] * ledger.figures[EXCESS] + ledger.costs[BARRED] * count_breaches(ledger)
    for place in range(SPLITS, THIN):
        cost += ledger.costs[place] * ledger.figures[place]
    return cost  # type: ignore[no-any-return]
