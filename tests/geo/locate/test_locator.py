"""Test that every point has the published answer."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from fixtures.letters import draw, drop_straight
from geo.errors import InvalidValue
from geo.locate import Locator, build_locator

FRAMES = (
    (1.0, (0.0, 0.0)),
    (0.1, (44.0, 25.0)),
    (1e-9, (51.4, 35.7)),
    (29.0, (-170.0, -80.0)),
    (1 / 3, (-1 / 3, 1 / 7)),
)
"""Sizes of a letter and origins of drawings: tiny, huge, on round and on odd coordinates."""

LETTERS = "AAB\nACB\nDDB\nD.E"


def locate(grounds, **options):
    return build_locator(list(grounds.values()), list(grounds), **options)


def list_vertices_and_middles(shapes):
    """List all vertices of shapes, and the points nearest to the middles of their edges."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    return np.vstack([xy, ((xy[1:] + xy[:-1]) / 2)[within]])


def list_covering(grounds, x, y):
    return tuple(key for key, ground in sorted(grounds.items()) if shapely.intersects_xy(ground, x, y))


@pytest.mark.parametrize(("cell", "origin"), FRAMES)
@pytest.mark.parametrize("straight", [True, False])
def test_vertices_and_middles_are_answered_with_all_candidates(cell, origin, straight):
    grounds = draw(LETTERS, cell=cell, origin=origin)
    locator = locate(grounds if straight else drop_straight(grounds))
    points = list_vertices_and_middles(list(grounds.values()))
    found = locator.locate(*points.T)
    for (x, y), row, beside in zip(points, found.rows, found.on_boundary, strict=True):
        covering = list_covering(grounds, x, y) if straight else locator.list_candidates(x, y)
        assert locator.list_candidates(x, y) == covering
        assert (locator.keys[row] if row >= 0 else None) == (covering[0] if covering else None)
        assert beside == locator.find_place(x, y).on_boundary


@pytest.mark.parametrize(("cell", "origin"), FRAMES)
def test_random_points_are_answered_as_by_the_geometry_engine(cell, origin):
    grounds = draw(LETTERS, cell=cell, origin=origin)
    locator = locate(grounds)
    unit = np.random.default_rng(11).uniform(-0.2, 4.2, (500, 2))
    x, y = (np.asarray(origin) + unit * cell).T
    keys = locator.list_keys(locator.locate(x, y).rows)
    assert keys.tolist() == [next(iter(list_covering(grounds, *at)), None) for at in zip(x, y, strict=True)]


@pytest.mark.parametrize(
    ("point", "candidates", "on_boundary"),
    [
        ((0.5, 0.5), ("1",), False),
        ((1.0, 0.5), ("1", "2"), True),
        ((1.0, 1.0), ("1", "2", "3", "4"), True),
        ((1.0, 2.0), ("3", "4"), True),
        ((2.0, 0.0), ("2",), True),
        ((2.5, 0.5), (), False),
        ((0.5, float("nan")), (), False),
    ],
)
def test_smallest_key_wins_on_edges_and_all_are_told(point, candidates, on_boundary):
    locator = build_locator(list(draw("CD\nAB").values()), ["1", "2", "3", "4"])
    place = locator.find_place(*point)
    assert (place.candidates, place.on_boundary) == (candidates, on_boundary)
    assert place.key == (candidates[0] if candidates else None)


def test_order_of_divisions_does_not_matter():
    grounds = draw(LETTERS)
    turned = dict(reversed(list(grounds.items())))
    points = list_vertices_and_middles(list(grounds.values()))
    one, other = locate(grounds).locate(*points.T), locate(turned).locate(*points.T)
    assert (one.rows == other.rows).all()


@pytest.mark.parametrize(
    ("point", "key", "is_overlap"),
    [
        ((1.5, 0.5), "A", True),
        ((1.0, 0.5), "A", True),
        ((2.0, 0.5), "A", True),
        ((0.5, 0.5), "A", False),
        ((2.5, 0.5), "B", False),
        ((0.0, 0.5), "A", False),
    ],
)
def test_overlaps_go_to_the_smallest_key_and_are_told(point, key, is_overlap):
    locator = build_locator([box(1, 0, 3, 1), box(0, 0, 2, 1)], ["B", "A"])
    found = locator.locate([point[0]], [point[1]])
    assert (locator.keys[found.rows[0]], bool(found.is_overlap[0])) == (key, is_overlap)


@pytest.mark.parametrize("point", [(1.5, 1.5), (1.25, 1.75), (5.0, 5.0)])
def test_gaps_and_holes_are_nobodys(point):
    assert locate(draw("AAA\nA.A\nAAA")).list_candidates(*point) == ()


