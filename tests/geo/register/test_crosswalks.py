"""Test the weights between two sets of divisions."""

from __future__ import annotations

import pytest

from geo.errors import InvalidValue
from geo.register.crosswalks import (
    Cell,
    Crosswalk,
    compose,
    invert,
    make_crosswalk,
    make_identity,
    spread_remainder,
)

SPLIT = make_crosswalk([("X", "A", 6.0), ("X", "B", 2.0), ("Y", "B", 4.0)])


def list_shares(crosswalk: Crosswalk) -> dict[tuple[str, str], float]:
    return {(cell.source, cell.target): crosswalk.share(cell) for cell in crosswalk.cells}


def test_cells_are_sorted_summed_and_rid_of_zeros():
    made = make_crosswalk([("Y", "A", 1.0), ("X", "B", 0.0), ("X", "A", 1.0), ("X", "A", 2.0)])
    assert made.cells == (Cell("X", "A", 3.0), Cell("Y", "A", 1.0))
    assert (made.sources, made.targets) == ({"X": 3.0, "Y": 1.0}, {"A": 4.0, "B": 0.0})


@pytest.mark.parametrize(("size", "left"), [(8.0, 0.0), (10.0, 2.0), (8.0 * (1 + 1e-12), 0.0), (1.0, 0.0)])
def test_remainder_is_what_lies_in_no_target(size: float, left: float):
    made = make_crosswalk(SPLIT.cells, {"X": size})
    assert made.remainder("X") == left


def test_unmatched_are_told():
    made = make_crosswalk([("X", "A", 3.0)], {"X": 4.0, "Z": 5.0, "O": 0.0})
    assert made.unmatched == {"O": 1.0, "X": 0.25, "Z": 1.0}


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_bad_weights_are_refused_with_their_pair(weight: float):
    with pytest.raises(InvalidValue) as caught:
        make_crosswalk([("X", "A", weight)])
    assert dict(caught.value.params["reason"].params) == {"place": "X → A"}  # type: ignore[attr-defined]


def test_inverse_of_inverse_is_itself():
    assert invert(SPLIT).cells[1:] == (Cell("B", "X", 2.0), Cell("B", "Y", 4.0))
    assert invert(invert(SPLIT)) == SPLIT


@pytest.mark.parametrize("side", ["before", "after"])
def test_identity_changes_nothing(side: str):
    joined = (
        compose(make_identity(SPLIT.sources), SPLIT)
        if side == "before"
        else compose(SPLIT, make_identity(SPLIT.targets))
    )
    assert joined == SPLIT


def test_composition_passes_shares_on():
    joined = compose(SPLIT, make_crosswalk([("A", "U", 1.0), ("B", "U", 1.0), ("B", "V", 3.0)]))
    assert list_shares(joined) == {("X", "U"): 0.8125, ("X", "V"): 0.1875, ("Y", "U"): 0.25, ("Y", "V"): 0.75}


def test_what_lies_between_unknown_divisions_is_remainder():
    joined = compose(SPLIT, make_crosswalk([("A", "U", 1.0)]))
    assert joined.unmatched == {"X": 0.25, "Y": 1.0}


def test_remainder_can_be_spread():
    spread = spread_remainder(make_crosswalk([("X", "A", 3.0)], {"X": 4.0, "Z": 5.0}, {"A": 9.0}))
    assert spread.unmatched == {"Z": 1.0}
    assert spread.targets == {"A": 9.0}
