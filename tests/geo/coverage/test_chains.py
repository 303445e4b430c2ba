"""Check that ground is added and taken away edge by edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_CHAIN, add_chains, join_chains, make_chain, match_edges, number_edges, weave_shape

RING = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])


@pytest.mark.parametrize(
    "shape",
    [
        box(0, 0, 1, 1),
        RING,
        MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]),
        MultiPolygon([RING, box(1.2, 1.2, 1.8, 1.8)]),
        Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(0, 2), (1, 1), (1, 3)]]),
        Polygon(),
    ],
    ids=["box", "hole", "corners touch", "island in a hole", "hole at the border", "empty"],
)
def test_shape_comes_back_from_its_edges(shape: BaseGeometry) -> None:
    woven = weave_shape(make_chain(shape))
    assert woven.equals(shape)
    assert shapely.get_num_coordinates(woven) == shapely.get_num_coordinates(shape)


@pytest.mark.parametrize("turned", [box(0, 0, 1, 1), shapely.reverse(box(0, 0, 1, 1)), shapely.reverse(RING)])
def test_ground_lies_on_the_left_however_rings_are_stored(turned: Polygon) -> None:
    chain = make_chain(turned)
    cross = chain.tail[:, 0] * chain.head[:, 1] - chain.tail[:, 1] * chain.head[:, 0]
    assert cross.sum() / 2 == turned.area


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 0, 2, 1)),
        (box(0, 0, 1, 1), box(5, 0, 6, 1), MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])),
        (RING, box(1, 1, 2, 2), box(0, 0, 3, 3)),
    ],
)
def test_sum_of_chains_is_the_ground_of_both(one: Polygon, other: Polygon, wanted: BaseGeometry) -> None:
    whole = weave_shape(add_chains(make_chain(one), make_chain(other)))
    assert whole.equals(wanted)
    assert weave_shape(add_chains(make_chain(whole), make_chain(other).reverse())).equals(one)


def test_ground_less_itself_is_nothing() -> None:
    chain = make_chain(RING)
    assert add_chains(chain, chain.reverse()).size == 0


def test_edges_match_by_direction() -> None:
    match = match_edges(make_chain(box(0, 0, 1, 1)), make_chain(box(1, 0, 2, 1)))
    assert (match.along.sum(), match.against.sum(), match.lone.sum()) == (0, 1, 3)


def test_minus_zero_is_zero() -> None:
    match = match_edges(make_chain(box(-1, 0, -0.0, 1)), make_chain(box(0, 0, 1, 1)))
    assert match.against.sum() == 1


@pytest.mark.parametrize("shapes", [[], [Polygon()], [Polygon(), Polygon()]])
def test_nothing_has_no_edges(shapes: list[Polygon]) -> None:
    chain = join_chains([make_chain(shape) for shape in shapes])
    assert (chain.size, weave_shape(chain).is_empty) == (0, True)
    assert match_edges(chain, NO_CHAIN).lone.size == 0


def test_vertices_are_numbered_alike_in_all_chains() -> None:
    start, end = number_edges([make_chain(box(0, 0, 1, 1)), make_chain(box(1, 0, 2, 1))])
    assert len(np.unique(np.r_[start, end])) == 6
