"""Check that drawn lines and old edges get a vertex wherever they meet."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Polygon, box

from geo.coverage.chains import NO_CHAIN, make_chain
from geo.coverage.nodes import Noding, node_lines

SQUARE = make_chain(box(0, 0, 1, 1))


def node(*line: tuple[float, float], old: Polygon | None = None) -> Noding:
    return node_lines(SQUARE if old is None else make_chain(old), [np.array(line, dtype=float)])


def list_cuts(noding: Noding) -> dict[tuple[float, ...], list[tuple[float, ...]]]:
    edges = (tuple(edge) for edge in noding.edge.tolist())
    return {edge: [tuple(spot) for spot in spots.tolist()] for edge, spots in zip(edges, noding.inserted, strict=True)}


def test_line_across_sets_a_vertex_on_either_side() -> None:
    noding = node((-1, 0.5), (2, 0.5))
    assert list_cuts(noding) == {(0, 0, 0, 1): [(0, 0.5)], (1, 0, 1, 1): [(1, 0.5)]}
    assert noding.lines[0].tolist() == [[-1, 0.5], [0, 0.5], [1, 0.5], [2, 0.5]]


@pytest.mark.parametrize(
    ("line", "added"),
    [
        ([(0.2, 0.2), (0.8, 0.8)], 0),
        ([(0, 0), (1, 1)], 0),
        ([(0, 0), (1, 0)], 0),
        ([(0.25, 0), (0.75, 0)], 2),
        ([(0.5, 0), (0.5, 1)], 2),
        ([(-1, 0), (2, 0)], 0),
        ([(-1, -1), (2, 2)], 0),
    ],
    ids=["inside", "corner to corner", "an edge", "on an edge", "across", "along and beyond", "through corners"],
)
def test_only_new_meeting_points_are_added(line: list[tuple[float, float]], added: int) -> None:
    assert node(*line).added == added


def test_line_through_a_corner_gets_it() -> None:
    assert node((-1, -1), (2, 2)).lines[0].tolist() == [[-1, -1], [0, 0], [1, 1], [2, 2]]


def test_vertices_of_an_edge_stand_in_order() -> None:
    noding = node((0.7, 0), (0.6, 0.5), (0.2, 0), (0.4, 0.5), (0.4, -1))
    assert list_cuts(noding)[0, 0, 1, 0] == [(0.2, 0), (0.4, 0), (0.7, 0)]


def test_new_vertices_lie_on_the_grid() -> None:
    noding = node((0.1, -0.3), (0.77, 1.9))
    spots = np.concatenate(noding.inserted)
    assert (spots == spots.round(9)).all()


def test_line_that_crosses_itself_is_noded() -> None:
    noding = node_lines(NO_CHAIN, [np.array([[0.0, 0.0], [2, 2], [2, 0], [0, 2]])])
    assert noding.lines[0].tolist().count([1.0, 1.0]) == 2


def test_lines_are_noded_with_each_other() -> None:
    noding = node_lines(NO_CHAIN, [np.array([[0.0, 0], [2, 2]]), np.array([[0.0, 2], [2, 0]])])
    assert all([1.0, 1.0] in line.tolist() for line in noding.lines)


def test_line_by_a_sharp_corner_goes_through_it() -> None:
    needle = Polygon([(0, 0), (1, 0), (1, 1e-4)])
    noding = node((5e-6, 1), (5e-6, -1), old=needle)
    assert noding.added == 0
    assert [0.0, 0.0] in noding.lines[0].tolist()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_order_of_lines_changes_nothing(order: tuple[int, int]) -> None:
    lines = [np.array([[0.1, -1], [0.3, 2]]), np.array([[0.2, -1], [0.15, 2]])]
    noding = node_lines(SQUARE, [lines[place] for place in order])
    assert list_cuts(noding) == list_cuts(node_lines(SQUARE, lines))
