"""Hold counts by division and column so that every sum somebody could take is a cell of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

TOTAL = 0
"""The column of the total; the columns of the groups follow."""

NOWHERE = -1
"""What stands above row 0."""


@dataclass(frozen=True)
class CountTable:
    """Hold counts over a tree of divisions and over groups of columns.

    Row 0 is the whole register. The rows under a row sum to it, and the columns of each group sum to the total. What
    lies in a division but in none below it has a row of its own, so that a subtraction never finds a number that is
    not in the table.
    """

    keys: tuple[int | None, ...]
    """The division of each row; None for row 0 and for what lies in no division below the one above."""
    above: Integers
    """The row above each row, which always comes before it; `NOWHERE` for row 0."""
    counts: Integers
    """The counts by row and column."""
    groups: tuple[tuple[int, ...], ...] = ()
    """The columns of each group, such as the categories and the statuses."""

    @cached_property
    def rows(self) -> dict[int, int]:
        """Give the row of each division."""
        return {key: row for row, key in enumerate(self.keys) if key is not None}

    @cached_property
    def rest_rows(self) -> dict[int, int]:
        """Give for a row the row of what lies in it but in no division below it, where there is any."""
        return {int(self.above[row]): row for row, key in enumerate(self.keys) if key is None and row}

    @cached_property
    def leaves(self) -> Integers:
        """List the rows without rows below them."""
        return np.setdiff1d(np.arange(len(self.keys)), self.above)

    @cached_property
    def depths(self) -> Integers:
        """Give how many rows stand above each row."""
        depths = np.zeros(len(self.keys), dtype=np.int64)
        for row in range(1, len(self.keys)):
            depths[row] = depths[self.above[row]] + 1
        return depths


def build_table(
    parents: Mapping[int, int | None],
    own: Mapping[int | None, Sequence[int]],
    *,
    groups: tuple[tuple[int, ...], ...] = (),
) -> CountTable:
    """Build the table from what was counted in each division itself, leaving out what was counted below it.

    `parents` says under which division each stands; `own` holds all columns of a division, and under None what lies
    in no division at all.
    """
    keys, above = _order_rows(parents)
    inner = sorted({row for row in above if row != NOWHERE and np.any(own.get(keys[row], 0))})
    above += inner
    counts = np.zeros((len(above), 1 + sum(len(group) for group in groups)), dtype=np.int64)
    rest = {row: len(keys) + place for place, row in enumerate(inner)}
    for row, key in enumerate(keys):
        counts[rest.get(row, row)] = own.get(key, 0)
    table = CountTable((*keys, *[None] * len(inner)), np.array(above), _add_up(counts, above), groups)
    _check_groups(table)
    return table


def _order_rows(parents: Mapping[int, int | None]) -> tuple[list[int | None], list[int]]:
    """Order the divisions so that each follows its parent; one whose parents run in a circle stands at the top."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for key in sorted(parents):
        below[parents[key] if parents[key] in parents else None].append(key)
    keys: list[int | None] = [None]
    above = [NOWHERE]
    for row, parent in enumerate(keys):
        keys += below[parent]
        above += [row] * len(below[parent])
    lost = sorted(set(parents).difference(keys))
    return [*keys, *lost], [*above, *[0] * len(lost)]


def _add_up(counts: Integers, above: Sequence[int]) -> Integers:
    for row in range(len(above) - 1, 0, -1):
        counts[above[row]] += counts[row]
    return counts


def _check_groups(table: CountTable) -> None:
    for group in table.groups:
        if not np.array_equal(table.counts[:, group].sum(axis=1), table.counts[:, TOTAL]):
            raise ValueError(f"the columns {group} do not sum to the total")
