"""Move single units over the boundary of their district, as long as the district stays in one piece without them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.districting.board import Board, Scene, move_unit
from geo.districting.dice import compiled, roll, roll_below, roll_share
from geo.districting.graph import Integers
from geo.districting.guard import Guard, keeps
from geo.districting.network import Narrow, Network
from geo.districting.trees import clear, lay_out

ONE = np.uint64(1)


class Bounds(NamedTuple):
    """Hold what the people of districts must keep, and count the moves."""

    least: Integers
    """The fewest people of each district."""
    most: Integers
    """The most people of each district."""
    tally: Integers
    """How many moves were made."""


@compiled
def make_room(scene: Scene) -> Integers:
    """Give the room in which pieces are walked through."""
    return np.zeros(2 * len(scene.board.district) + 1, np.int64)


@compiled
def holds_without(network: Network, district: Narrow, unit: int, room: Integers) -> bool:
    """Say whether the other units of a unit's district stay in one piece without it.

    `room` keeps, for each unit, who last asked about it, and behind those the units to be visited.
    """
    size, home = len(district), district[unit]
    stamp = room[2 * size] + 1
    room[2 * size] = stamp
    wanted = waiting = 0
    for at in range(network.starts[unit], network.starts[unit + 1]):
        near = network.neighbours[at]
        if district[near] == home:
            wanted += 1
            # a negative stamp is a neighbour that is still to be reached
            room[near] = -stamp
            room[size] = near
    if wanted <= 1:
        return wanted == 1
    room[unit], room[room[size]], waiting, wanted = stamp, stamp, 1, wanted - 1
    while waiting and wanted:
        waiting -= 1
        here = room[size + waiting]
        for at in range(network.starts[here], network.starts[here + 1]):
            near = network.neighbours[at]
            if district[near] == home and room[near] != stamp:
                wanted -= room[near] == -stamp
                room[near] = stamp
                room[size + waiting] = near
                waiting += 1
    return wanted == 0


@compiled
def count_ways(network: Network, board: Board, unit: int, district: int) -> int:
    """Count the neighbours of a unit in a district."""
    ways = 0
    for at in range(network.starts[unit], network.starts[unit + 1]):
        ways += board.district[network.neighbours[at]] == district
    return ways


@compiled
def choose_move(scene: Scene) -> tuple[int, int]:
    """Choose a unit at a random cut edge and the district across it."""
    board, dice = scene.board, scene.dice
    edge = board.cuts[roll_below(dice, board.cut_count[0])]
    unit, other = scene.network.first[edge], scene.network.second[edge]
    if roll(dice) & ONE:
        unit, other = other, unit
    return unit, board.district[other]


@compiled
def flip_once(scene: Scene, bounds: Bounds, guard: Guard, room: Integers) -> None:
    """Move one unit, or stay so often that all plans come up alike: the way back must be as likely as the way there."""
    network, board = scene.network, scene.board
    unit, target = choose_move(scene)
    home, people = board.district[unit], network.people[unit]
    if board.people[home] - people < bounds.least[home] or board.people[target] + people > bounds.most[target]:
        return
    if board.people[target] + people < bounds.least[target] or board.people[home] - people > bounds.most[home]:
        return
    there, back = count_ways(network, board, unit, target), count_ways(network, board, unit, home)
    cuts = board.cut_count[0]
    # a move is drawn as often as edges lead over it among all that are cut, before and after
    if roll_share(scene.dice) * there * (cuts + back - there) >= back * cuts:
        return
    if not holds_without(network, board.district, unit, room):
        return
    if guard.is_on and not keeps_flip(scene, guard, unit, target):
        return
    move_unit(network, board, unit, target)
    guard.splits[0] += guard.splits[1]
    bounds.tally[0] += 1


@compiled
def keeps_flip(scene: Scene, guard: Guard, unit: int, target: int) -> bool:
    """Say whether the conditions hold when a unit moves."""
    home, desk = scene.board.district[unit], scene.desk
    size = lay_out(scene, home, target)
    for place in range(size):
        moved = desk.units[place] == unit
        desk.marks[place] = 1 if scene.board.district[desk.units[place]] == home and not moved else 0
    kept = keeps(scene, guard, size, (home, target))
    clear(desk, size)
    return kept
