"""Check the keys under which neighbours find each other's edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from geo.coverage.edges import cut_edges, drop_owners, hash_vertices, salt_edges
from geo.coverage.residual import Layer, find_residual, is_closed


def cut(*polygons: Polygon) -> Layer:
    return Layer(cut_edges(np.array(polygons, dtype=object)))


def test_shared_edge_has_one_key_and_two_directions() -> None:
    edges = cut(box(0, 0, 1, 1), box(1, 0, 2, 1)).edges
    keys, counts = np.unique(edges.key[edges.real], return_counts=True)
    shared = edges.real & (edges.key == keys[counts == 2][0])
    assert sorted(edges.forward[shared].tolist()) == [False, True]


def test_zeros_of_either_sign_are_one_place() -> None:
    assert len(set(hash_vertices(np.array([[0.0, -0.0], [-0.0, 0.0]])).tolist())) == 1


@pytest.mark.parametrize("turn", [lambda shape: shape, shapely.reverse, shapely.normalize])
def test_shared_edges_leave_no_residual(turn: object) -> None:
    layer = cut(box(0, 0, 1, 1), turn(box(1, 0, 2, 1)))  # type: ignore[operator]
    assert len(find_residual([layer])[0]) == 6


def test_hole_answers_what_fills_it() -> None:
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    assert len(find_residual([cut(ring, box(1, 1, 2, 2))])[0]) == 4


def test_parents_take_away_what_children_hold() -> None:
    children, parent = cut(box(0, 0, 1, 1), box(1, 0, 2, 1)), Polygon([(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1)])
    assert [len(edges) for edges in find_residual([children, Layer(cut(parent).edges, weight=-1)])] == [0, 0]


def test_edges_of_unlike_salt_do_not_answer_each_other() -> None:
    salted = salt_edges(cut(box(0, 0, 1, 1), box(1, 0, 2, 1)).edges, np.array([1, 2], dtype=np.uint64))
    assert len(find_residual([Layer(salted)])[0]) == 8


def test_dropped_polygons_have_no_edges() -> None:
    edges = cut(box(0, 0, 1, 1), box(1, 0, 2, 1)).edges
    assert drop_owners(edges, np.array([True, False])).real.sum() == 4


def test_repeated_vertices_make_no_edge() -> None:
    assert cut(Polygon([(0, 0), (1, 0), (1, 0), (1, 1)])).edges.real.sum() == 3


def test_residual_is_closed() -> None:
    layer = cut(box(0, 0, 2, 2), box(1, 1, 3, 3))
    assert is_closed([layer], find_residual([layer]))


@pytest.mark.parametrize("lost", [0, 3, 7])
def test_edge_lost_to_a_false_match_leaves_loose_ends(lost: int) -> None:
    layer = cut(box(0, 0, 2, 2), box(1, 1, 3, 3))
    residual = np.delete(find_residual([layer])[0], lost)
    assert not is_closed([layer], [residual])


def test_seed_changes_the_keys() -> None:
    polygons = np.array([box(0, 0, 1, 1)], dtype=object)
    assert not np.isin(cut_edges(polygons).key, cut_edges(polygons, seed=7).key).any()
