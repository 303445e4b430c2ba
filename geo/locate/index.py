"""Put a coverage into the arrays that look-ups read, and nothing else."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.edges import Floats, Ints
from geo.locate.blocks import gather_blocks
from geo.locate.grid import (
    CROSSED,
    MOST_CELLS,
    Cells,
    Frame,
    Lists,
    choose_frame,
    list_by_row,
    list_crossing,
    measure_values,
    read_values,
    sum_centres,
    to_cells,
)
from geo.locate.segments import Rows, Segments

ROUNDING = 256 * 2.0**-53
"""How far rounding moves a turn between points of a cell, for each cell of the grid's side and of a segment's reach."""


class Index(NamedTuple):
    """Hold the grid, what crosses its cells, and the segments themselves for what only exact work can tell."""

    frame: Frame
    """Where the grid lies."""
    doubt: float
    """Turns nearer to zero than this may be rounded ones."""
    block: Cells
    """For each block of cells its division, nobody, or where its cells begin; the last is what lies outside."""
    cell: Cells
    """For each cell of a mixed block its division, nobody, or where it stands among the cells that are crossed."""
    crossing: Floats
    """For each crossed cell a line with the value at its centre and the number of its segments, then these.

    Each is written in cells from the centre, as x, y, x, y, and what crossing it to its left adds.
    """
    ends: Floats
    """Both ends of each segment, as given."""
    left: Rows
    """The division on the left of each segment."""
    right: Rows
    """The division on the right of each segment."""
    row_first: Ints
    """For each row of cells where its segments begin in `row_segment`, and the end of the last."""
    row_segment: Cells
    """The segments of each row."""


def build_index(segments: Segments, *, most_cells: int = MOST_CELLS) -> Index:
    """Build the index of a coverage; fewer cells make it smaller and slower."""
    frame = choose_frame(segments, most_cells=most_cells)
    spans = to_cells(segments.ends, frame)
    steps = measure_values(segments.left) - measure_values(segments.right)
    values = sum_centres(spans, steps, frame)
    lists = list_crossing(spans, frame)
    crossed = np.flatnonzero(np.diff(lists.first))
    lines = _shift_to_centres(spans, lists, frame, crossed)
    doubt = ROUNDING * max(frame.columns, frame.rows) * (1.0 + float(np.abs(lines).max()))
    # Each cell's own line stands before those of its segments.
    head = lists.first[crossed] + np.arange(len(crossed))
    cell = read_values(values)
    cell[crossed] = CROSSED - head
    crossing = np.zeros((len(lines) + len(head), 5))
    crossing[head, 0], crossing[head, 1] = values[crossed], np.diff(lists.first)[crossed]
    body = np.arange(len(lines)) + np.repeat(np.arange(1, len(head) + 1), np.diff(lists.first)[crossed])
    crossing[body, :4], crossing[body, 4] = lines, steps[lists.segment]
    arrays = (
        *gather_blocks(cell, frame),
        crossing,
        segments.ends,
        segments.left,
        segments.right,
        *list_by_row(spans, frame),
    )
    return freeze(Index(frame, doubt, *arrays))


def _shift_to_centres(spans: Floats, lists: Lists, frame: Frame, crossed: Ints) -> Floats:
    """Give the segments of each crossed cell as seen from its centre."""
    centres = np.column_stack([crossed % frame.columns, crossed // frame.columns]) + 0.5
    return np.asarray(spans[lists.segment] - np.tile(np.repeat(centres, np.diff(lists.first)[crossed], axis=0), 2))


def freeze(index: Index) -> Index:
    """Forbid writing to the arrays: many share them, and code is compiled once for them and for mapped files."""
    return Index(index.frame, index.doubt, *(_freeze(array) for array in index[2:]))


def _freeze(array: NDArray[Any]) -> NDArray[Any]:
    array = np.ascontiguousarray(array).view()
    array.flags.writeable = False
    return array
