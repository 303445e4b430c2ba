"""Test that blocks hold every cell of a grid, and only what differs."""

from __future__ import annotations

import numpy as np
import pytest

from geo.locate.blocks import MIXED, SIDE, SIDE_BITS, count_blocks, gather_blocks
from geo.locate.grid import CROSSED, UNSURE, Frame
from geo.locate.segments import NOBODY


def frame_of(rows, columns):
    return Frame(0.0, 0.0, 1.0, 1.0, columns, rows)


def read(blocks, frame, row, column):
    """Read one cell the way a look-up does."""
    across, _ = count_blocks(frame)
    found = blocks.block[row // SIDE * across + column // SIDE]
    if found > MIXED:
        return found
    return blocks.cell[((MIXED - found) << 2 * SIDE_BITS) + row % SIDE * SIDE + column % SIDE]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (8, 8), (9, 7), (20, 33), (64, 8)])
def test_every_cell_is_found_again(rows, columns):
    frame = frame_of(rows, columns)
    cells = np.random.default_rng(1).integers(CROSSED - 3, 2, rows * columns).astype(np.int32)
    blocks = gather_blocks(cells, frame)
    found = [read(blocks, frame, row, column) for row in range(rows) for column in range(columns)]
    assert found == cells.tolist()


def test_a_block_of_one_division_keeps_no_cells():
    blocks = gather_blocks(np.full(256, 5, dtype=np.int32), frame_of(16, 16))
    assert blocks.block.tolist() == [5, 5, 5, 5, NOBODY]
    assert blocks.cell.size == 0


@pytest.mark.parametrize("mark", [UNSURE, CROSSED])
def test_a_block_of_marks_keeps_its_cells(mark):
    blocks = gather_blocks(np.full(64, mark, dtype=np.int32), frame_of(8, 8))
    assert blocks.block.tolist() == [MIXED, NOBODY]
    assert set(blocks.cell.tolist()) == {mark}


def test_the_last_block_is_what_lies_outside():
    assert gather_blocks(np.zeros(1, dtype=np.int32), frame_of(1, 1)).block[-1] == NOBODY
