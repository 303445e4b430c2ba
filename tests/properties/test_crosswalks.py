"""Test what must hold for every crosswalk."""

from __future__ import annotations

from fractions import Fraction
from math import fsum

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fixtures.strategies import coverages
from geo.register.aggregates import re_aggregate
from geo.register.crosswalk_ways import GroundSet, cross_areas
from geo.register.crosswalks import Crosswalk, compose, invert, make_crosswalk, make_identity, spread_remainder

WEIGHTS = st.floats(0, 1e12) | st.integers(0, 10).map(float)


def crosswalks(sources: str = "UVWX", targets: str = "ABCD") -> st.SearchStrategy[Crosswalk]:
    """Draw a crosswalk; some sources have no target, and some only in part."""
    pair = st.tuples(st.sampled_from(sources), st.sampled_from(targets), WEIGHTS)
    sizes = st.dictionaries(st.sampled_from(sources), WEIGHTS)
    return st.builds(make_crosswalk, st.lists(pair, max_size=12), sizes)


PEOPLE = st.dictionaries(st.sampled_from("UVWXY"), st.integers(0, 10**12))
NUMBERS = st.dictionaries(st.sampled_from("UVWXY"), st.floats(0, 1e15))


@given(crosswalk=crosswalks(), people=PEOPLE)
def test_people_are_kept_to_the_last(crosswalk: Crosswalk, people: dict[str, int]):
    carried = re_aggregate(crosswalk, people)
    assert sum(carried.values.values()) + sum(carried.remainder.values()) == sum(people.values())
    assert all(value >= 0 for value in carried.values.values())


@given(crosswalk=crosswalks(), numbers=NUMBERS)
def test_other_numbers_keep_their_total(crosswalk: Crosswalk, numbers: dict[str, float]):
    assert re_aggregate(crosswalk, numbers).total == fsum(numbers.values())


@given(crosswalk=crosswalks(), people=PEOPLE)
def test_nobody_is_more_than_one_person_from_the_exact_share(crosswalk: Crosswalk, people: dict[str, int]):
    for flow in re_aggregate(crosswalk, people).flows:
        cells = crosswalk.by_source[flow.source]
        weights = {cell.target: Fraction(cell.weight) for cell in cells}
        whole = sum(weights.values()) + Fraction(crosswalk.remainder(flow.source))
        assert abs(flow.weight - people[flow.source] * weights[flow.target] / whole) < 1


@given(crosswalk=crosswalks(), people=PEOPLE)
def test_the_way_back_loses_nothing(crosswalk: Crosswalk, people: dict[str, int]):
    carried = re_aggregate(crosswalk, people)
    back = re_aggregate(carried.way_back(), {code: value for code, value in carried.values.items() if value})
    returned = {code: back.values.get(code, 0) + carried.remainder.get(code, 0) for code in people}
    assert returned == people


@given(crosswalk=crosswalks(), people=PEOPLE)
def test_there_and_back_over_the_inverse_keeps_the_total(crosswalk: Crosswalk, people: dict[str, int]):
    there = re_aggregate(crosswalk, people)
    back = re_aggregate(invert(crosswalk), there.values)
    assert back.total + sum(there.remainder.values()) == sum(people.values())
    assert invert(invert(crosswalk)) == crosswalk


@given(first=crosswalks(), second=crosswalks("ABCD", "KLM"), people=PEOPLE)
def test_composition_keeps_the_total(first: Crosswalk, second: Crosswalk, people: dict[str, int]):
    assert re_aggregate(compose(first, second), people).total == sum(people.values())


@given(people=PEOPLE)
def test_identity_changes_nothing(people: dict[str, int]):
    same = make_identity(dict.fromkeys(people, 1.0))
    assert re_aggregate(same, people).values == people


@given(crosswalk=crosswalks(), people=PEOPLE, dice=st.randoms(use_true_random=False))
def test_order_does_not_matter(crosswalk: Crosswalk, people: dict[str, int], dice):
    cells, rows = list(crosswalk.cells), list(people.items())
    dice.shuffle(cells)
    dice.shuffle(rows)
    again = make_crosswalk(cells, crosswalk.sources, crosswalk.targets)
    assert again == crosswalk
    assert re_aggregate(again, dict(rows)) == re_aggregate(crosswalk, people)


@given(crosswalk=crosswalks(), people=PEOPLE)
def test_spreading_leaves_only_sources_without_targets(crosswalk: Crosswalk, people: dict[str, int]):
    carried = re_aggregate(spread_remainder(crosswalk), people)
    assert not set(carried.remainder) & set(crosswalk.by_source)
    assert carried.total == sum(people.values())


@given(sources=coverages(largest=4), targets=coverages(letters="KLM", largest=4))
def test_ground_is_kept(sources: dict, targets: dict):
    left, right = (GroundSet(list(drawn), np.array(list(drawn.values()), dtype=object)) for drawn in (sources, targets))
    crosswalk = cross_areas(left, right)
    for source, size in crosswalk.sources.items():
        held = fsum(cell.weight for cell in crosswalk.by_source.get(source, ()))
        assert held <= size * (1 + 1e-9)
    assert {(cell.target, cell.source) for cell in cross_areas(right, left).cells} == {
        (cell.source, cell.target) for cell in crosswalk.cells
    }
