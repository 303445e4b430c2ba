"""Recombine neighbouring districts at random, again and again: the moves of the sampler.

Two districts are joined, a random spanning tree of both is grown, and one of its edges is cut that leaves both sides
within the bounds (DeFord, Duchin and Solomon 2021). What comes out is in one piece because each side of a tree is.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from geo.districting.board import Scene
from geo.districting.dice import compiled, roll_below, roll_share
from geo.districting.network import Narrow
from geo.districting.trees import (
    clear,
    grow_minimum,
    grow_uniform,
    lay_out,
    list_edges,
    list_near,
    mark_side,
    settle,
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


class Course(NamedTuple):
    """Say how a chain runs."""

    least: int
    """The fewest people of a district."""
    most: int
    """The most people of a district."""
    pairing: int
    """How two districts are chosen."""
    is_uniform: bool
    """Whether trees are drawn uniformly; else by minimum spanning trees."""
    tries: int
    """How many trees to grow over a pair before another is chosen."""
    patience: int
    """How many pairs in a row may fail before the chain gives up."""


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
def draw_tree(scene: Scene, size: int, edges: int) -> None:
    """Grow a tree over what is on the desk: a minimum one of so many edges, or with -1 edges a uniform one."""
    if edges < 0:
        grow_uniform(scene.desk, size, scene.dice)
    else:
        grow_minimum(scene.desk, size, edges, scene.dice)


@compiled
def recombine(scene: Scene, course: Course, one: int, other: int) -> bool:
    """Join two districts and cut them anew, or leave them when no tree could be cut."""
    desk, total = scene.desk, scene.board.people[one] + scene.board.people[other]
    size, edges = lay_out(scene, one, other), -1
    if course.is_uniform:
        list_near(scene, size)
    else:
        edges = list_edges(scene, size)
    is_cut = False
    for _ in range(course.tries):
        draw_tree(scene, size, edges)
        fitting = strip(desk, size, max(course.least, total - course.most), min(course.most, total - course.least))
        if fitting > 0:
            mark_side(desk, size, desk.fitting[roll_below(scene.dice, fitting)])
            settle(scene, size, one, other)
            is_cut = True
            break
    clear(desk, size)
    return is_cut


@compiled
def propose(scene: Scene, course: Course) -> int:
    """Make one reversible move or stay, and give how many cuts the tree allowed; `tries` is the most it may allow."""
    board, desk = scene.board, scene.desk
    one = roll_below(scene.dice, len(board.people))
    other = (one + 1 + roll_below(scene.dice, len(board.people) - 1)) % len(board.people)
    if count_shared(scene, one, other) == 0:
        return 0
    total = board.people[one] + board.people[other]
    size = lay_out(scene, one, other)
    list_near(scene, size)
    grow_uniform(desk, size, scene.dice)
    fitting = strip(desk, size, max(course.least, total - course.most), min(course.most, total - course.least))
    if roll_share(scene.dice) * course.tries < fitting:
        mark_side(desk, size, desk.fitting[roll_below(scene.dice, fitting)])
        edges, shared = list_edges(scene, size), 0
        for edge in range(edges):
            shared += desk.marks[desk.first[edge]] != desk.marks[desk.second[edge]]
        if roll_share(scene.dice) * shared < 1.0:
            settle(scene, size, one, other)
    clear(desk, size)
    return fitting


@compiled
def run_chain(scene: Scene, course: Course, cuts: Narrow, history: Narrow) -> int:
    """Take as many steps as `cuts` has room for, keep the cut edges of each and the plans that `history` has room for.

    Gives how many pairs failed on the way, or NEVER or BREACH.
    """
    failed = stuck = step = 0
    while step < len(cuts):
        if scene.board.cut_count[0] == 0 or stuck > course.patience:
            return NEVER
        if course.pairing == 2:
            if propose(scene, course) > course.tries:
                return BREACH
        else:
            one, other = choose_pair(scene, course.pairing)
            if not recombine(scene, course, one, other):
                failed, stuck = failed + 1, stuck + 1
                continue
        stuck = 0
        cuts[step] = scene.board.cut_count[0]
        if step < len(history):
            history[step] = scene.board.district
        step += 1
    return failed
