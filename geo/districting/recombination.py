"""Recombine neighbouring districts at random, again and again: the moves of the sampler.

Two districts are joined, a random spanning tree of both is grown, and one of its edges is cut that leaves both sides
within the bounds (DeFord, Duchin and Solomon 2021). What comes out is in one piece because each side of a tree is.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from geo.districting.board import Scene
from geo.districting.dice import compiled, roll_below, roll_share
from geo.districting.flips import Bounds, flip_once, make_room
from geo.districting.graph import Integers
from geo.districting.guard import Guard, keeps
from geo.districting.network import Narrow
from geo.districting.trees import (
    clear,
    grow_minimum,
    grow_regional,
    grow_uniform,
    hand_over,
    lay_out,
    list_edges,
    list_near,
    mark_side,
    settle,
    sort_edges,
    strip,
)


class Pairing(IntEnum):
    """Name the ways to choose two districts."""

    CUT_EDGE = 0
    """The districts of a random edge that is cut."""
    NEIGHBOURS = 1
    """A random pair of neighbours, however much boundary they share."""
    REVERSIBLE = 2
    """Any two districts, with the refusals that make the spanning-tree distribution the one sampled from
    (Cannon, Duchin, Randall and Rule 2022)."""
    FLIP = 3
    """Those of a cut edge, over which one unit moves, with the refusals that make every plan as frequent as any other
    (Metropolis and Hastings)."""


class Tree(IntEnum):
    """Name the ways to draw a spanning tree."""

    UNIFORM = 0
    """Any tree with equal chance."""
    MINIMUM = 1
    """The minimum tree of random weights."""
    REGIONAL = 2
    """The same, but within each division before between divisions, so that a cut splits one of them at most."""


class Course(NamedTuple):
    """Say how a chain runs."""

    least: Integers
    """The fewest people of each district."""
    most: Integers
    """The most people of each district."""
    pairing: int
    """How two districts are chosen."""
    tree: int
    """How trees are drawn."""
    tries: int
    """How many trees to grow over a pair before another is chosen."""
    patience: int
    """How many pairs in a row may fail before the chain gives up."""
    is_labelled: bool
    """Whether it matters which side gets which district."""
    guard: Guard
    """What else must hold."""
    tally: Integers
    """How many steps changed the plan, and how many pairs failed."""


NEVER, BREACH = -1, -2
"""What a chain answers that cannot go on, and one that found more cuts in a tree than `tries` allows for."""


@compiled
def count_shared(scene: Scene, one: int, other: int) -> int:
    """Count the cut edges between two districts."""
    network, board = scene.network, scene.board
    shared = 0
    for at in range(board.cut_count[0]):
        edge = board.cuts[at]
        first, second = board.district[network.first[edge]], board.district[network.second[edge]]
        shared += (first == one and second == other) or (first == other and second == one)
    return shared


@compiled
def choose_pair(scene: Scene, pairing: int) -> tuple[int, int]:
    """Choose two neighbouring districts; some edge must be cut."""
    network, board = scene.network, scene.board
    while True:
        edge = board.cuts[roll_below(scene.dice, board.cut_count[0])]
        one, other = board.district[network.first[edge]], board.district[network.second[edge]]
        if pairing == 0 or roll_share(scene.dice) * count_shared(scene, one, other) < 1.0:
            return one, other


@compiled
def draw_tree(scene: Scene, course: Course, size: int, edges: int) -> None:
    """Grow a tree over what is on the desk."""
    if course.tree == 0:
        grow_uniform(scene.desk, size, scene.dice)
    elif course.tree == 1:
        grow_minimum(scene.desk, size, edges, scene.dice)
    else:
        # sorted again each time: the tree before has shuffled the edges
        inner = sort_edges(scene, edges, course.guard.regions)
        grow_regional(scene.desk, size, (inner, edges), scene.dice)


@compiled
def list_cuts(scene: Scene, course: Course, size: int, pair: tuple[int, int]) -> int:
    """List where a tree may be cut, and count the ways; with labels, each way round is a way of its own."""
    desk, one, other = scene.desk, pair[0], pair[1]
    total = scene.board.people[one] + scene.board.people[other]
    least, most = course.least, course.most
    ways = strip(desk, size, max(least[one], total - most[other]), min(most[one], total - least[other]))
    if course.is_labelled:
        low, high = max(least[other], total - most[one]), min(most[other], total - least[one])
        for at in range(size - 1):
            place = desk.order[at]
            if low <= desk.below[place] <= high:
                desk.fitting[ways] = -1 - place
                ways += 1
    return ways


@compiled
def choose_cut(scene: Scene, size: int, ways: int, pair: tuple[int, int]) -> tuple[int, int]:
    """Mark one side of one of the ways, and give the pair with the district of that side first."""
    chosen = scene.desk.fitting[roll_below(scene.dice, ways)]
    mark_side(scene.desk, size, chosen if chosen >= 0 else -1 - chosen)
    return pair if chosen >= 0 else (pair[1], pair[0])


@compiled
def carry_out(scene: Scene, course: Course, size: int, pair: tuple[int, int]) -> None:
    """Hand over the marked side to the first of a pair, and the rest to the second."""
    if course.is_labelled:  # noqa: SIM108 - shorter lines than a ternary has
        moved = hand_over(scene, size, pair[0], pair[1])
    else:
        moved = settle(scene, size, pair[0], pair[1])
    course.guard.splits[0] += course.guard.splits[1]
    course.tally[0] += moved > 0


@compiled
def recombine(scene: Scene, course: Course, one: int, other: int) -> bool:
    """Join two districts and cut them anew, or leave them when no tree could be cut."""
    size, edges, is_cut = lay_out(scene, one, other), 0, False
    if course.tree == 0:
        list_near(scene, size)
    else:
        edges = list_edges(scene, size)
    for _ in range(course.tries):
        draw_tree(scene, course, size, edges)
        ways = list_cuts(scene, course, size, (one, other))
        if ways > 0:
            sides = choose_cut(scene, size, ways, (one, other))
            if keeps(scene, course.guard, size, sides):
                carry_out(scene, course, size, sides)
                is_cut = True
                break
    clear(scene.desk, size)
    return is_cut


@compiled
def propose(scene: Scene, course: Course) -> int:
    """Make one reversible move or stay, and give how many cuts the tree allowed; `tries` is the most it may allow."""
    board, desk = scene.board, scene.desk
    one = roll_below(scene.dice, len(board.people))
    other = (one + 1 + roll_below(scene.dice, len(board.people) - 1)) % len(board.people)
    if count_shared(scene, one, other) == 0:
        return 0
    size = lay_out(scene, one, other)
    list_near(scene, size)
    grow_uniform(desk, size, scene.dice)
    ways = list_cuts(scene, course, size, (one, other))
    if roll_share(scene.dice) * course.tries < ways:
        sides = choose_cut(scene, size, ways, (one, other))
        edges, shared = list_edges(scene, size), 0
        for edge in range(edges):
            shared += desk.marks[desk.first[edge]] != desk.marks[desk.second[edge]]
        if roll_share(scene.dice) * shared < 1.0 and keeps(scene, course.guard, size, sides):
            carry_out(scene, course, size, sides)
    clear(desk, size)
    return ways


@compiled
def take_step(scene: Scene, course: Course, room: Integers) -> int:
    """Take one step or stay, and give 1; 0 when the pair failed, or BREACH."""
    if course.pairing == 3:
        flip_once(scene, Bounds(course.least, course.most, course.tally), course.guard, room)
        return 1
    if course.pairing == 2:
        return BREACH if propose(scene, course) > course.tries else 1
    one, other = choose_pair(scene, course.pairing)
    return 1 if recombine(scene, course, one, other) else 0


@compiled
def run_chain(scene: Scene, course: Course, cuts: Narrow, history: Narrow) -> int:
    """Take as many steps as `cuts` has room for, keep the cut edges of each and the plans that `history` has room for.

    Gives how many pairs failed on the way, or NEVER or BREACH.
    """
    failed = stuck = step = 0
    room = make_room(scene)
    while step < len(cuts):
        if scene.board.cut_count[0] == 0 or stuck > course.patience:
            return NEVER
        taken = take_step(scene, course, room)
        if taken < 0:
            return BREACH
        if taken == 0:
            failed, stuck = failed + 1, stuck + 1
            continue
        stuck = 0
        cuts[step] = scene.board.cut_count[0]
        if step < len(history):
            history[step] = scene.board.district
        step += 1
    course.tally[1] += failed
    return failed
