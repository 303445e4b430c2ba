"""Tell which polygons border a piece of ground that nobody owns."""

from __future__ import annotations

import numpy as np
import shapely

from geo.coverage.edges import Floats, Shapes
from geo.coverage.residual import Runs, cut_runs

_CLOSE = 1e-12
"""How far a noded edge may stray from the edge it is part of, as a share of its larger coordinate or of 1."""


def find_neighbours(runs: Runs, pieces: Shapes) -> list[list[int]]:
    """List for each piece the owners of the residual edges around it."""
    if len(pieces) == 0:
        return []
    cut = cut_runs(runs)
    middles, piece = _list_middles(pieces)
    reach = _CLOSE * np.abs(middles).max(axis=1).clip(min=1.0)
    spot, line = shapely.STRtree(cut.to_lines()).query(shapely.points(middles), predicate="dwithin", distance=reach)
    pairs = np.unique(np.stack([piece[spot], cut.owner[line]], axis=1), axis=0)
    return [pairs[pairs[:, 0] == row, 1].tolist() for row in range(len(pieces))]


def _list_middles(pieces: Shapes) -> tuple[Floats, Floats]:
    """List the middle of every edge around the pieces, where no corner of a third polygon can lie."""
    rings, of_piece = shapely.get_rings(pieces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return (xy[1:][same] + xy[:-1][same]) / 2, of_piece[ring[1:][same]]
