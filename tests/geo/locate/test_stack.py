"""Test that one point is located at all levels as each level alone would say."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.letters import draw
from geo.locate import Stack, build_locator
from geo.locate.grid import UNSURE
from geo.locate.segments import NOBODY

LEVELS = {"province": "XXYY\nXXYY\nXX..", "county": "AABB\nCCBB\nCC..", "commune": "IJKL\nMNOP\nQR.."}


@pytest.fixture(scope="module")
def stack() -> Stack:
    drawn = {level: draw(text) for level, text in LEVELS.items()}
    return Stack({level: build_locator(list(shapes.values()), list(shapes)) for level, shapes in drawn.items()})


def test_inside_points_have_a_row_at_each_level(stack: Stack):
    rows = stack.find_rows(0.5, 2.5)
    assert [locator.keys[row] for locator, row in zip(stack.locators.values(), rows, strict=True)] == ["X", "A", "I"]


@pytest.mark.parametrize("point", [(9.0, 9.0), (3.5, 0.5), (float("nan"), 0.5), (0.5, float("inf"))])
def test_outside_is_nobodys_at_every_level(stack: Stack, point: tuple[float, float]):
    assert stack.find_rows(*point) == (NOBODY,) * 3
    assert stack.list_covering(*point) == []


def test_rows_are_those_of_bulk_location(stack: Stack):
    x, y = np.random.default_rng(2).uniform(-1, 5, (2, 500))
    alone = [locator.locate(x, y).rows for locator in stack.locators.values()]
    found = np.array([stack.find_rows(*point) for point in zip(x, y, strict=True)])
    assert (found == np.column_stack(alone)).all()


@pytest.mark.parametrize(
    ("point", "covering"),
    [
        ((0.5, 2.5), [("X", True), ("A", True), ("I", True)]),
        ((1.0, 2.5), [("X", True), ("A", True), ("I", False), ("J", False)]),
        ((2.0, 2.5), [("X", False), ("Y", False), ("A", False), ("B", False), ("J", False), ("K", False)]),
        ((0.0, 3.0), [("X", False), ("A", False), ("I", False)]),
    ],
)
def test_all_that_covers_a_point_is_listed(stack: Stack, point, covering):
    assert stack.list_covering(*point) == covering


def test_edges_are_left_to_exact_work(stack: Stack):
    assert stack.find_rows(1.0, 2.5)[2] == UNSURE


def test_stack_of_nothing_covers_nothing():
    assert Stack({}).list_covering(0.0, 0.0) == []