@pytest.mark.parametrize("point", [(1.0, 1.5), (1.5, 2.0), (1.0, 1.0)])
def test_edge_of_a_hole_is_covered(point):
    place = locate(draw("AAA\nA.A\nAAA")).find_place(*point)
    assert (place.candidates, place.on_boundary) == (("A",), True)


def test_island_in_a_hole_is_its_own():
    locator = locate(draw("AAA\nABA\nAAA"))
    assert [locator.list_candidates(*at) for at in ((1.5, 1.5), (1.0, 1.5), (0.5, 1.5))] == [("B",), ("A", "B"), ("A",)]


def test_all_parts_of_a_division_are_found():
    parts = MultiPolygon([box(0, 0, 1, 1), box(3, 0, 4, 1)])
    locator = build_locator([parts, box(1, 0, 3, 1)], ["1", "2"])
    assert locator.list_keys(locator.locate([0.5, 3.5, 2.0], [0.5] * 3).rows).tolist() == ["1", "1", "2"]


def test_sliver_between_edges_that_miss_each_other_is_told_apart():
    above = Polygon([(0, 0), (3, 1), (3, 2), (0, 2)])
    below = Polygon([(0, 0), (1, 1 / 3), (3, 1), (3, 0)])
    locator = build_locator([above, below], ["above", "below"])
    for x in np.linspace(0.01, 2.99, 50):
        for y in (np.nextafter(x / 3, 0), x / 3, np.nextafter(x / 3, 3)):
            expected = tuple(k for k, s in (("above", above), ("below", below)) if s.intersects(Point(x, y)))
            assert locator.list_candidates(x, y) == expected


def test_points_on_the_line_of_an_edge_but_beyond_it_are_not_on_it():
    locator = build_locator([box(0, 0, 1, 1), box(3, 0, 4, 1)], ["1", "2"])
    found = locator.locate([2.0, 2.0, 5.0, -1.0], [0.0, 1.0, 1.0, 0.0])
    assert found.rows.tolist() == [-1] * 4
    assert not found.on_boundary.any()


def test_lines_of_the_grid_may_be_edges():
    locator = locate(draw("AB\nCD"))
    frame = locator.index.frame
    east = frame.x0 + (frame.columns // 2) / frame.per_x
    shapes = {"1": box(0, 0, east, 2), "2": box(east, 0, 2, 2)}
    drawn = locate(shapes)
    assert [drawn.list_candidates(x, 1.0) for x in (np.nextafter(east, 0), east, np.nextafter(east, 2))] == [
        ("1",),
        ("1", "2"),
        ("2",),
    ]


def test_centres_of_cells_may_be_vertices():
    frame = locate(draw("A")).index.frame
    x, y = frame.x0 + 3.5 / frame.per_x, frame.y0 + 3.5 / frame.per_y
    grounds = {
        "1": Polygon([(0, 0), (1, 0), (x, y)]),
        "2": Polygon([(1, 0), (1, 1), (x, y)]),
        "3": Polygon([(0, 0), (x, y), (1, 1), (0, 1)]),
    }
    locator = locate(grounds)
    xs, ys = np.random.default_rng(2).uniform(0, 1, (2, 300))
    keys = locator.list_keys(locator.locate(xs, ys).rows).tolist()
    assert keys == [list_covering(grounds, *at)[0] for at in zip(xs, ys, strict=True)]
    assert locator.list_candidates(x, y) == ("1", "2", "3")


def test_all_levels_of_the_chain_are_given_at_once():
    locator = locate(draw("AB"), parents={"county": ["01", "02"], "province": ["0", ""]})
    chain = locator.list_parents(np.array([1, -1, 0], dtype=np.int32))
    assert {name: texts.tolist() for name, texts in chain.items()} == {
        "county": ["02", None, "01"],
        "province": [None, None, "0"],
    }


@pytest.mark.parametrize("size", [0, 1, 3])
def test_answers_are_as_many_as_points(size):
    found = locate(draw("AB")).locate(np.full(size, 0.5), np.full(size, 0.5))
    assert len(found.rows) == len(found.on_boundary) == len(found.is_overlap) == size


@pytest.mark.parametrize("kind", [list, tuple, np.float32, np.int64])
def test_numbers_of_any_kind_are_taken(kind):
    values = kind([1, 0]) if kind in (list, tuple) else np.array([1, 0], dtype=kind)
    assert locate(draw("AB")).locate(values, values).on_boundary.all()


def test_coordinates_must_come_in_pairs():
    with pytest.raises(InvalidValue):
        locate(draw("AB")).locate([1.0], [1.0, 2.0])


def test_locator_is_shown_without_its_arrays():
    locator = locate(draw("AB"))
    assert isinstance(locator, Locator)
    assert "array" not in repr(locator)
