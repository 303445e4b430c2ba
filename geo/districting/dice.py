"""Compile kernels, and throw dice in them that fall alike on every machine.

Kernels keep their dice (splitmix64) in an array of one number, so that nothing but the seed decides a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Dice = NDArray[np.uint64]
Function = TypeVar("Function", bound=Callable[..., object])

STRIDE = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MIX = np.uint64(0x94D049BB133111EB)
B11, B27, B30, B31, B32 = (np.uint64(bits) for bits in (11, 27, 30, 31, 32))
UNIT = 1.0 / 9007199254740992.0
"""One by two to the power of 53."""


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the result beside its module where that can be written."""
    try:
        return cast(Function, njit(cache=True)(function))
    except RuntimeError:
        # numba finds no folder to write to: compile in every process
        return cast(Function, njit(function))


def make_dice(seed: int, stream: int = 0) -> Dice:
    """Make dice from a seed; streams of one seed fall independently of each other."""
    # SeedSequence spreads neighbouring seeds far apart, which splitmix64 alone does not
    return np.random.SeedSequence([abs(seed), int(seed < 0), stream]).generate_state(1, np.uint64).astype(np.uint64)


@compiled
def roll(dice: Dice) -> np.uint64:
    """Throw 64 random bits."""
    dice[0] += STRIDE
    bits = dice[0]
    bits = (bits ^ (bits >> B30)) * FIRST_MIX
    bits = (bits ^ (bits >> B27)) * SECOND_MIX
    return bits ^ (bits >> B31)  # type: ignore[no-any-return]


@compiled
def roll_below(dice: Dice, sides: int) -> int:
    """Throw a whole number from 0 to below `sides`, which is less than 2 to the power of 32."""
    return np.int64(((roll(dice) >> B32) * np.uint64(sides)) >> B32)  # type: ignore[return-value]


@compiled
def roll_share(dice: Dice) -> float:
    """Throw a number from 0 to below 1."""
    return np.float64(roll(dice) >> B11) * UNIT
