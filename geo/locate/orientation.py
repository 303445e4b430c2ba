"""Tell on which side of an edge a point lies, without ever rounding the answer.

A quick determinant decides when it is farther from zero than its own rounding can reach. Otherwise the six products of
the determinant are kept as sums of two floats each and added up without loss, after Shewchuk (1997), "Adaptive
precision floating-point arithmetic and fast robust geometric predicates".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np

Kernel = TypeVar("Kernel", bound=Callable[..., object])


ROUNDING = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
"""How far rounding moves the determinant, as a share of the sum of its two products."""
LEAST_SURE = 1e-280
"""Below this a product may have lost digits to underflow, so that the quick answer does not count."""
SPLITTER = 2.0**27 + 1.0
"""What cuts a float into two halves of 26 bits."""
LIFT = 2.0**400
"""What keeps the products of small coordinates above underflow and those of large ones below overflow."""


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function once for this machine and keep the result beside its source."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(kernel))


@compiled
def find_side(ends: tuple[float, float, float, float], x: float, y: float) -> int:
    """Give 1 when the point is on the left of the edge, -1 on its right, and 0 on the line through it.

    The answer is exact for coordinates that are zero or between 1e-200 and 1e30.

    >>> find_side((0.0, 0.0, 3.0, 1.0), 0.3, 0.1)
    1
    """
    ax, ay, bx, by = ends
    left, right = (bx - ax) * (y - ay), (by - ay) * (x - ax)
    turn, reach = left - right, ROUNDING * (abs(left) + abs(right))
    if abs(turn) > reach and reach > LEAST_SURE:
        return 1 if turn > 0.0 else -1
    return _sum_sides((ax * LIFT, ay * LIFT, bx * LIFT, by * LIFT), x * LIFT, y * LIFT)


@compiled
def _sum_sides(ends: tuple[float, float, float, float], x: float, y: float) -> int:
    ax, ay, bx, by = ends
    parts = np.zeros(12)
    count = _add_product(parts, 0, bx, y)
    count = _add_product(parts, count, -bx, ay)
    count = _add_product(parts, count, -ax, y)
    count = _add_product(parts, count, -by, x)
    count = _add_product(parts, count, by, ax)
    count = _add_product(parts, count, ay, x)
    # The parts do not overlap and grow, so the last that is not zero outweighs all before it.
    for place in range(count - 1, -1, -1):
        if parts[place] != 0.0:
            return 1 if parts[place] > 0.0 else -1
    return 0


@compiled
def _add_product(parts: np.ndarray, count: int, first: float, second: float) -> int:
    whole = first * second
    _grow(parts, count, _find_lost(first, second, whole))
    _grow(parts, count + 1, whole)
    return count + 2


@compiled
def _find_lost(first: float, second: float, whole: float) -> float:
    """Give what rounding took from a product."""
    cut = SPLITTER * first
    high_1 = cut - (cut - first)
    low_1 = first - high_1
    cut = SPLITTER * second
    high_2 = cut - (cut - second)
    low_2 = second - high_2
    return low_1 * low_2 - (((whole - high_1 * high_2) - low_1 * high_2) - high_1 * low_2)


@compiled
def _grow(parts: np.ndarray, count: int, added: float) -> None:
    """Add a float to a sum of floats that do not overlap; what rounding takes stays as a part of its own."""
    for place in range(count):
        total = added + parts[place]
        taken = total - added
        parts[place] = (added - (total - taken)) + (parts[place] - taken)
        added = total
    parts[count] = added
