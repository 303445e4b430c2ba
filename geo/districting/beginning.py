"""Begin a plan for a search: cut all units into districts, however unequal, and give each the number that fits best."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.districting.aims import PlanTask, list_current, share_seats
from geo.districting.conditions import list_allowed
from geo.districting.graph import Floats, Integers, UnitGraph
from geo.districting.plan import PlanRule
from geo.districting.split import Drawing
from geo.errors import Infeasible, because

WRONG = 1e6
"""What a unit costs in a district where it may not be, beside shares of people."""


def begin_plan(graph: UnitGraph, task: PlanTask, dice: np.random.Generator) -> Integers:
    """Cut all units into districts, counted from 0; the same dice cut alike."""
    drawing = Drawing(graph, PlanRule(task.rule.districts, task.rule.tolerance), dice)
    if task.rule.is_even:
        drawing.begin()
    else:
        cut_unevenly(drawing, task.rule)
    return match_numbers(graph, task, drawing.districts) if task.is_labelled else drawing.districts


def cut_unevenly(drawing: Drawing, rule: PlanRule) -> None:
    """Cut units in two where people fit the seats of both sides, until each side is one district."""
    waiting = share_numbers(drawing, rule)
    while waiting:
        units, numbers = waiting.pop()
        drawing.districts[units] = numbers[0]
        if len(numbers) > 1:
            waiting += cut_once(drawing, rule, units, drawing.dice.permutation(numbers))


def share_numbers(drawing: Drawing, rule: PlanRule) -> list[tuple[Integers, Integers]]:
    """Share the districts among the connected pieces: the largest goes where most people wait for seats."""
    graph = drawing.graph
    waiting = np.bincount(graph.pieces, weights=graph.people).astype(float)
    numbers: list[list[int]] = [[] for _ in waiting]
    ideals = share_seats(rule) * graph.people.sum()
    for number in sorted(range(rule.districts), key=lambda number: (-rule.seats[number], number)):
        piece = int(waiting.argmax())
        numbers[piece].append(number)
        waiting[piece] -= ideals[number]
    if not all(numbers):
        raise Infeasible(reason=because("piece_without_seats", pieces=len(numbers), districts=rule.districts))
    return [(np.flatnonzero(graph.pieces == piece), np.array(held)) for piece, held in enumerate(numbers)]


def cut_once(drawing: Drawing, rule: PlanRule, units: Integers, numbers: Integers) -> list[tuple[Integers, Integers]]:
    """Cut some units in two at the edge of a random tree that fits the first few of the districts best."""
    order, above = drawing.grow_tree(units)
    people, sizes = drawing.sum_below(units, order, above)
    ideals = np.cumsum(share_seats(rule)[numbers])[:-1] * drawing.graph.people.sum()
    counts = np.arange(1, len(numbers))
    rest = people[order[0]] - people
    wanted = people[order[0]] - ideals
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = np.abs(people[:, None] / ideals - 1), np.abs(rest[:, None] / wanted - 1)
    gaps = np.nan_to_num(np.maximum(*sides), nan=np.inf)
    # no side may get more districts than it has units
    short = (sizes[:, None] < counts) | (len(units) - sizes[:, None] < len(numbers) - counts)
    gaps = np.where(short, gaps + WRONG, gaps)
    gaps[order[0]] = np.inf
    top, count = (int(at) for at in np.unravel_index(int(gaps.argmin()), gaps.shape))
    below = drawing.list_below(order, above, top)
    return [(units[below], numbers[: count + 1]), (units[~below], numbers[count + 1 :])]


def match_numbers(graph: UnitGraph, task: PlanTask, districts: Integers) -> Integers:
    """Number the districts anew, so that fixed units, seats and the plan of today are met as far as they can be."""
    groups, rule = int(districts.max()) + 1, task.rule
    total = max(int(graph.people.sum()), 1)
    people = np.bincount(districts, weights=graph.people, minlength=groups)
    costs: Floats = np.abs(people[:, None] / total - share_seats(rule)[None]) * rule.districts * 10
    barred = ~list_allowed(graph, rule, task.conditions)
    current = list_current(graph, task.current)
    for number in range(rule.districts):
        costs[:, number] += WRONG * np.bincount(districts, weights=barred[:, number], minlength=groups)
        away = np.where((current != number) & (current >= 0), graph.people, 0)
        costs[:, number] += np.bincount(districts, weights=away, minlength=groups) / total
    numbers = linear_sum_assignment(costs)[1]
    return np.asarray(numbers)[districts].astype(np.int64)
