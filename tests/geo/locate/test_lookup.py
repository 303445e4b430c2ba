"""Test that quick answers are never wrong, and exact ones never doubtful."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from fixtures.letters import draw
from geo.locate.grid import UNSURE
from geo.locate.index import build_index
from geo.locate.lookup import BESIDE, INSIDE, cast_west, find_rows
from geo.locate.segments import NOBODY, cut_segments

DRAWINGS = ("A", "AB", "AAB\nACB\nDDB", "AAA\nA.A\nAAA", "A.A\n.B.\nA.A", "ABCDEF\nFEDCBA")


def build(drawing, **options):
    return build_index(cut_segments(np.array(list(draw(drawing).values()), dtype=object)), **options)


def find(index, x, y):
    out = np.empty(len(x), dtype=np.int32)
    x, y = (np.array(values, dtype=float) for values in (x, y))
    for values in (x, y):
        values.flags.writeable = False
    waiting = find_rows(x, y, index, out)
    assert waiting == (out == UNSURE).sum()
    return out


@pytest.mark.parametrize("most_cells", [64, 4096, 2048**2])
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_quick_answers_are_those_of_the_geometry_engine(drawing, most_cells):
    shapes = list(draw(drawing).values())
    x, y = np.random.default_rng(3).uniform(-0.5, 6.5, (2, 2000))
    hits = np.array([shapely.contains_xy(shape, x, y) for shape in shapes])
    expected = np.where(hits.any(axis=0), hits.argmax(axis=0), NOBODY)
    assert (find(build(drawing, most_cells=most_cells), x, y) == expected).all()


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_no_quick_answer_is_given_on_an_edge(drawing):
    vertices = shapely.get_coordinates(list(draw(drawing).values()))
    middles = vertices + np.array([0.5, 0.0])
    on_edge = shapely.intersects_xy(shapely.union_all(shapely.boundary(list(draw(drawing).values()))), *middles.T)
    points = np.vstack([vertices, middles[on_edge]])
    assert set(find(build(drawing), *points.T).tolist()) == {UNSURE}


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 1e300, -1e300])
def test_odd_coordinates_are_nobodys(odd):
    assert find(build("AB"), [odd, 0.5, odd], [0.5, odd, odd]).tolist() == [NOBODY] * 3


@pytest.mark.parametrize(
    ("point", "marks"),
    [
        ((0.5, 0.5), {0: INSIDE}),
        ((1.0, 0.5), {0: BESIDE, 1: BESIDE}),
        ((1.0, 1.0), {0: BESIDE, 1: BESIDE, 2: BESIDE, 3: BESIDE}),
        ((0.0, 0.0), {0: BESIDE}),
        ((2.0, 2.0), {3: BESIDE}),
        ((3.0, 0.5), {}),
        ((0.5, float("nan")), {}),
    ],
)
def test_ray_marks_what_covers_a_point(point, marks):
    index = build("CD\nAB")
    found, touched = np.zeros(4, dtype=np.uint8), np.empty(4, dtype=np.int32)
    count = cast_west(*point, index, (found, touched))
    covering = {int(row): int(found[row]) & (INSIDE | BESIDE) for row in touched[:count]}
    assert {row: BESIDE if mark & BESIDE else mark for row, mark in covering.items() if mark} == marks
