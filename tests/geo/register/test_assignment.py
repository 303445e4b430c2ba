"""Test that rows and divisions are assigned one to one."""

from __future__ import annotations

import pytest

from geo.errors import InvalidValue
from geo.register import assignment
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


def test_knot_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assignment, "MOST_TOGETHER", 1)
    assert assign_once({(1, 7): 0.9, (2, 8): 0.9}) == {1: 7, 2: 8}
    with pytest.raises(InvalidValue):
        assign_once({(1, 7): 0.9, (2, 7): 0.9})
