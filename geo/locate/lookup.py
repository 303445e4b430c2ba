"""Look points up in an index: quickly where rounding cannot matter, and exactly everywhere else."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.edges import Floats
from geo.locate.blocks import MIXED, SIDE, SIDE_BITS
from geo.locate.grid import CROSSED, ONE, UNSURE, Cells, Frame, read_ends
from geo.locate.index import Index
from geo.locate.orientation import compiled, find_side
from geo.locate.segments import NOBODY

Marks = NDArray[np.uint8]
Batch = tuple[Floats, Floats, Cells]
"""Longitudes and latitudes of some points, and room for what is found."""

BATCH = 4096
"""Points that are looked up together: few enough to stay in the nearest memory."""

INSIDE, BESIDE, SEEN = 1, 2, 4
"""Marks of a division: the point is inside by the crossings so far, is on its edge, was met at all."""

SHARED, ON_BOUNDARY = 1, 2
"""Marks of a point: inside of one division and inside or on the edge of another; on an edge."""


class Waiting(NamedTuple):
    """Hold the points of a batch that are not answered yet, and where the next step finds each."""

    point: Cells
    """The points, by their number in the batch."""
    place: Cells
    """Their blocks, then their cells' lines."""
    cell: Cells
    """For every point of the batch the number of its cell in the block."""


@compiled
def find_rows(x: Floats, y: Floats, index: Index, out: Cells) -> int:
    """Write for each point the row of its division, nobody, or that exact work must tell; give how many must wait.

    Points go through each step many at a time, so that the processor fetches what they need all at once.
    """
    unsure = 0
    waiting = Waiting(np.empty(BATCH, np.int32), np.empty(BATCH, np.int32), np.empty(BATCH, np.int32))
    for start in range(0, x.size, BATCH):
        batch = (x[start : start + BATCH], y[start : start + BATCH], out[start : start + BATCH])
        _find_blocks(batch, index.frame, waiting)
        count = _read_cells(index, batch[2], waiting, _read_blocks(index, batch[2], waiting))
        unsure += _walk(batch, index, waiting, count)
    return unsure


