"""Test that the grid misses no segment."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Polygon, box

from geo.locate.grid import (
    MOST_SIDE,
    ONE,
    UNSURE,
    choose_frame,
    list_by_row,
    list_crossing,
    read_values,
    sum_centres,
    to_cells,
)
from geo.locate.segments import NOBODY, Segments, cut_segments

SHAPES = (
    box(0, 0, 1, 1),
    box(44.0, 25.0, 44.0 + 1e-13, 25.0 + 1e-13),
    box(-180, -90, 180, 90),
    box(0, 0, 100, 1e-9),
    Polygon([(0, 0), (50, 1e-4), (50, 30)]),
)


def cut(*shapes):
    return cut_segments(np.array(shapes, dtype=object))


@pytest.mark.parametrize("shape", SHAPES)
def test_grid_holds_the_whole_coverage(shape):
    segments = cut(shape)
    frame = choose_frame(segments)
    spans = to_cells(segments.ends, frame)
    assert spans.min() > 0
    assert (spans[:, [0, 2]] < frame.columns).all() and (spans[:, [1, 3]] < frame.rows).all()
    assert max(frame.columns, frame.rows) <= MOST_SIDE + 2


@pytest.mark.parametrize("most_cells", [64, 1000, 100_000])
def test_cells_are_bounded(most_cells):
    angles = np.linspace(0, 6.28, 500, endpoint=False)
    frame = choose_frame(cut(Polygon(np.column_stack([np.cos(angles), np.sin(angles)]))), most_cells=most_cells)
    assert (frame.columns - 2) * (frame.rows - 2) <= 1.1 * most_cells


@pytest.mark.parametrize("shape", SHAPES)
def test_cells_list_all_that_crosses_them(shape):
    segments = cut(shape)
    frame = choose_frame(segments, most_cells=4000)
    spans = to_cells(segments.ends, frame)
    lists = list_crossing(spans, frame)
    along = np.linspace(0, 1, 1001)
    for segment, (ax, ay, bx, by) in enumerate(spans.tolist()):
        x, y = ax + along * (bx - ax), ay + along * (by - ay)
        listed = {cell for cell in np.unique(y.astype(int) * frame.columns + x.astype(int)).tolist()}
        owners = np.repeat(np.arange(frame.columns * frame.rows), np.diff(lists.first))
        assert listed <= set(owners[lists.segment == segment].tolist())


def test_rows_list_all_that_reach_them():
    segments = cut(box(0, 0, 1, 1), box(0.25, 0.25, 0.75, 0.5))
    frame = choose_frame(segments)
    spans = to_cells(segments.ends, frame)
    lists = list_by_row(spans, frame)
    for row in range(frame.rows):
        reach = (spans[:, [1, 3]].min(axis=1) < row + 1) & (spans[:, [1, 3]].max(axis=1) >= row)
        assert sorted(lists.segment[lists.first[row] : lists.first[row + 1]]) == np.flatnonzero(reach).tolist()


def test_values_of_centres_count_divisions():
    segments = Segments(*(getattr(cut(box(0, 0, 2, 2), box(1, 0, 3, 2)), name) for name in ("ends", "left", "right")))
    frame = choose_frame(segments)
    steps = np.where(segments.left == NOBODY, 0, ONE + segments.left) - np.where(
        segments.right == NOBODY, 0, ONE + segments.right
    )
    values = sum_centres(to_cells(segments.ends, frame), steps, frame)
    assert set(values.tolist()) == {0.0, ONE, 2 * ONE + 1, ONE + 1}


@pytest.mark.parametrize(
    ("value", "meaning"), [(0.0, NOBODY), (ONE, 0), (ONE + 41, 41), (2 * ONE + 3, UNSURE), (3 * ONE, UNSURE)]
)
def test_values_are_read(value, meaning):
    assert read_values(np.array([value])).tolist() == [meaning]
