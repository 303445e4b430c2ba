"""Join the polygons of a coverage into one ground, edge by edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, join_chains, make_chain, match_edges, number_edges, string_lines, weave_shape
from geo.coverage.nodes import node_lines
from geo.coverage.sheets import Cuts
from geo.errors import GroundNotExact, because


def join_ground(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Join polygons that do not overlap: edges two of them share go, every other coordinate stays.

    Where one has a vertex on an edge of another, that edge gets it too, lest a slit without width remain.

    Examples
    --------
    >>> join_ground([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]).area
    2.0
    """
    border = _cancel(join_chains([make_chain(shape) for shape in shapes]))
    if not border.size:
        return weave_shape(border)
    lines = [shapely.get_coordinates(line) for line in string_lines(border)]
    noding = node_lines(border, lines)
    if noding.added:
        cuts = Cuts(noding.edge, noding.inserted)
        border = _cancel(join_chains([make_chain(cuts.insert(shape)) for shape in shapes]))
    whole = weave_shape(border)
    # Faces of overlaps come out beside their neighbours, which no valid shape allows.
    if not whole.is_valid:
        raise GroundNotExact(reason=because("ground_overlap"), divisions=())
    return whole


def _cancel(chain: Chain) -> Chain:
    """Drop the edges that two polygons share; refuse those they have in the same direction."""
    start, end = number_edges([chain])
    if len(np.unique(np.stack([start, end], axis=1), axis=0)) < chain.size:
        raise GroundNotExact(reason=because("ground_overlap"), divisions=())
    return chain.select(~match_edges(chain, chain).against)
