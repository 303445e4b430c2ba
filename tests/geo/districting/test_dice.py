"""Throw dice that fall alike everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from geo.districting.dice import compiled, make_dice, roll, roll_below, roll_share


def test_dice_are_splitmix64():
    dice = np.array([1234567], dtype=np.uint64)
    # the first numbers that the reference implementation gives for this seed
    assert [int(roll(dice)) for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize("sides", [1, 2, 7, 1000])
def test_throws_stay_below_the_sides(sides: int):
    dice = make_dice(5)
    assert {roll_below(dice, sides) for _ in range(300)} <= set(range(sides))


def test_shares_lie_between_nothing_and_one():
    dice = make_dice(5)
    shares = [roll_share(dice) for _ in range(2000)]
    assert min(shares) >= 0 and max(shares) < 1
    assert abs(np.mean(shares) - 0.5) < 0.05


def test_functions_are_compiled_where_nothing_can_be_kept():
    room: dict = {}
    exec("def double(number): return 2 * number", room)
    assert compiled(room["double"])(4) == 8


def test_seeds_and_streams_fall_apart():
    pairs = [(1, 0), (-1, 0), (2, 0), (1, 1), (2**70, 0)]
    assert len({int(make_dice(*pair)[0]) for pair in pairs}) == len(pairs)
