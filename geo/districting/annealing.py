"""Anneal a plan: recombine districts and move single units, ever more reluctant to make the plan worse.

The bounds on people are soft on the way: each person too many or too few in a district costs as much as a share of a
cut edge. What is kept is the plan with the fewest cut edges among those within the bounds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.districting.board import Board, Scene, move_unit
from geo.districting.dice import compiled, roll, roll_below, roll_share
from geo.districting.flips import holds_without
from geo.districting.graph import Integers
from geo.districting.network import Narrow
from geo.districting.trees import clear, grow_minimum, lay_out, list_edges, mark_side, settle, strip

ONE = np.uint64(1)


class Cooling(NamedTuple):
    """Say how a plan is annealed."""

    least: int
    """The fewest people of a district."""
    most: int
    """The most people of a district."""
    cost: float
    """What one person beyond the bounds costs, in cut edges."""
    rounds: int
    """How many recombinations are tried."""
    flips: int
    """How many moves of a unit are tried after each."""
    hot: float
    """The temperature at the start, in cut edges."""
    cold: float
    """The temperature at the end."""


class Best(NamedTuple):
    """Hold the best plan met so far."""

    district: Narrow
    """The district of each unit."""
    figures: Integers
    """Its cut edges; then the least that any plan lay beyond the bounds, in people."""


@compiled
def exceed(people: int, cooling: Cooling) -> int:
    """Count the people that a district has too many or lacks."""
    if people < cooling.least:
        return cooling.least - people
    return max(people - cooling.most, 0)


@compiled
def sum_excess(board: Board, cooling: Cooling) -> int:
    """Count the people that all districts have too many or lack."""
    excess = 0
    for people in board.people:
        excess += exceed(people, cooling)
    return excess


@compiled
def keep_best(board: Board, best: Best, excess: int) -> None:
    """Keep the plan when it is within the bounds and cuts fewer edges than any before."""
    if excess < best.figures[1]:
        best.figures[1] = excess
    if excess == 0 and board.cut_count[0] < best.figures[0]:
        best.figures[0] = board.cut_count[0]
        best.district[:] = board.district


@compiled
def flip(scene: Scene, cooling: Cooling, heat: float, room: Integers) -> int:
    """Try to move one unit at a cut edge over it, and give what that adds to the excess."""
    network, board, dice = scene.network, scene.board, scene.dice
    edge = board.cuts[roll_below(dice, board.cut_count[0])]
    unit, other = network.first[edge], network.second[edge]
    if roll(dice) & ONE:
        unit, other = other, unit
    home, target = board.district[unit], board.district[other]
    people = network.people[unit]
    excess = exceed(board.people[home] - people, cooling) + exceed(board.people[target] + people, cooling)
    excess -= exceed(board.people[home], cooling) + exceed(board.people[target], cooling)
    cuts = 0
    for at in range(network.starts[unit], network.starts[unit + 1]):
        near = board.district[network.neighbours[at]]
        cuts += near == home
        cuts -= near == target
    worse = cuts + cooling.cost * excess
    if worse > 0 and roll_share(dice) >= np.exp(-worse / heat):
        return 0
    if not holds_without(network, board.district, unit, room):
        return 0
    move_unit(network, board, unit, target)
    return excess


@compiled
def find_fairest(scene: Scene, cooling: Cooling, size: int, total: int) -> int:
    """Find the place under which a tree is best cut when no cut is within the bounds."""
    desk = scene.desk
    chosen = desk.order[0]
    nearest = exceed(desk.below[chosen], cooling) + exceed(total - desk.below[chosen], cooling)
    for at in range(1, size - 1):
        people = desk.below[desk.order[at]]
        excess = exceed(people, cooling) + exceed(total - people, cooling)
        if excess < nearest:
            nearest, chosen = excess, desk.order[at]
    return chosen  # type: ignore[no-any-return]


@compiled
def try_recombination(scene: Scene, cooling: Cooling, heat: float) -> int:
    """Try to join two districts and cut them anew, and give what that adds to the excess."""
    network, board, desk, dice = scene.network, scene.board, scene.desk, scene.dice
    edge = board.cuts[roll_below(dice, board.cut_count[0])]
    one, other = board.district[network.first[edge]], board.district[network.second[edge]]
    total = board.people[one] + board.people[other]
    size = lay_out(scene, one, other)
    edges = list_edges(scene, size)
    grow_minimum(desk, size, edges, dice)
    fitting = strip(desk, size, max(cooling.least, total - cooling.most), min(cooling.most, total - cooling.least))
    top = desk.fitting[roll_below(dice, fitting)] if fitting > 0 else find_fairest(scene, cooling, size, total)
    mark_side(desk, size, top)
    cuts = 0
    for at in range(edges):
        first, second = desk.first[at], desk.second[at]
        cuts += desk.marks[first] != desk.marks[second]
        cuts -= board.district[desk.units[first]] != board.district[desk.units[second]]
    excess = exceed(desk.below[top], cooling) + exceed(total - desk.below[top], cooling)
    excess -= exceed(board.people[one], cooling) + exceed(board.people[other], cooling)
    worse = cuts + cooling.cost * excess
    if worse > 0 and roll_share(dice) >= np.exp(-worse / heat):
        excess = 0
    else:
        settle(scene, size, one, other)
    clear(desk, size)
    return excess


@compiled
def anneal(scene: Scene, cooling: Cooling, best: Best, target: int, span: tuple[int, int]) -> None:
    """Take the rounds of a span, from the first to before the last, and keep the best plan met.

    It stops when that cuts no more edges than `target`. Spans one after the other do what one over all of them does.
    """
    room = np.zeros(2 * len(scene.board.district) + 1, np.int64)
    excess = sum_excess(scene.board, cooling)
    keep_best(scene.board, best, excess)
    ratio = np.log(cooling.cold / cooling.hot)
    for number in range(span[0], span[1]):
        if scene.board.cut_count[0] == 0 or best.figures[0] <= target:
            return
        heat = cooling.hot * np.exp(ratio * number / cooling.rounds)
        excess += try_recombination(scene, cooling, heat)
        keep_best(scene.board, best, excess)
        for _ in range(cooling.flips):
            excess += flip(scene, cooling, heat, room)
            keep_best(scene.board, best, excess)
