"""Anneal a plan towards several aims in order, then search around the best plan in short bursts.

Whatever is broken costs most, then each aim by its rank. What is kept is the plan that breaks least; among those, the
one with the least of the first aim; among those, of the second; and so on. At the end, walks of a few steps begin at
the best plan again and again (Cannon, Goldbloom-Helzner, Gupta, Matthews and Suwal 2023).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.districting.board import Scene
from geo.districting.dice import compiled, roll, roll_below, roll_share
from geo.districting.flips import choose_move, holds_without
from geo.districting.graph import Integers
from geo.districting.ledger import (
    DEVIATION,
    EXCESS,
    Ledger,
    count_breaches,
    enter_plan,
    measure_gap,
    shift_unit,
    weigh,
)
from geo.districting.network import Narrow
from geo.districting.trees import (
    clear,
    grow_minimum,
    grow_regional,
    lay_out,
    list_edges,
    mark_side,
    sort_edges,
    strip,
)

ONE = np.uint64(1)


class Schedule(NamedTuple):
    """Say how long and how hot the search runs."""

    rounds: int
    """How many recombinations are tried while cooling."""
    bursts: int
    """How many walks begin at the best plan."""
    length: int
    """How many recombinations each of them takes."""
    flips: int
    """How many moves of a unit are tried after each recombination."""
    hot: float
    """The temperature at the start, in cut edges."""
    cold: float
    """The temperature at the end and in the walks."""
    is_labelled: bool
    """Whether it matters which side gets which district."""


class Prize(NamedTuple):
    """Hold the best plan met so far."""

    district: Narrow
    """The district of each unit."""
    score: Integers
    """Its excess, its breaches and its aims, in order."""
    order: Integers
    """The places of the aims among the figures."""
    is_held: Integers
    """One, once there is any plan."""


@compiled
def read_score(scene: Scene, ledger: Ledger, prize: Prize, at: int) -> int:
    """Give one number of the score of the plan on the board."""
    if at < 2:
        return ledger.figures[EXCESS] if at == 0 else count_breaches(ledger)
    place = prize.order[at - 2]
    if place != DEVIATION:
        return ledger.figures[place]  # type: ignore[no-any-return]
    worst = 0
    for district in range(len(scene.board.people)):
        worst = max(worst, measure_gap(ledger, scene.board, district))
    return worst


@compiled
def keep_prize(scene: Scene, ledger: Ledger, prize: Prize) -> None:
    """Keep the plan when it is better than the best by the first number that differs."""
    for at in range(len(prize.score)):
        value = read_score(scene, ledger, prize, at)
        if prize.is_held[0] and value > prize.score[at]:
            return
        if not prize.is_held[0] or value < prize.score[at]:
            break
        if at == len(prize.score) - 1:
            return
    for at in range(len(prize.score)):
        prize.score[at] = read_score(scene, ledger, prize, at)
    prize.district[:] = scene.board.district
    prize.is_held[0] = 1


@compiled
def accepts(scene: Scene, worse: float, heat: float) -> bool:
    """Say whether a step that makes the plan so much worse is taken."""
    return worse <= 0 or roll_share(scene.dice) < np.exp(-worse / heat)


@compiled
def try_flip(scene: Scene, ledger: Ledger, heat: float, room: Integers) -> None:
    """Try to move one unit over the boundary of its district."""
    unit, target = choose_move(scene)
    home, before = scene.board.district[unit], weigh(ledger)
    if scene.board.sizes[home] == 1:
        return
    shift_unit(scene, ledger, unit, target)
    is_taken = accepts(scene, weigh(ledger) - before, heat)
    shift_back = True
    if is_taken:
        # asked last, since it takes longest; the unit must be at home to be asked about
        scene.board.district[unit] = home
        shift_back = not holds_without(scene.network, scene.board.district, unit, room)
        scene.board.district[unit] = target
    if shift_back:
        shift_unit(scene, ledger, unit, home)


@compiled
def find_gap(ledger: Ledger, people: int, total: int, pair: tuple[int, int]) -> int:
    """Count the people beyond the bounds when the first of a pair gets so many of the total."""
    rest, (least, most) = total - people, ledger.bounds[pair[0]]
    gap = max(least - people, 0) + max(people - most, 0)
    least, most = ledger.bounds[pair[1]]
    return gap + max(least - rest, 0) + max(rest - most, 0)  # type: ignore[no-any-return]


@compiled
def choose_top(scene: Scene, ledger: Ledger, size: int, pair: tuple[int, int]) -> int:
    """Choose a place under which the tree is cut: any within the bounds, or else the nearest to them."""
    desk, (one, other) = scene.desk, pair
    total = scene.board.people[one] + scene.board.people[other]
    low = max(ledger.bounds[one, 0], total - ledger.bounds[other, 1])
    high = min(ledger.bounds[one, 1], total - ledger.bounds[other, 0])
    fitting = strip(desk, size, low, high)
    if fitting > 0:
        return desk.fitting[roll_below(scene.dice, fitting)]  # type: ignore[no-any-return]
    chosen = desk.order[0]
    nearest = find_gap(ledger, desk.below[chosen], total, pair)
    for at in range(1, size - 1):
        gap = find_gap(ledger, desk.below[desk.order[at]], total, pair)
        if gap < nearest:
            nearest, chosen = gap, desk.order[at]
    return chosen  # type: ignore[no-any-return]


@compiled
def grow_tree(scene: Scene, ledger: Ledger, size: int) -> None:
    """Grow a tree over what is on the desk: by divisions half of the time, where there are any."""
    edges = list_edges(scene, size)
    if len(ledger.regions) and roll(scene.dice) & ONE:
        grow_regional(scene.desk, size, (sort_edges(scene, edges, ledger.regions), edges), scene.dice)
    else:
        grow_minimum(scene.desk, size, edges, scene.dice)


@compiled
def turn_pair(scene: Scene, size: int, pair: tuple[int, int]) -> tuple[int, int]:
    """Give the pair the way round in which fewer units move."""
    moved = 0
    for place in range(size):
        moved += scene.desk.marks[place] != (scene.board.district[scene.desk.units[place]] == pair[0])
    return (pair[1], pair[0]) if 2 * moved > size else pair


@compiled
def try_pair(scene: Scene, ledger: Ledger, schedule: Schedule, heat: float) -> None:
    """Try to join two districts and cut them anew."""
    network, board, desk = scene.network, scene.board, scene.desk
    edge = board.cuts[roll_below(scene.dice, board.cut_count[0])]
    pair = (board.district[network.first[edge]], board.district[network.second[edge]])
    if roll(scene.dice) & ONE:
        pair = (pair[1], pair[0])
    size = lay_out(scene, pair[0], pair[1])
    grow_tree(scene, ledger, size)
    mark_side(desk, size, choose_top(scene, ledger, size, pair))
    if not schedule.is_labelled:
        pair = turn_pair(scene, size, pair)
    before = weigh(ledger)
    for place in range(size):
        # the degree of a stripped tree is free room for where each unit was
        desk.degree[place] = board.district[desk.units[place]]
    for place in range(size):
        target = pair[0] if desk.marks[place] else pair[1]
        if target != desk.degree[place]:
            shift_unit(scene, ledger, desk.units[place], target)
    if not accepts(scene, weigh(ledger) - before, heat):
        for place in range(size):
            if board.district[desk.units[place]] != desk.degree[place]:
                shift_unit(scene, ledger, desk.units[place], desk.degree[place])
    clear(desk, size)


@compiled
def walk(scene: Scene, ledger: Ledger, schedule: Schedule, heat: float, prize: Prize, room: Integers) -> None:
    """Take one recombination and the flips after it, and keep the best plan met."""
    try_pair(scene, ledger, schedule, heat)
    keep_prize(scene, ledger, prize)
    for _ in range(schedule.flips):
        try_flip(scene, ledger, heat, room)
        keep_prize(scene, ledger, prize)


@compiled
def enter_search(scene: Scene, ledger: Ledger, prize: Prize) -> bool:
    """Enter the plan on the board, and say whether there is anything to search."""
    enter_plan(scene, ledger)
    keep_prize(scene, ledger, prize)
    return scene.board.cut_count[0] > 0  # type: ignore[no-any-return]


@compiled
def cool(scene: Scene, ledger: Ledger, schedule: Schedule, prize: Prize, span: tuple[int, int]) -> None:
    """Take the rounds of a span while cooling, from the first to before the last."""
    room = np.zeros(2 * len(scene.board.district) + 1, np.int64)
    ratio = np.log(schedule.cold / schedule.hot)
    for number in range(span[0], span[1]):
        walk(scene, ledger, schedule, schedule.hot * np.exp(ratio * number / schedule.rounds), prize, room)


@compiled
def roam(scene: Scene, ledger: Ledger, schedule: Schedule, prize: Prize, span: tuple[int, int]) -> None:
    """Take the short walks of a span around the best plan."""
    room = np.zeros(2 * len(scene.board.district) + 1, np.int64)
    for _ in range(span[0], span[1]):
        for unit in range(len(prize.district)):
            if scene.board.district[unit] != prize.district[unit]:
                shift_unit(scene, ledger, unit, prize.district[unit])
        for _ in range(schedule.length):
            walk(scene, ledger, schedule, schedule.cold, prize, room)
