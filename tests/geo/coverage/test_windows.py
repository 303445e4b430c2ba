"""Check that no edge near a window is missed, however many windows there are."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import box

from geo.coverage.chains import make_chain
from geo.coverage.windows import Windows

DICE = np.random.default_rng(7)


@pytest.mark.parametrize("count", [1, 4, 5, 60])
@pytest.mark.parametrize("longest", [0.01, 3.0])
def test_every_edge_that_meets_a_window_is_found(count: int, longest: float) -> None:
    chain = make_chain(shapely.Point(0, 0).buffer(5).segmentize(longest))
    corners = DICE.uniform(-5, 5, (count, 2))
    windows = Windows.around([np.array([corner, corner + 0.2]) for corner in corners], reach=0.0)
    edges = shapely.linestrings(np.stack([chain.tail, chain.head], axis=1))
    boxes = [box(*corner, *(corner + 0.2)) for corner in corners]
    meets = np.flatnonzero(shapely.intersects(edges[:, None], np.array(boxes)[None]).any(axis=1))
    assert set(meets.tolist()) <= set(windows.select(chain).tolist())


def test_far_edges_of_a_fine_boundary_are_left_out() -> None:
    chain = make_chain(shapely.Point(0, 0).buffer(5).segmentize(0.01))
    windows = Windows.around([np.array([[x, 0.0], [x + 0.02, 0.02]]) for x in (-5.0, -4.9, 4.9, 4.98, 5.0)], reach=0.0)
    assert 0 < len(windows.select(chain)) < chain.size / 10
