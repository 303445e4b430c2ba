"""Check names and sums of divisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.divisions import Division, sum_parts


@pytest.mark.parametrize(
    ("names", "wanted", "given_name"),
    [
        ({"fa": "ری", "en": "Rey"}, ("en",), "Rey"),
        ({"fa": "ری", "en": "Rey"}, ("ps", "fa"), "ری"),
        ({"fa": "ری", "en": "Rey"}, ("ps",), "Rey"),
        ({}, ("fa",), "0101"),
    ],
)
def test_name_is_given_in_the_first_language_there_is(names, wanted, given_name):
    assert Division(1, "county", "0101", "sci", names).name_in(*wanted) == given_name


@pytest.mark.parametrize(
    ("parents", "figures", "totals"),
    [
        ({1: None, 2: 1, 3: 1}, {2: 5, 3: 6}, {1: 11, 2: 5, 3: 6}),
        ({1: None, 2: 1, 3: 2}, {3: 6}, {1: 6, 2: 6, 3: 6}),
        ({1: None, 2: 1}, {1: 9, 2: 5}, {1: 9, 2: 5}),
        ({1: None, 2: 1}, {}, {}),
        ({2: 1}, {2: 5}, {1: 5, 2: 5}),
        ({1: 2, 2: 1}, {}, {}),
    ],
)
def test_parts_are_summed_up_to_the_top(parents, figures, totals):
    assert sum_parts(parents, figures) == totals


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.data())
def test_top_holds_the_sum_of_all_leaves(figures, data):
    parents: dict[int, int | None] = {0: None}
    for division in range(1, len(figures) + 1):
        parents[division] = data.draw(st.integers(0, division - 1))
    leaves = sorted(set(parents) - set(parents.values()))
    counted = dict(zip(leaves, figures, strict=False))
    assert sum_parts(parents, counted).get(0, 0) == sum(counted.values())


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        (("fa",), "کابل"),
        (("fa-AF", "en"), "کابل"),
        (("ps", "en"), "Kabul"),
        (("ar",), "Kabul"),
    ],
)
def test_name_in_a_kind_of_the_language_comes_before_other_languages(languages: tuple[str, ...], name: str):
    division = Division(1, "province", "AF01", "pcode", names={"en": "Kabul", "fa-AF": "کابل"})
    assert division.name_in(*languages) == name
