"""Lay a grid over a coverage: which cells lie in one division, and which segments cross the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.edges import Floats, Ints
from geo.locate.orientation import compiled
from geo.locate.segments import NOBODY, Rows, Segments

Cells = NDArray[np.int32]

UNSURE = -2
"""The mark of a cell, and the answer for a point, that only exact work can settle."""
CROSSED = -3
"""The mark of a cell that segments cross and whose line is the first; further lines count downwards."""
ONE = 2.0**32
"""What one division adds to the value of a place, beside its row: the value then tells how many cover the place."""

CELLS_PER_SEGMENT = 32
LEAST_CELLS, MOST_CELLS = 64, 3072**2
MOST_SIDE = 8192
MARGIN = 0.381966
"""Where the grid begins before the coverage, in cells: seldom do drawn borders lie in the middle of cells then."""
LEAST_CELL = 2.0**-30
"""The least side of a cell, as a share of the largest coordinate: far above what rounding can move."""
PAD = 1e-3
"""How far beyond its sides a cell takes in segments, in cells: far above what rounding can move."""
FLAT = 1e-3
"""Segments lower than this, in cells, are taken in by all cells beside them."""


class Frame(NamedTuple):
    """Place a grid on the globe."""

    x0: float
    """The western side of the grid."""
    y0: float
    """The southern side of the grid."""
    per_x: float
    """Cells to a degree of longitude."""
    per_y: float
    """Cells to a degree of latitude."""
    columns: int
    """Cells from west to east."""
    rows: int
    """Cells from south to north."""


class Lists(NamedTuple):
    """Hold for each of many places its segments, one place after the other."""

    first: Ints
    """Where the segments of each place begin, and the end of the last."""
    segment: Cells
    """The segments."""


def choose_frame(segments: Segments, *, most_cells: int = MOST_CELLS) -> Frame:
    """Choose a grid of several cells to a segment."""
    corners = segments.ends.reshape(-1, 2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    least = max(float(np.abs(corners).max()) * LEAST_CELL, 1e-150)
    size = np.maximum(high - low, least)
    cells = min(max(CELLS_PER_SEGMENT * len(segments), LEAST_CELLS), most_cells)
    sides = np.clip(np.round(np.sqrt(cells * size / size[::-1])), 1, MOST_SIDE)
    step = np.maximum(size / sides, least)
    begin = low - MARGIN * step
    columns, rows = (int(side) + 2 for side in sides)
    return Frame(float(begin[0]), float(begin[1]), float(1 / step[0]), float(1 / step[1]), columns, rows)


def to_cells(ends: Floats, frame: Frame) -> Floats:
    """Give the ends of segments in cells from the corner of the grid, rounded as points will be."""
    begin = np.array([frame.x0, frame.y0] * 2)
    return np.asarray((ends - begin) * np.array([frame.per_x, frame.per_y] * 2))


def measure_values(rows: Rows) -> Floats:
    """Give what each division adds to the value of the ground it covers; nobody adds nothing."""
    return np.where(rows == NOBODY, 0.0, ONE + rows)


def read_values(values: Floats) -> Cells:
    """Give the one division that a value stands for, nobody, or that only exact work can tell."""
    sure = np.where(values == 0.0, float(NOBODY), values - ONE)
    return np.where(values < 2 * ONE, sure, float(UNSURE)).astype(np.int32)


def list_crossing(spans: Floats, frame: Frame) -> Lists:
    """List for every cell the segments that cross it or come near."""
    counts = np.zeros(frame.columns * frame.rows + 1, dtype=np.int64)
    return _fill(counts, lambda place, found: _enter_cells(spans, frame, place, found))


def list_by_row(spans: Floats, frame: Frame) -> Lists:
    """List for every row of cells all segments that have a point of its latitudes.

    Rounding keeps the order of numbers, so that no segment is missed: the row of a point between two latitudes is
    never outside the rows of these.
    """
    counts = np.zeros(frame.rows + 1, dtype=np.int64)
    return _fill(counts, lambda place, found: _enter_rows(spans, place, found))


def _fill(counts: Ints, enter: Callable[[Ints, Cells], None]) -> Lists:
    enter(counts, np.empty(0, dtype=np.int32))
    first = np.zeros(len(counts), dtype=np.int64)
    np.cumsum(counts[:-1], out=first[1:])
    found = np.empty(int(first[-1]), dtype=np.int32)
    if found.size:
        enter(first.copy(), found)
    return Lists(first, found)


@compiled
def read_ends(spans: Floats, segment: int) -> tuple[float, float, float, float]:
    """Read both ends of one segment."""
    return spans[segment, 0], spans[segment, 1], spans[segment, 2], spans[segment, 3]


@compiled
def _enter_cells(spans: Floats, frame: Frame, place: Ints, found: Cells) -> None:
    """Count the segments of each cell when there is no room in `found`, else write them there."""
    for segment in range(spans.shape[0]):
        low, high = min(spans[segment, 1], spans[segment, 3]), max(spans[segment, 1], spans[segment, 3])
        for row in range(max(int(low - PAD), 0), min(int(high + PAD), frame.rows - 1) + 1):
            west, east = _find_columns(read_ends(spans, segment), row)
            for column in range(max(int(west), 0), min(int(east), frame.columns - 1) + 1):
                cell = row * frame.columns + column
                if found.size:
                    found[place[cell]] = segment
                place[cell] += 1


@compiled
def _find_columns(span: tuple[float, float, float, float], row: int) -> tuple[float, float]:
    """Find from where to where a segment runs within a row of cells, with something to spare."""
    ax, ay, bx, by = span
    west, east = min(ax, bx), max(ax, bx)
    if abs(by - ay) >= FLAT:
        slope = (bx - ax) / (by - ay)
        one = ax + slope * (max(min(ay, by), row - PAD) - ay)
        other = ax + slope * (min(max(ay, by), row + 1.0 + PAD) - ay)
        west, east = max(west, min(one, other)), min(east, max(one, other))
    return west - PAD, east + PAD


@compiled
def _enter_rows(spans: Floats, place: Ints, found: Cells) -> None:
    for segment in range(spans.shape[0]):
        low, high = min(spans[segment, 1], spans[segment, 3]), max(spans[segment, 1], spans[segment, 3])
        for row in range(int(low), int(high) + 1):
            if found.size:
                found[place[row]] = segment
            place[row] += 1


@compiled
def sum_centres(spans: Floats, steps: Floats, frame: Frame) -> Floats:
    """Sum at the centre of every cell the values of the divisions that cover it.

    Where a segment passes within rounding of a centre its value may be wrong; a look-up sees such segments itself.
    """
    values = np.zeros(frame.columns * frame.rows)
    for segment in range(spans.shape[0]):
        ax, ay, bx, by = read_ends(spans, segment)
        low, high = min(ay, by), max(ay, by)
        for row in range(max(int(low - 0.5), 0), min(int(high + 0.5), frame.rows - 1) + 1):
            level = row + 0.5
            if (ay <= level) != (by <= level):
                at = ax + (bx - ax) * ((level - ay) / (by - ay))
                # The first centre east of the crossing; the sums along the row carry it on.
                column = max(int(np.ceil(min(max(at, min(ax, bx)), max(ax, bx)) - 0.5)), 0)
                values[row * frame.columns + column] += steps[segment] if by < ay else -steps[segment]
    for row in range(frame.rows):
        for column in range(1, frame.columns):
            values[row * frame.columns + column] += values[row * frame.columns + column - 1]
    return values