@compiled
def _find_blocks(batch: Batch, frame: Frame, waiting: Waiting) -> None:
    """Write the block of each point and the cell in the block; nothing branches, so that many are done in one."""
    x, y, _ = batch
    columns, rows, across = float(frame.columns), float(frame.rows), np.int32(-(-frame.columns // SIDE))
    outside = np.int32(across * -(-frame.rows // SIDE))
    for at in range(x.size):
        column, row = (x[at] - frame.x0) * frame.per_x, (y[at] - frame.y0) * frame.per_y
        # Not-a-number is in no range, so it is nobody's too.
        is_within = (column >= 0.0) & (row >= 0.0) & (column < columns) & (row < rows)
        across_at, along_at = np.int32(column if is_within else 0.0), np.int32(row if is_within else 0.0)
        block = (along_at >> SIDE_BITS) * across + (across_at >> SIDE_BITS)
        waiting.place[at] = block if is_within else outside
        waiting.cell[at] = ((along_at & (SIDE - 1)) << SIDE_BITS) + (across_at & (SIDE - 1))


@compiled
def _read_blocks(index: Index, out: Cells, waiting: Waiting) -> int:
    """Write what the blocks hold, list the points in mixed ones, and give how many these are."""
    count = 0
    for at in range(out.size):
        found = index.block[np.uint32(waiting.place[at])]
        out[at] = found
        waiting.point[count] = at
        waiting.place[count] = MIXED - found
        count += found <= MIXED
    return count


@compiled
def _read_cells(index: Index, out: Cells, waiting: Waiting, before: int) -> int:
    """Write what the cells of mixed blocks hold, list the points in crossed ones, and give how many these are."""
    count = 0
    for at in range(before):
        point = waiting.point[at]
        found = index.cell[np.uint32((waiting.place[at] << 2 * SIDE_BITS) + waiting.cell[np.uint32(point)])]
        out[point] = found
        waiting.point[count] = point
        waiting.place[count] = CROSSED - found
        count += found < NOBODY
    return count


@compiled
def _walk(batch: Batch, index: Index, waiting: Waiting, count: int) -> int:
    """Walk to each point in a crossed cell; give how many only exact work can tell."""
    x, y, out = batch
    frame, unsure = index.frame, 0
    for at in range(count):
        point = waiting.point[at]
        if out[point] != UNSURE:
            column, row = (x[point] - frame.x0) * frame.per_x, (y[point] - frame.y0) * frame.per_y
            within = (column - (int(column) + 0.5), row - (int(row) + 0.5))
            out[point] = cross_cell(within, index.doubt, index.crossing, waiting.place[at])
        unsure += out[point] == UNSURE
    return unsure


@compiled
def cross_cell(at: tuple[float, float], doubt: float, crossing: Floats, place: int) -> int:
    """Walk straight from the centre of a cell to a point in it, counting what is crossed."""
    x, y = at
    value, is_doubtful = crossing[place, 0], False
    for line in range(place + 1, place + 1 + int(crossing[place, 1])):
        ax, ay, bx, by = crossing[line, 0], crossing[line, 1], crossing[line, 2], crossing[line, 3]
        dx, dy = bx - ax, by - ay
        point, centre = dx * (y - ay) - dy * (x - ax), dy * ax - dx * ay
        start, end = x * ay - y * ax, x * by - y * bx
        is_beside = _agree(point, centre, doubt) | _agree(start, end, doubt)
        is_doubtful |= (not is_beside) & (min(min(abs(point), abs(centre)), min(abs(start), abs(end))) <= doubt)
        step = crossing[line, 4] if point > 0.0 else -crossing[line, 4]
        value += 0.0 if is_beside else step
    if is_doubtful:
        return UNSURE
    if value == 0.0:
        return NOBODY
    return int(value - ONE) if value < 2.0 * ONE else UNSURE


@compiled
def _agree(one: float, other: float, doubt: float) -> bool:
    """Tell whether two turns certainly go the same way."""
    return ((one > doubt) & (other > doubt)) | ((one < -doubt) & (other < -doubt))


@compiled
def settle_rows(x: Floats, y: Floats, index: Index, marks: Marks) -> tuple[Cells, Marks]:
    """Settle points exactly: the least division that covers each, and how each lies there."""
    rows, how = np.empty(x.size, dtype=np.int32), np.empty(x.size, dtype=np.uint8)
    touched = np.empty(marks.size, dtype=np.int32)
    for point in range(x.size):
        count = cast_west(x[point], y[point], index, (marks, touched))
        rows[point], how[point] = _judge(marks, touched[:count])
        marks[touched[:count]] = 0
    return rows, how


@compiled
def _judge(marks: Marks, touched: Cells) -> tuple[int, int]:
    least, inside, beside = -1, 0, 0
    for row in touched:
        if marks[row] & BESIDE:
            beside += 1
        elif marks[row] & INSIDE:
            inside += 1
        else:
            continue
        least = row if least < 0 else min(least, row)
    shared = SHARED if inside and inside + beside > 1 else 0
    return least, shared | (ON_BOUNDARY if beside else 0)


@compiled
def cast_west(x: float, y: float, index: Index, room: tuple[Marks, Cells]) -> int:
    """Cast a ray to the west and mark every division whose edges it meets; give how many were touched."""
    frame = index.frame
    count, row_at = 0, (y - frame.y0) * frame.per_y
    if not (row_at >= 0.0 and row_at < frame.rows):
        return 0
    row = int(row_at)
    for at in range(index.row_first[row], index.row_first[row + 1]):
        segment = index.row_segment[at]
        met = _meet(read_ends(index.ends, segment), x, y)
        if met:
            count = _mark(index.left[segment], met, room, count)
            count = _mark(index.right[segment], met, room, count)
    return count


@compiled
def _meet(ends: tuple[float, float, float, float], x: float, y: float) -> int:
    """Tell whether a point lies on a segment, or a ray from it to the west crosses the segment."""
    ax, ay, bx, by = ends
    # The first end is the lesser, so it is the western one.
    if x < ax or y < min(ay, by) or y > max(ay, by):
        return 0
    crosses = (ay <= y) != (by <= y)
    if x > bx:
        return INSIDE if crosses else 0
    side = find_side(ends, x, y)
    if side == 0:
        return BESIDE
    # East of a segment is its right where it climbs.
    return INSIDE if crosses and (side < 0) == (by > ay) else 0


@compiled
def _mark(row: int, met: int, room: tuple[Marks, Cells], count: int) -> int:
    if row == NOBODY:
        return count
    marks, touched = room
    if not marks[row] & SEEN:
        touched[count] = row
        count += 1
        marks[row] |= SEEN
    if met == INSIDE:
        marks[row] ^= INSIDE
    else:
        marks[row] |= BESIDE
    return count
