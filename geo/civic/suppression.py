"""Keep small counts from being read or worked out: which cells of a table of counts must stay hidden.

A count of 1 up to the threshold is hidden. That alone protects little: a hidden count is the total less the counts
that are shown. So further cells are hidden until every hidden cell has a witness: another table that shows exactly the
same and differs in that cell. A witness is a `Pattern`, which moves a few complaints between two divisions and between
two columns at once: every sum stays as it is, over divisions and over columns alike. Because one witness is enough to
keep any way of solving for the cell from succeeding, no system of equations has to be solved here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.civic.patterns import PatternFinder
from geo.civic.tables import TOTAL, CountTable

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class ProtectedTable:
    """Show a table of counts without the cells that are hidden."""

    table: CountTable
    """The true counts, for officers only."""
    hidden: Mask
    """True for each cell that is not shown."""
    threshold: int
    """Counts from 1 up to but without this are hidden."""

    def show(self, row: int, column: int = TOTAL) -> int | None:
        """Give a count, or None where it is hidden."""
        return None if self.hidden[row, column] else int(self.table.counts[row, column])

    def show_sum(self, rows: list[int], column: int = TOTAL) -> int | None:
        """Sum counts that are all shown; with a hidden one among them the sum is hidden too."""
        return None if self.hidden[rows, column].any() else int(self.table.counts[rows, column].sum())


def protect(table: CountTable, *, threshold: int, reach: int = 1) -> ProtectedTable:
    """Hide the small counts and whatever would give them away.

    Zero is shown. The answer depends on the table alone, so that every question about the same table is answered
    with the same cells hidden, and answers cannot be played off against each other.
    """
    finder = PatternFinder(table, reach=reach)
    rows, columns = table.counts.shape
    hidden = finder.hidden[:rows, :columns]
    hidden |= (table.counts > 0) & (table.counts < threshold)
    witnessed = np.zeros_like(hidden)
    # hiding more never spoils a witness, so one pass is enough
    for row, column in _order_cells(table, hidden):
        if not witnessed[row, column]:
            pattern = finder.find(row, column)
            hidden[pattern] = True
            witnessed[pattern] = True
    return ProtectedTable(table, hidden, threshold)


def _order_cells(table: CountTable, hidden: Mask) -> list[tuple[int, int]]:
    """Take totals before parts and high rows before low ones: their witnesses reach down and serve others too."""
    cells = np.argwhere(hidden)
    order = np.lexsort((cells[:, 1], cells[:, 0], table.depths[cells[:, 0]], cells[:, 1] != TOTAL))
    return [(int(row), int(column)) for row, column in cells[order]]
