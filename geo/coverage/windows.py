"""Find quickly which of many edges come near some lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.coverage.chains import Chain
from geo.coverage.edges import Flags, Floats, Ints

_FEW = 4
"""So many windows are looked at one by one; of more a grid is made."""
_MOST_CELLS = 4096
"""The most cells of the grid on a side."""


@dataclass(frozen=True)
class Windows:
    """Hold the boxes around some lines."""

    low: Floats
    """The low corner of each."""
    high: Floats
    """The high corner of each."""

    @classmethod
    def around(cls, lines: Sequence[Floats], *, reach: float) -> Windows:
        """Open a window around each line, a little wider than the line."""
        low = np.array([line.min(axis=0) for line in lines])
        high = np.array([line.max(axis=0) for line in lines])
        return cls(low - reach, high + reach)

    def select(self, chain: Chain) -> Ints:
        """List the edges that may come into a window; all that do are among them."""
        if len(self.low) <= _FEW:
            near = [chain.find_near(Chain(self.low[[row]], self.high[[row]])) for row in range(len(self.low))]
            return np.unique(np.concatenate(near))
        return np.flatnonzero(self._grid.hits(chain.tail) | self._find_long(chain))

    @cached_property
    def _grid(self) -> _Grid:
        span = self.high.max(axis=0) - self.low.min(axis=0)
        usual = float(np.median(self.high - self.low))
        cell = max(usual, float(span.max()) / _MOST_CELLS, 1e-9)
        # An edge no longer than a cell begins in the window or within a cell of it.
        first = np.floor((self.low - cell) / cell).astype(np.int64)
        last = np.floor((self.high + cell) / cell).astype(np.int64)
        origin = first.min(axis=0)
        marked = np.zeros(last.max(axis=0) - origin + 1, dtype=np.bool_)
        for (west, south), (east, north) in zip((first - origin).tolist(), (last - origin).tolist(), strict=True):
            marked[west : east + 1, south : north + 1] = True
        return _Grid(cell, origin, marked)

    def _find_long(self, chain: Chain) -> Flags:
        """Mark the edges longer than a cell that meet a window."""
        found = np.zeros(chain.size, dtype=np.bool_)
        away, cell = chain.head - chain.tail, self._grid.cell
        long = np.flatnonzero((np.abs(away[:, 0]) > cell) | (np.abs(away[:, 1]) > cell))
        if len(long):
            low, high = np.minimum(chain.tail[long], chain.head[long]), np.maximum(chain.tail[long], chain.head[long])
            boxes = np.asarray(shapely.box(*low.T, *high.T))
            found[long[np.unique(self._tree.query(boxes)[0])]] = True
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(shapely.box(*self.low.T, *self.high.T)))


@dataclass(frozen=True)
class _Grid:
    """Hold which cells of a grid are near a window."""

    cell: float
    origin: Ints
    marked: Flags

    def hits(self, xy: Floats) -> Flags:
        """Mark the points in such cells."""
        place = np.floor(xy / self.cell).astype(np.int64) - self.origin
        east, north = place[:, 0], place[:, 1]
        inside = (east >= 0) & (east < self.marked.shape[0]) & (north >= 0) & (north < self.marked.shape[1])
        return np.asarray(inside & self.marked.take(east * self.marked.shape[1] + north, mode="clip"))
