"""Test the walk from a division through its changes."""

from __future__ import annotations

from datetime import date

import pytest

from geo.register.lineage import LineageStep, share_out, sort_steps, walk_back, walk_forward

EARLY, LATE = date(2000, 1, 1), date(2030, 1, 1)


def step(change: int, year: int, predecessors: set[int], successors: set[int]) -> LineageStep:
    return LineageStep(change, date(year, 1, 1), frozenset(predecessors), frozenset(successors))


SPLIT, MERGE, ABOLISH = step(1, 2010, {1}, {1, 2}), step(2, 2015, {2, 3}, {3}), step(3, 2020, {3}, set())
STORY = [ABOLISH, MERGE, SPLIT]


@pytest.mark.parametrize(
    ("until", "divisions", "changes"),
    [
        (date(2009, 12, 31), (1,), []),
        (date(2010, 1, 1), (1, 2), [1]),
        (date(2015, 1, 1), (1, 3), [1, 2]),
        (LATE, (1,), [1, 2, 3]),
    ],
)
def test_walk_ends_on_its_day(until: date, divisions: tuple[int, ...], changes: list[int]):
    found = walk_forward(1, STORY, day=EARLY, until=until)
    assert (found.divisions, [one.change for one in found.steps]) == (divisions, changes)


def test_change_of_the_day_itself_is_over():
    assert walk_forward(1, STORY, day=date(2010, 1, 1), until=date(2012, 1, 1)).steps == ()
    assert [one.change for one in walk_back(2, STORY, day=date(2010, 1, 1)).steps] == [1]


@pytest.mark.parametrize(
    ("division", "day", "origins"),
    [(3, date(2016, 1, 1), (1, 3)), (3, date(2014, 1, 1), (3,)), (2, date(2012, 1, 1), (1,)), (9, LATE, (9,))],
)
def test_walk_back_finds_origins(division: int, day: date, origins: tuple[int, ...]):
    assert walk_back(division, STORY, day=day).divisions == origins


def test_walk_back_may_end_early():
    assert walk_back(3, STORY, day=date(2016, 1, 1), since=date(2010, 1, 1)).divisions == (2, 3)


def test_ground_between_resized_divisions_may_pass():
    transfer = LineageStep(4, date(2012, 1, 1), frozenset({7}), frozenset({7}), frozenset({1, 5}))
    assert walk_forward(1, [transfer], day=EARLY, until=LATE).divisions == (1, 5)
    assert walk_forward(7, [transfer], day=EARLY, until=LATE).divisions == (7,)
    assert walk_back(5, [transfer], day=LATE).divisions == (1, 5)


def test_circle_of_successors_ends():
    circle = [step(number, 2010 + number, {number % 2}, {(number + 1) % 2}) for number in range(10)]
    assert walk_forward(0, circle, day=EARLY, until=LATE).divisions == (0,)


def test_changes_of_one_day_are_taken_in_their_order():
    first, second = step(1, 2010, {1}, {2}), step(2, 2010, {2}, {3})
    assert walk_forward(1, [second, first], day=EARLY, until=LATE).divisions == (3,)
    assert sort_steps([second, first]) == [first, second]


@pytest.mark.parametrize(
    ("parts", "whole", "shares"),
    [
        ([(2, 1.0), (1, 3.0)], 4.0, {1: 0.75, 2: 0.25}),
        ([(1, 5.0)], 4.0, {1: 1.0}),
        ([(1, 1.0)], 0.0, {}),
        ([], 1.0, {}),
    ],
)
def test_shares_are_between_none_and_all(parts: list[tuple[int, float]], whole: float, shares: dict[int, float]):
    assert share_out(parts, whole) == shares
