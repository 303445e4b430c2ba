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
            offers = [offer for sign in (1, -1) for offer in self._ask(row, top, moves, sign)]
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

    def _ask(self, row: int, top: int, moves: Moves, sign: int) -> Iterator[Offer]:
        """Offer the cheapest pattern whose rows through `row` meet below `top`, if there is one."""
        below = 0 if top == NOWHERE else int(self.table.depths[top]) + 1
        own = self.paths[self.paths[:, self.table.depths[row]] == row][:, below:]
        own_prices = self._price(own, moves, sign)
        total = own_prices.min(axis=0)
        sides = [(own, own_prices)]
        if top != NOWHERE:
            others = self.paths[self.paths[:, below - 1] == top][:, below:]
            others = others[others[:, 0] != own[0, 0]]
            if not len(others):
                return
            other_prices = self._price(others, moves, -sign)
            total = total + other_prices.min(axis=0)
            sides.append((others, other_prices))
        best = int(total.argmin())
        if total[best] < HOPELESS:
            rows = np.concatenate([side[prices[:, best].argmin()] for side, prices in sides])
            yield Offer(int(total[best]), self._cross(rows, moves.columns[best]))

    def _price(self, paths: Integers, moves: Moves, sign: int) -> Integers:
        """Price each path (lines) with each column set (columns): what it would hide, or HOPELESS."""
        index = paths[:, :, None, None], moves.columns[None, None]
        counts = self.counts[index]
        least = np.where(moves.signs * sign < 0, self.reach + 1, 1)
        prices = np.where(self.hidden[index], 0, counts + 1).sum(axis=(1, 3))
        return np.where((counts >= least).all(axis=(1, 3)), prices, HOPELESS)

    def _cross(self, rows: Integers, columns: Integers) -> Cells:
        own = rows[rows < len(self.table.keys)]
        cells = np.meshgrid(own, columns, indexing="ij")
        return cells[0].ravel(), cells[1].ravel()
