"""Test that the side of an edge is told without rounding."""

from __future__ import annotations

from fractions import Fraction
from math import nextafter

import numpy as np
import pytest

from geo.locate.orientation import find_side

EDGES = (
    (12.0, 12.0, 24.0, 24.0),
    (0.1, 0.1, 0.7, 0.7),
    (51.38973, 35.689197, 51.389741, 35.6892),
    (-180.0, -90.0, 180.0, 90.0),
)


def tell_side(ends, x, y):
    ax, ay, bx, by = map(Fraction, ends)
    turn = (bx - ax) * (Fraction(y) - ay) - (by - ay) * (Fraction(x) - ax)
    return (turn > 0) - (turn < 0)


@pytest.mark.parametrize(("point", "side"), [((0.0, 1.0), 1), ((0.0, -1.0), -1), ((2.0, 0.0), 0), ((-7.0, 0.0), 0)])
def test_left_is_positive(point, side):
    assert find_side((0.0, 0.0, 3.0, 0.0), *point) == side


@pytest.mark.parametrize("ends", EDGES)
def test_points_a_bit_beside_an_edge_are_told_apart(ends):
    x, y = (ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2
    for step_x in range(-8, 9):
        for step_y in range(-8, 9):
            at = x + step_x * np.spacing(x), y + step_y * np.spacing(y)
            assert find_side(ends, *at) == tell_side(ends, *at)


@pytest.mark.parametrize("scale", [1e-150, 1e-12, 1.0, 1e20])
def test_size_of_an_edge_does_not_matter(scale):
    ends = (0.1 * scale, 0.3 * scale, 0.7 * scale, 0.9 * scale)
    for y in (0.6 * scale, nextafter(0.6 * scale, 0.0), nextafter(0.6 * scale, 1e30)):
        assert find_side(ends, 0.4 * scale, y) == tell_side(ends, 0.4 * scale, y)


def test_side_turns_with_the_edge():
    rng = np.random.default_rng(5)
    for ax, ay, bx, by, along in rng.random((200, 5)):
        x, y = ax + along * (bx - ax), ay + along * (by - ay)
        assert (
            find_side((ax, ay, bx, by), x, y) == -find_side((bx, by, ax, ay), x, y) == tell_side((ax, ay, bx, by), x, y)
        )
