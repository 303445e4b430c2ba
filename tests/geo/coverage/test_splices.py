"""Check that a spliced boundary is the ground that weaving anew makes, and that the rest of it is copied."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from fixtures.letters import draw
from geo.coverage.chains import Chain, add_chains, join_chains, make_chain, weave_shape
from geo.coverage.splices import add_edges, splice_shape

BLOCK = box(0, 0, 4, 4).segmentize(1.0)
RING = Polygon(BLOCK.exterior, [box(1, 1, 3, 3).segmentize(1.0).exterior])
BITS = {
    "edge": box(1, 0, 2, 1),
    "corner": box(0, 0, 1, 1),
    "beside": box(4, 1, 5, 2),
    "inside": box(1, 1, 2, 2),
    "through": box(1, 0, 2, 4).segmentize(1.0),
    "apart": box(6, 0, 7, 1),
    "in the hole": box(1, 1, 2, 2),
    "whole": BLOCK,
}


def change(ground: BaseGeometry, *, loss: bool) -> Chain:
    chain = make_chain(ground)
    return chain.reverse() if loss else chain


@pytest.mark.parametrize(
    ("shape", "bit", "loss"),
    [
        *((BLOCK, bit, True) for bit in ("edge", "corner", "inside", "through", "whole")),
        *((BLOCK, bit, False) for bit in ("beside", "apart")),
        *((RING, bit, False) for bit in ("in the hole", "beside")),
        *((RING, bit, True) for bit in ("edge", "through")),
        (MultiPolygon([BLOCK, box(6, 0, 7, 1)]), "apart", True),
        (Polygon(), "edge", False),
    ],
)
def test_splicing_makes_what_weaving_makes(shape: BaseGeometry, bit: str, loss: bool) -> None:
    if bit == "through" and shape is RING:
        # only what the ring has of it can go
        steps = join_chains([change(part, loss=True) for part in (box(1, 0, 2, 1), box(1, 3, 2, 4))])
    else:
        steps = change(BITS[bit], loss=loss)
    spliced, woven = splice_shape(shape, steps), add_edges(shape, steps)
    # a ring that comes to touch itself is seen as broken, and woven anew
    spliced = spliced if spliced.is_valid else woven
    assert woven.is_valid
    assert shapely.equals(spliced, woven) or spliced.is_empty == woven.is_empty is True
    assert spliced.area == woven.area


@given(st.permutations("ABCDE"), st.integers(1, 4), st.booleans())
def test_cells_come_and_go(order: list[str], count: int, turned: bool) -> None:
    cells = draw("AABC\nADDC\nAEEC", cell=0.01, origin=(51.0, 35.0))
    whole = draw("ZZZZ\nZZZZ\nZZZZ", cell=0.01, origin=(51.0, 35.0))["Z"]
    noded = weave_shape(add_chains(Chain(*[make_chain(Polygon()).tail] * 2), _border(cells)))
    assert noded.area == pytest.approx(whole.area)
    shape = noded.reverse() if turned else noded
    for letter in order[:count]:
        spliced = splice_shape(shape, change(cells[letter], loss=True))
        shape = spliced if spliced.is_valid else add_edges(shape, change(cells[letter], loss=True))
        assert shape.is_valid
    rest = [cells[letter] for letter in order[count:]]
    assert shapely.equals(shape, shapely.union_all(rest))


def _border(cells: dict[str, BaseGeometry]) -> Chain:
    border = Chain(*[make_chain(Polygon()).tail] * 2)
    for letter in sorted(cells):
        border = add_chains(border, make_chain(cells[letter]))
    return border


def test_far_vertices_keep_their_order() -> None:
    spliced = splice_shape(BLOCK, change(BITS["edge"], loss=True))
    old, new = (list(shape.exterior.coords)[:-1] for shape in (BLOCK, spliced))
    kept = [spot for spot in old if spot in new]
    turned = [spot for spot in new if spot in old]
    place = kept.index(turned[0])
    assert turned == kept[place:] + kept[:place]
