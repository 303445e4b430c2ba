"""Find the cheapest way to move complaints about a table of counts without changing what it shows.

A pattern is a set of rows with signs times a set of columns with signs. The rows run from a leaf up to below a common
row (plus) and from there down to another leaf (minus), or from a leaf all the way up to row 0. The columns are two of
one group (plus and minus), or the total with one column of every group (all plus). Adding the product of the two to
the counts leaves every sum over rows and over columns as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geo.civic.tables import NOWHERE, TOTAL, CountTable, Integers

Mask = NDArray[np.bool_]

Cells = tuple[Integers, Integers]
"""Rows and columns of cells, as an index."""

HOPELESS = 1 << 60
"""The price of what cannot be done; two of them still fit into a number."""


@dataclass(frozen=True)
class Moves:
    """Hold column sets, one a line; where a set is shorter than others it is filled up with the spare column."""

    columns: Integers
    """The columns that change, by set."""
    signs: Integers
    """Plus or minus one for each."""


@dataclass(frozen=True)
class Offer:
    """Hold the cheapest pattern of one kind."""

    price: int
    """How much it would hide that is not hidden yet."""
    cells: Cells
    """What it changes."""


@dataclass
class PatternFinder:
    """Look for patterns in one table while more and more of it is hidden."""

    table: CountTable
    """The true counts."""
    reach: int
    """How far a pattern must be able to move a count."""

    def __post_init__(self) -> None:
        """Add a spare row and column that may be moved at will and cost nothing."""
        rows, columns = self.table.counts.shape
        self.counts = np.full((rows + 1, columns + 1), HOPELESS, dtype=np.int64)
        self.counts[:rows, :columns] = self.table.counts
        self.hidden = np.ones_like(self.counts, dtype=bool)
        self.hidden[:rows, :columns] = False

    @cached_property
    def paths(self) -> Integers:
        """Give for each leaf its row at every depth, from row 0 on; filled up with the spare row."""
        depths = self.table.depths
        paths = np.full((len(self.table.leaves), int(depths.max()) + 1), len(self.table.keys), dtype=np.int64)
        rows = self.table.leaves.copy()
        while (rows != NOWHERE).any():
            present = np.flatnonzero(rows != NOWHERE)
            paths[present, depths[rows[present]]] = rows[present]
            rows[present] = self.table.above[rows[present]]
        return paths

    def find(self, row: int, column: int) -> Cells:
        """Find the pattern through a cell that hides the least beyond what is hidden, the nearest rows first."""
        for moves, top in self._list_tries(row, column):
            offers = self._ask(row, top, moves)
            if offers:
                return min(offers, key=lambda offer: offer.price).cells
        raise AssertionError("a leaf with all above it, the total and a column of each group are always a pattern")

    def _list_tries(self, row: int, column: int) -> Iterator[tuple[Moves, int]]:
        tops = []
        while row:
            row = int(self.table.above[row])
            tops.append(row)
        swaps, totals = self._list_swaps(column), self._list_totals(column)
        for reach in ([top for top in tops if top], [0] if tops else [], [NOWHERE]):
            for moves in (swaps, totals):
                yield from ((moves, top) for top in reach if len(moves.columns))

    def _list_swaps(self, column: int) -> Moves:
        others = [other for group in self.table.groups if column in group for other in group if other != column]
        columns = np.array([[column, other] for other in others], dtype=np.int64).reshape(-1, 2)
        return Moves(columns, np.broadcast_to([1, -1], columns.shape))

    def _list_totals(self, column: int) -> Moves:
        choices = [[column] if column in group else group for group in self.table.groups]
        columns = np.array([[TOTAL, *chosen] for chosen in product(*choices)], dtype=np.int64)
        return Moves(columns, np.ones_like(columns))

    def _ask(self, row: int, top: int, moves: Moves) -> list[Offer]:
        """Offer for each direction the cheapest pattern whose rows through `row` meet below `top`, if there is one."""
        lines, is_own = self._list_lines(row, top)
        if is_own.all() and top != NOWHERE:
            return []
        index = lines[:, :, None, None], moves.columns[None, None]
        counts, rises = self.counts[index], (moves.signs[None] > 0) == is_own[:, None, None]
        loss = np.where(self.hidden[index], 0, counts + 1).sum(axis=(1, 3))
        offers = []
        # what falls must stay at one or more, since zero is shown
        for least in (np.where(rises, 1, self.reach + 1), np.where(rises, self.reach + 1, 1)):
            prices = np.where((counts >= least[:, None]).all(axis=(1, 3)), loss, HOPELESS)
            offers += self._pick(lines, is_own, prices, moves)
        return offers

    def _list_lines(self, row: int, top: int) -> tuple[Integers, Mask]:
        """List the paths from below `top` to the leaves, and which of them run through `row`.

        Paths that only start like the row's own are left out: they would meet it lower down.
        """
        # a path that is filled up at this depth holds the spare row, which is nobody's
        own = self.paths[:, self.table.depths[row]] == row
        if top == NOWHERE:
            return self.paths[own], np.ones(int(own.sum()), dtype=bool)
        below = int(self.table.depths[top]) + 1
        start = self.paths[own.argmax(), below]
        kept = np.flatnonzero(own | ((self.paths[:, below - 1] == top) & (self.paths[:, below] != start)))
        return self.paths[kept, below:], own[kept]

    def _pick(self, lines: Integers, is_own: Mask, prices: Integers, moves: Moves) -> list[Offer]:
        """Pick the column set, and for it the line of either side, that cost the least together."""
        sides = [side for side in (np.flatnonzero(is_own), np.flatnonzero(~is_own)) if len(side)]
        total = sum(prices[side].min(axis=0) for side in sides)
        best = int(np.argmin(total))
        price = sum(int(prices[side, best].min()) for side in sides)
        if price >= HOPELESS:
            return []
        rows = np.concatenate([lines[side[prices[side, best].argmin()]] for side in sides])
        return [Offer(price, self._cross(rows, moves.columns[best]))]

    def _cross(self, rows: Integers, columns: Integers) -> Cells:
        own = rows[rows < len(self.table.keys)]
        return np.repeat(own, len(columns)), np.tile(columns, len(own))
