"""Grow random spanning trees over two joined districts and find where they may be cut.

A tree is kept as two numbers at each place: how many of its edges touch it, and the exclusive or of the places across
them. Stripping leaf after leaf reads it: the one number left at a leaf is the place above it.
"""

from __future__ import annotations

from geo.districting.board import Desk, Scene, move_unit
from geo.districting.dice import Dice, compiled, roll_below
from geo.districting.network import Narrow


@compiled
def lay_out(scene: Scene, one: int, other: int) -> int:
    """Put the units of two districts on the desk, those of the one first, and count them."""
    board, desk = scene.board, scene.desk
    size = 0
    for district in (one, other):
        unit = board.heads[district]
        while unit >= 0:
            desk.units[size] = unit
            desk.places[unit] = size
            desk.weights[size] = scene.network.people[unit]
            size += 1
            unit = board.after[unit]
    return size


@compiled
def clear(desk: Desk, size: int) -> None:
    """Take the units off the desk."""
    for place in range(size):
        desk.places[desk.units[place]] = -1


@compiled
def list_edges(scene: Scene, size: int) -> int:
    """List the edges between the units on the desk, and count them."""
    network, desk = scene.network, scene.desk
    edges = 0
    for place in range(size):
        unit = desk.units[place]
        for at in range(network.starts[unit], network.starts[unit + 1]):
            other = desk.places[network.neighbours[at]]
            if other > place:
                desk.first[edges] = place
                desk.second[edges] = other
                edges += 1
    return edges


@compiled
def list_near(scene: Scene, size: int) -> None:
    """List the neighbours of every place, for walks."""
    network, desk = scene.network, scene.desk
    count = 0
    for place in range(size):
        desk.starts[place] = count
        unit = desk.units[place]
        for at in range(network.starts[unit], network.starts[unit + 1]):
            other = desk.places[network.neighbours[at]]
            if other >= 0:
                desk.near[count] = other
                count += 1
    desk.starts[size] = count


@compiled
def find_root(marks: Narrow, place: int) -> int:
    """Find what stands for the set of a place, and shorten the way there."""
    while marks[place] != place:
        marks[place] = marks[marks[place]]
        place = marks[place]
    return place


@compiled
def grow_minimum(desk: Desk, size: int, edges: int, dice: Dice) -> None:
    """Grow the minimum spanning tree of random weights: take edges in random order unless they close a ring."""
    for place in range(size):
        desk.marks[place], desk.degree[place], desk.across[place] = place, 0, 0
    joined, drawn = 1, 0
    while joined < size:
        chosen = drawn + roll_below(dice, edges - drawn)
        one, other = desk.first[chosen], desk.second[chosen]
        desk.first[chosen], desk.second[chosen] = desk.first[drawn], desk.second[drawn]
        desk.first[drawn], desk.second[drawn] = one, other
        drawn += 1
        root, target = find_root(desk.marks, one), find_root(desk.marks, other)
        if root != target:
            desk.marks[root] = target
            joined += 1
            _tie(desk, one, other)


@compiled
def sort_edges(scene: Scene, edges: int, regions: Narrow) -> int:
    """Put the edges on the desk that lie inside a region before those between regions, and count the former."""
    desk, inner = scene.desk, 0
    for edge in range(edges):
        one, other = desk.first[edge], desk.second[edge]
        if regions[desk.units[one]] == regions[desk.units[other]]:
            desk.first[edge], desk.second[edge] = desk.first[inner], desk.second[inner]
            desk.first[inner], desk.second[inner] = one, other
            inner += 1
    return inner


@compiled
def grow_regional(desk: Desk, size: int, counts: tuple[int, int], dice: Dice) -> None:
    """Grow a tree that joins each region before it joins regions, so that a cut splits few; `counts` are edges."""
    inner, edges = counts
    for place in range(size):
        desk.marks[place], desk.degree[place], desk.across[place] = place, 0, 0
    joined, drawn = 1, 0
    while joined < size:
        chosen = drawn + roll_below(dice, (inner if drawn < inner else edges) - drawn)
        one, other = desk.first[chosen], desk.second[chosen]
        desk.first[chosen], desk.second[chosen] = desk.first[drawn], desk.second[drawn]
        desk.first[drawn], desk.second[drawn] = one, other
        drawn += 1
        root, target = find_root(desk.marks, one), find_root(desk.marks, other)
        if root != target:
            desk.marks[root] = target
            joined += 1
            _tie(desk, one, other)


@compiled
def _tie(desk: Desk, one: int, other: int) -> None:
    desk.degree[one] += 1
    desk.degree[other] += 1
    desk.across[one] ^= other
    desk.across[other] ^= one


@compiled
def grow_uniform(desk: Desk, size: int, dice: Dice) -> None:
    """Grow a spanning tree that is any of them with equal chance, by walks whose loops are erased (Wilson 1996)."""
    for place in range(size):
        desk.marks[place], desk.degree[place], desk.across[place] = 0, 0, 0
    desk.marks[roll_below(dice, size)] = 1
    for start in range(size):
        place = start
        while not desk.marks[place]:
            first = desk.starts[place]
            desk.above[place] = desk.near[first + roll_below(dice, desk.starts[place + 1] - first)]
            place = desk.above[place]
        place = start
        while not desk.marks[place]:
            desk.marks[place] = 1
            _tie(desk, place, desk.above[place])
            place = desk.above[place]


@compiled
def strip(desk: Desk, size: int, least: int, most: int) -> int:
    """Strip a tree from its leaves, sum the people below each place, and count where a side fits between the bounds."""
    for place in range(size):
        desk.below[place] = desk.weights[place]
    stripped = fitting = 0
    for start in range(size):
        place = start
        while desk.degree[place] == 1 and stripped < size - 1:
            above = desk.across[place]
            desk.above[place] = above
            desk.order[stripped] = place
            stripped += 1
            people = desk.below[place]
            if least <= people <= most:
                desk.fitting[fitting] = place
                fitting += 1
            desk.degree[place] = 0
            desk.degree[above] -= 1
            desk.across[above] ^= place
            desk.below[above] += people
            # what lies ahead is met by the outer loop
            if above > start:
                break
            place = above
    return fitting


@compiled
def mark_side(desk: Desk, size: int, top: int) -> None:
    """Mark a place and all below it with 1, the others with 0."""
    for place in range(size):
        desk.marks[place] = 0
    desk.marks[top] = 1
    for at in range(size - 2, -1, -1):
        place = desk.order[at]
        if place != top:
            desk.marks[place] = desk.marks[desk.above[place]]


@compiled
def settle(scene: Scene, size: int, one: int, other: int) -> int:
    """Give the marked side to the one district and the rest to the other, or the reverse when fewer units move.

    Gives how many move.
    """
    desk, board = scene.desk, scene.board
    moved = 0
    for place in range(size):
        moved += desk.marks[place] != (board.district[desk.units[place]] == one)
    if 2 * moved > size:
        one, other = other, one
    return hand_over(scene, size, one, other)


@compiled
def hand_over(scene: Scene, size: int, one: int, other: int) -> int:
    """Give the marked side to the one district and the rest to the other, and count the units that move."""
    desk, board, moved = scene.desk, scene.board, 0
    for place in range(size):
        unit = desk.units[place]
        target = one if desk.marks[place] else other
        if board.district[unit] != target:
            move_unit(scene.network, board, unit, target)
            moved += 1
    return moved
