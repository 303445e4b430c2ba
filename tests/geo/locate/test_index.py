"""Test that a coverage becomes arrays that nobody writes to."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.letters import draw
from geo.locate.grid import CROSSED, MOST_CELLS
from geo.locate.index import build_index
from geo.locate.segments import cut_segments


def build(drawing, *, most_cells=MOST_CELLS):
    return build_index(cut_segments(np.array(list(draw(drawing).values()), dtype=object)), most_cells=most_cells)


@pytest.mark.parametrize("place", range(8))
def test_arrays_cannot_be_written(place):
    array = build("AB\nCC")[2 + place]
    with pytest.raises(ValueError, match="read-only"):
        array[:1] = 0


def test_same_coverage_gives_same_arrays():
    one, other = build("AAB\nACB"), build("AAB\nACB")
    assert one[:2] == other[:2]
    assert all(np.array_equal(*pair) for pair in zip(one[2:], other[2:], strict=True))


def test_crossed_cells_have_a_line_with_the_number_of_segments():
    index = build("AB\nCC")
    heads = np.sort(CROSSED - index.cell[index.cell <= CROSSED])
    counts = index.crossing[heads, 1].astype(int)
    assert heads.tolist() == np.append(0, np.cumsum(counts + 1))[:-1].tolist()
    assert heads[-1] + counts[-1] + 1 == len(index.crossing)


def test_segments_of_a_cell_are_near_its_centre():
    index = build("ABC\nDEF", most_cells=64)
    body = np.delete(index.crossing, CROSSED - index.cell[index.cell <= CROSSED], axis=0)
    dx, dy = body[:, 2] - body[:, 0], body[:, 3] - body[:, 1]
    assert (np.abs(dx * body[:, 1] - dy * body[:, 0]) / np.hypot(dx, dy)).max() < 0.71


def test_doubt_is_far_below_a_cell():
    assert 0 < build("AB\nCC").doubt < 1e-6
