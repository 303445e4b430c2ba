"""Test that a coverage is cut into segments with a division on each side."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from fixtures.letters import draw
from geo.locate.segments import NOBODY, cut_segments


def cut(drawing):
    return cut_segments(np.array(list(draw(drawing).values()), dtype=object))


def test_shared_edge_is_held_once():
    segments = cut("AB")
    assert len(segments) == 7
    inner = (segments.left != NOBODY) & (segments.right != NOBODY)
    assert segments.ends[inner].tolist() == [[1.0, 0.0, 1.0, 1.0]]
    assert (segments.left[inner].tolist(), segments.right[inner].tolist()) == ([0], [1])


@pytest.mark.parametrize("turned", [False, True])
def test_direction_of_rings_does_not_matter(turned):
    ring = [(0, 0), (1, 0), (1, 1), (0, 1)]
    segments = cut_segments(np.array([Polygon(ring[::-1] if turned else ring)], dtype=object))
    lower = (segments.ends[:, [1, 3]] == 0).all(axis=1)
    assert (segments.left[lower].tolist(), segments.right[lower].tolist()) == ([0], [NOBODY])


def test_ground_of_a_hole_is_nobodys():
    segments = cut("AAA\nA.A\nAAA")
    assert (segments.left == NOBODY).sum() + (segments.right == NOBODY).sum() == len(segments) == 16


def test_edges_that_do_not_match_stay_apart():
    halves = np.array([box(0, 0, 1, 2), box(1, 0, 2, 1), box(1, 1, 2, 2)], dtype=object)
    assert len(cut_segments(halves)) == 11


def test_same_ground_twice_stays_twice():
    assert len(cut_segments(np.array([box(0, 0, 1, 1)] * 2, dtype=object))) == 8


def test_edges_without_length_are_dropped():
    ring = shapely.from_wkt("POLYGON ((0 0, 1 0, 1 0, 1 1, 0 0))")
    assert len(cut_segments(np.array([ring], dtype=object))) == 3


def test_negative_zero_is_zero():
    shapes = np.array([box(-1, -1, -0.0, 1), box(0.0, -1, 1, 1)], dtype=object)
    assert len(cut_segments(shapes)) == 7


def test_no_segment_joins_two_rings():
    parts = MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    ends = cut_segments(np.array([parts], dtype=object)).ends
    assert np.abs(ends[:, :2] - ends[:, 2:]).max() == 1
