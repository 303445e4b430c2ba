"""Gather the cells of a grid into blocks, so that whole stretches of one division are told by one small table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.locate.grid import Cells, Frame
from geo.locate.segments import NOBODY

SIDE_BITS = 3
"""How many bits count the cells of a block's side."""
SIDE = 1 << SIDE_BITS
"""Cells to a side of a block."""
MIXED = -2
"""The mark of the first block whose cells differ; further ones count downwards."""


class Blocks(NamedTuple):
    """Hold a grid as blocks of cells."""

    block: Cells
    """For each block its division, nobody, or the number of its cells below `MIXED`; the last is all that lies outside.

    It is small enough to stay in the nearest memory, where a table of all cells would not.
    """
    cell: Cells
    """The cells of each block that is mixed, row by row, one block after the other."""


def count_blocks(frame: Frame) -> tuple[int, int]:
    """Count the blocks from west to east and from south to north."""
    return -(-frame.columns // SIDE), -(-frame.rows // SIDE)


def gather_blocks(cell: Cells, frame: Frame) -> Blocks:
    """Keep the cells of those blocks only that no single division fills."""
    across, along = count_blocks(frame)
    padded = np.full((along * SIDE, across * SIDE), NOBODY, dtype=np.int32)
    padded[: frame.rows, : frame.columns] = cell.reshape(frame.rows, frame.columns)
    blocks = padded.reshape(along, SIDE, across, SIDE).transpose(0, 2, 1, 3).reshape(along * across, SIDE * SIDE)
    block = np.append(blocks[:, 0], np.int32(NOBODY))
    is_mixed = (blocks != blocks[:, :1]).any(axis=1) | (blocks[:, 0] < NOBODY)
    mixed = np.flatnonzero(is_mixed)
    block[mixed] = MIXED - np.arange(len(mixed), dtype=np.int32)
    return Blocks(block, blocks[mixed].reshape(-1))
