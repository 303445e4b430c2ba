"""Locate one point at all levels of a country at once, as quickly as a single call can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numba.typed import List

from geo.coverage.edges import Floats
from geo.locate.blocks import MIXED, SIDE, SIDE_BITS
from geo.locate.grid import CROSSED, UNSURE, Cells, Frame
from geo.locate.index import Index
from geo.locate.locator import Locator
from geo.locate.lookup import cross_cell
from geo.locate.orientation import compiled
from geo.locate.segments import NOBODY

Covering = tuple[str, bool]
"""The key of a division that covers a point, and whether the point is inside of it and not on its edge."""


class Sheet(NamedTuple):
    """Hold of an index what quick answers need."""

    frame: Frame
    """Where the grid lies."""
    doubt: float
    """Turns nearer to zero than this may be rounded ones."""
    block: Cells
    """As in the index."""
    cell: Cells
    """As in the index."""
    crossing: Floats
    """As in the index."""


class Stack:
    """Answer for the coverages of several levels which divisions cover a point."""

    def __init__(self, locators: Mapping[str, Locator]) -> None:
        self.locators = dict(locators)
        self._levels = tuple(self.locators.values())
        # a list of compiled code is handed over as one pointer, where a tuple is taken apart at every call
        self._sheets = List([_take_sheet(locator.index) for locator in self._levels]) if locators else None

    def find_rows(self, x: float, y: float) -> tuple[int, ...]:
        """Give the row of the division at each level, -1 for nobody, and -2 where `list_covering` must tell."""
        if self._sheets is None:
            return ()
        out = np.empty(len(self._levels), dtype=np.int32)
        _find_rows(x, y, self._sheets, out)
        return tuple(out.tolist())

    def list_covering(self, x: float, y: float) -> list[Covering]:
        """List all divisions that cover a point, edges included, level by level and then by key."""
        found: list[Covering] = []
        for locator, row in zip(self._levels, self.find_rows(x, y), strict=True):
            if row == UNSURE:
                place = locator.find_place(x, y)
                found += [(key, key in place.inside) for key in place.candidates]
            elif row != NOBODY:
                found.append((locator.keys[row], True))
        return found


def _take_sheet(index: Index) -> Sheet:
    return Sheet(index.frame, index.doubt, index.block, index.cell, index.crossing)


@compiled
def _find_rows(x: float, y: float, sheets: Sequence[Sheet], out: Cells) -> None:
    for level in range(len(sheets)):
        out[level] = _find_row(x, y, sheets[level])


@compiled
def _find_row(x: float, y: float, sheet: Sheet) -> int:
    """Find the row of one point, as `lookup.find_rows` does for many."""
    frame = sheet.frame
    column, row = (x - frame.x0) * frame.per_x, (y - frame.y0) * frame.per_y
    # Not-a-number is in no range, so it is nobody's too.
    if not (column >= 0.0 and row >= 0.0 and column < frame.columns and row < frame.rows):
        return NOBODY
    across, along = int(column), int(row)
    found = int(sheet.block[(along >> SIDE_BITS) * -(-frame.columns // SIDE) + (across >> SIDE_BITS)])
    if found > MIXED:
        return found
    cell = ((along & (SIDE - 1)) << SIDE_BITS) + (across & (SIDE - 1))
    found = int(sheet.cell[((MIXED - found) << 2 * SIDE_BITS) + cell])
    if found > CROSSED:
        return found
    at = (column - (across + 0.5), row - (along + 0.5))
    return cross_cell(at, sheet.doubt, sheet.crossing, CROSSED - found)
