"""Hold point location against an oracle that computes with fractions, on random clean and dirty coverages."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from fixtures.strategies import coverages, dirty_coverages
from geo.locate import build_locator
from geo.locate.orientation import find_side

SCALES = (1.0, 0.1, 1 / 3, 1e-7, 9.0)
ORIGINS = ((0.0, 0.0), (51.389741, 35.689197), (-1 / 3, -1 / 7))

OUTSIDE, INSIDE, BESIDE = range(3)


def lie(polygon, x, y):
    """Tell where a point lies to a polygon or multipolygon, in fractions throughout."""
    x, y, inside = Fraction(x), Fraction(y), False
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        corners = [(Fraction(a), Fraction(b)) for a, b in shapely.get_coordinates(ring).tolist()]
        for (ax, ay), (bx, by) in pairwise(corners):
            turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if turn == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
                return BESIDE
            if (ay <= y) != (by <= y) and (turn < 0) == (by > ay):
                inside = not inside
    return INSIDE if inside else OUTSIDE


@st.composite
def near_points(draw, shapes):
    """Draw points on vertices, at middles and elsewhere on edges, a float or so beside them, and anywhere."""
    xy = shapely.get_coordinates(list(shapes))
    start = draw(st.integers(0, len(xy) - 2))
    along = draw(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1))
    point = xy[start] + along * (xy[start + 1] - xy[start])
    steps = draw(st.tuples(st.integers(-2, 2), st.integers(-2, 2)))
    return tuple((point + np.array(steps) * np.spacing(np.abs(point) + 1e-9)).tolist())


def place(shapes, scale, origin):
    moved = {key: shapely.transform(shape, lambda xy: xy * scale + origin) for key, shape in shapes.items()}
    return moved if all(shapely.is_valid(list(moved.values()))) else shapes


def check(shapes, points, *, most_cells):
    """Compare every answer of the locator with the oracle's."""
    locator = build_locator(list(shapes.values()), list(shapes), most_cells=most_cells)
    found = locator.locate(*np.array(points).T)
    for at, (x, y) in enumerate(points):
        lying = {key: how for key, shape in sorted(shapes.items()) if (how := lie(shape, x, y)) != OUTSIDE}
        assert locator.list_candidates(x, y) == tuple(lying)
        assert locator.list_keys(found.rows[at : at + 1])[0] == next(iter(lying), None)
        assert found.on_boundary[at] == (BESIDE in lying.values())
        assert found.is_overlap[at] == (INSIDE in lying.values() and len(lying) > 1)


frames = st.tuples(st.sampled_from(SCALES), st.sampled_from(ORIGINS))
sizes = st.sampled_from([64, 1024, 2048**2])


@settings(max_examples=60)
@given(st.data(), coverages(largest=4), frames, sizes)
def test_clean_coverages_are_answered_as_by_fractions(data, drawn, frame, most_cells):
    shapes = place(drawn, *frame)
    points = data.draw(st.lists(near_points(shapes.values()), min_size=1, max_size=15))
    check(shapes, points, most_cells=most_cells)


@settings(max_examples=60)
@given(st.data(), dirty_coverages(largest=4), frames, sizes)
def test_overlaps_and_gaps_are_answered_as_by_fractions(data, drawn, frame, most_cells):
    shapes = place(dict(drawn.grounds), *frame)
    points = data.draw(st.lists(near_points(shapes.values()), min_size=1, max_size=15))
    check(shapes, points, most_cells=most_cells)


corners = st.tuples(st.integers(0, 6), st.integers(0, 6))
rings = st.lists(corners, min_size=3, max_size=7, unique=True).map(Polygon).filter(lambda p: p.is_valid and p.area > 0)


@settings(max_examples=80)
@given(st.data(), st.lists(rings, min_size=1, max_size=6), sizes)
def test_heaps_of_polygons_are_answered_as_by_fractions(data, polygons, most_cells):
    shapes = {str(row): polygon for row, polygon in enumerate(polygons)}
    grid = st.tuples(st.integers(-1, 14), st.integers(-1, 14)).map(lambda at: (at[0] / 2, at[1] / 2))
    points = data.draw(st.lists(near_points(polygons) | grid, min_size=1, max_size=20))
    check(shapes, points, most_cells=most_cells)


coordinates = st.floats(-540, 540).map(lambda number: 0.0 if abs(number) < 1e-200 else number)
ends = st.tuples(coordinates, coordinates, coordinates, coordinates)


def tell_side(edge, x, y):
    ax, ay, bx, by = map(Fraction, edge)
    turn = (bx - ax) * (Fraction(y) - ay) - (by - ay) * (Fraction(x) - ax)
    return (turn > 0) - (turn < 0)


@settings(max_examples=300)
@given(ends, coordinates, coordinates)
def test_sides_are_told_as_by_fractions(edge, x, y):
    assert find_side(edge, x, y) == tell_side(edge, x, y)


@settings(max_examples=300)
@given(ends, st.floats(0, 1), st.integers(-3, 3), st.integers(-3, 3))
def test_sides_beside_an_edge_are_told_as_by_fractions(edge, along, step_x, step_y):
    ax, ay, bx, by = edge
    x, y = ax + along * (bx - ax), ay + along * (by - ay)
    x, y = x + step_x * float(np.spacing(x)), y + step_y * float(np.spacing(y))
    if min(abs(x) or 1.0, abs(y) or 1.0) > 1e-200:
        assert find_side(edge, x, y) == tell_side(edge, x, y)


@pytest.mark.parametrize(("point", "lying"), [((0.5, 0.5), INSIDE), ((1, 0.5), BESIDE), ((1.5, 0.5), OUTSIDE)])
def test_oracle_knows_a_square(point, lying):
    assert lie(shapely.box(0, 0, 1, 1), *point) == lying
