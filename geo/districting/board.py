"""Hold a plan while kernels change it: who is in which district, and which edges are cut."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.districting.dice import Dice, compiled, make_dice
from geo.districting.graph import Integers
from geo.districting.network import Narrow, Network

NOBODY = np.iinfo(np.int32).max
"""What stands for the cut edges of a best plan when none was found yet."""


class Board(NamedTuple):
    """Hold a plan in the making; districts count from 0."""

    district: Narrow
    """The district of each unit."""
    people: Integers
    """The people of each district."""
    sizes: Narrow
    """The units of each district, counted."""
    heads: Narrow
    """The first unit in the list of each district."""
    after: Narrow
    """The next unit in the list of the same district, or -1."""
    before: Narrow
    """The unit before, or -1."""
    cuts: Narrow
    """The edges that are cut, in no order; only the first of them count."""
    spots: Narrow
    """Where each edge stands among those that are cut, or -1."""
    cut_count: Integers
    """How many edges are cut."""


class Desk(NamedTuple):
    """Hold the room in which two districts are joined and cut anew; its units are numbered from 0."""

    units: Narrow
    """The units on the desk."""
    places: Narrow
    """The place of each unit of the graph on the desk, or -1."""
    first: Narrow
    """One end of each edge on the desk."""
    second: Narrow
    """The other end."""
    starts: Narrow
    """Where the neighbours of each place begin, for walks."""
    near: Narrow
    """The neighbours on the desk, place after place."""
    marks: Narrow
    """The set each place is joined to, whether it is in the tree, and at last the side it is on."""
    degree: Narrow
    """How many edges of the tree touch each place."""
    across: Narrow
    """The places across those edges, folded by exclusive or."""
    above: Narrow
    """The place above each in the tree."""
    order: Narrow
    """The places from the leaves to the root."""
    fitting: Narrow
    """The places under which the tree may be cut; below zero where the side goes to the second district."""
    weights: Integers
    """The people at each place."""
    below: Integers
    """The people at each place and below it."""


class Scene(NamedTuple):
    """Bring together what a kernel works on."""

    network: Network
    """The units."""
    board: Board
    """The plan."""
    desk: Desk
    """The room to work in."""
    dice: Dice
    """Where chance comes from."""


def set_scene(network: Network, districts: Narrow, *, count: int, seed: int, stream: int = 0) -> Scene:
    """Set up a plan of so many districts, counted from 0, with dice of their own."""
    size, edges = len(network.people), len(network.first)
    board = Board(
        districts.astype(np.int32),
        np.zeros(count, np.int64),
        np.zeros(count, np.int32),
        np.full(count, -1, np.int32),
        np.full(size, -1, np.int32),
        np.full(size, -1, np.int32),
        np.zeros(edges, np.int32),
        np.full(edges, -1, np.int32),
        np.zeros(1, np.int64),
    )
    arrange(network, board)
    return Scene(network, board, _make_desk(size, edges), make_dice(seed, stream))


def _make_desk(size: int, edges: int) -> Desk:
    room = [np.zeros(length, np.int32) for length in (size, edges, edges, size + 1, 2 * edges)]
    units, first, second, starts, near = room
    marks, degree, across, above, order = (np.zeros(size, np.int32) for _ in range(5))
    fitting = np.zeros(2 * size, np.int32)
    weights, below = np.zeros(size, np.int64), np.zeros(size, np.int64)
    tree = (marks, degree, across, above, order, fitting)
    return Desk(units, np.full(size, -1, np.int32), first, second, starts, near, *tree, weights, below)


@compiled
def arrange(network: Network, board: Board) -> None:
    """Fill the lists of a board from the districts of the units."""
    for unit in range(len(board.district)):
        enlist(network, board, unit)
    for edge in range(len(network.first)):
        mark_edge(board, edge, board.district[network.first[edge]] != board.district[network.second[edge]])


@compiled
def enlist(network: Network, board: Board, unit: int) -> None:
    """Put a unit at the head of the list of its district."""
    district = board.district[unit]
    head = board.heads[district]
    board.after[unit] = head
    board.before[unit] = -1
    if head >= 0:
        board.before[head] = unit
    board.heads[district] = unit
    board.sizes[district] += 1
    board.people[district] += network.people[unit]


@compiled
def move_unit(network: Network, board: Board, unit: int, target: int) -> None:
    """Move a unit into another district."""
    source = board.district[unit]
    before, after = board.before[unit], board.after[unit]
    if before >= 0:
        board.after[before] = after
    else:
        board.heads[source] = after
    if after >= 0:
        board.before[after] = before
    board.sizes[source] -= 1
    board.people[source] -= network.people[unit]
    board.district[unit] = target
    enlist(network, board, unit)
    for at in range(network.starts[unit], network.starts[unit + 1]):
        mark_edge(board, network.edge_of[at], board.district[network.neighbours[at]] != target)


@compiled
def mark_edge(board: Board, edge: int, is_cut: bool) -> None:
    """Put an edge among those that are cut, or take it away; the last one fills its spot."""
    spot = board.spots[edge]
    if is_cut and spot < 0:
        board.cuts[board.cut_count[0]] = edge
        board.spots[edge] = board.cut_count[0]
        board.cut_count[0] += 1
    elif not is_cut and spot >= 0:
        board.cut_count[0] -= 1
        last = board.cuts[board.cut_count[0]]
        board.cuts[spot] = last
        board.spots[last] = spot
        board.spots[edge] = -1
