"""Test that rows and divisions are assigned one to one."""

from __future__ import annotations

import pytest

from geo.register.assignment import assign_once


@pytest.mark.parametrize(
    ("scores", "assigned"),
    [
        ({}, {}),
        ({(1, 7): 0.9}, {1: 7}),
        ({(1, 7): 0.9, (1, 8): 0.8, (2, 7): 0.85}, {1: 8, 2: 7}),
        ({(1, 7): 0.9, (2, 7): 0.8}, {1: 7}),
        ({(1, 7): 0.9, (2, 9): 0.8, (3, 9): 0.85, (3, 8): 0.1}, {1: 7, 2: 9, 3: 8}),
    ],
)
def test_sum_is_highest(scores: dict[tuple[int, int], float], assigned: dict[int, int]):
    assert assign_once(scores) == assigned


def test_order_does_not_matter():
    scores = {(row, division): 1 / (1 + abs(row - division)) for row in range(9) for division in range(9)}
    assert assign_once(dict(reversed(scores.items()))) == assign_once(scores) == {row: row for row in range(9)}


@pytest.mark.parametrize("size", [1, 2, 400])
def test_long_chains_are_settled(size: int):
    """Each row fits its own division a little better than the next one's, except the last."""
    scores = {(row, row): 0.9 for row in range(size)} | {(row, row + 1): 0.95 for row in range(size)}
    assert assign_once(scores) == {row: row + 1 for row in range(size)}
