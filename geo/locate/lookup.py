"""Look points up in an index: quickly where rounding cannot matter, and exactly everywhere else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.coverage.edges import Floats, Ints
from geo.locate.grid import CROSSED, ONE, UNSURE, Cells, read_ends
from geo.locate.index import Index
from geo.locate.orientation import compiled, find_side
from geo.locate.segments import NOBODY

Marks = NDArray[np.uint8]

BATCH = 4096
"""Points that are looked up together: few enough to stay in the nearest memory."""

INSIDE, BESIDE, SEEN = 1, 2, 4
"""Marks of a division: the point is inside by the crossings so far, is on its edge, was met at all."""

SHARED, ON_BOUNDARY = 1, 2
"""Marks of a point: inside of one division and inside or on the edge of another; on an edge."""


@compiled
def find_rows(x: Floats, y: Floats, index: Index, out: Cells) -> int:
    """Write for each point the row of its division, nobody, or that exact work must tell; give how many must wait."""
    unsure = 0
    waiting = np.empty(BATCH, dtype=np.int64)
    for start in range(0, x.size, BATCH):
        count = _read_cells((x, y, out), index, start, waiting)
        for at in range(count):
            point = waiting[at]
            if out[point] != UNSURE:
                out[point] = _walk(x[point], y[point], index, CROSSED - out[point])
            unsure += out[point] == UNSURE
    return unsure


@compiled
def _read_cells(points: tuple[Floats, Floats, Cells], index: Index, start: int, waiting: Ints) -> int:
    """Write what the cells of a batch of points hold, and list the points that their cells do not decide.

    Without a branch on what is found, the processor fetches the cells of many points at once.
    """
    x, y, out = points
    frame, cell, count = index.frame, index.cell, 0
    for point in range(start, min(start + BATCH, x.size)):
        column, row = (x[point] - frame.x0) * frame.per_x, (y[point] - frame.y0) * frame.per_y
        # Not-a-number is in no range, so it is nobody's too.
        is_within = column >= 0.0 and row >= 0.0 and column < frame.columns and row < frame.rows
        out[point] = cell[int(row) * frame.columns + int(column)] if is_within else NOBODY
        waiting[count] = point
        count += out[point] < NOBODY
    return count


@compiled
def _walk(x: float, y: float, index: Index, place: int) -> int:
    frame = index.frame
    column, row = (x - frame.x0) * frame.per_x, (y - frame.y0) * frame.per_y
    return _cross(column - (int(column) + 0.5), row - (int(row) + 0.5), index, place)


@compiled
def _cross(x: float, y: float, index: Index, place: int) -> int:
    """Walk straight from the centre of a cell to a point in it, counting what is crossed."""
    doubt, crossing = index.doubt, index.crossing
    value = crossing[place, 0]
    for at in range(place + 1, place + 1 + int(crossing[place, 1])):
        ax, ay, bx, by = crossing[at, 0], crossing[at, 1], crossing[at, 2], crossing[at, 3]
        dx, dy = bx - ax, by - ay
        point, centre = dx * (y - ay) - dy * (x - ax), dy * ax - dx * ay
        if (point > doubt and centre > doubt) or (point < -doubt and centre < -doubt):
            continue
        start, end = x * ay - y * ax, x * by - y * bx
        if (start > doubt and end > doubt) or (start < -doubt and end < -doubt):
            continue
        if min(abs(point), abs(centre), abs(start), abs(end)) <= doubt:
            return UNSURE
        value += crossing[at, 4] if point > 0.0 else -crossing[at, 4]
    if value == 0.0:
        return NOBODY
    return int(value - ONE) if value < 2.0 * ONE else UNSURE


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
