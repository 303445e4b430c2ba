"""Test that words with one slip are found, all of them and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from geo.register.slips import MOST_LETTERS, build_slips

WORDS = st.text("ابتهرن", max_size=8)


@given(st.lists(WORDS, unique=True, max_size=40), WORDS)
def test_what_is_found_is_what_one_slip_makes(words: list[str], typed: str):
    wanted = [
        number for number, word in enumerate(words) if len(typed) > 1 < len(word) and OSA.distance(typed, word) == 1
    ]
    assert build_slips(words).find(typed) == wanted


@pytest.mark.parametrize("typed", ["تهرن", "تهرران", "تهزان", "ترهان", "هران"])
def test_every_kind_of_slip_is_undone(typed: str):
    assert build_slips(["شیراز", "تهران"]).find(typed) == [1]


@pytest.mark.parametrize("typed", ["", "ت", "تهران", "ا" * (MOST_LETTERS + 1)])
def test_nothing_is_looked_for(typed: str):
    assert build_slips(["تهران", "ا" * MOST_LETTERS]).find(typed) == []


def test_long_words_are_left_out():
    assert build_slips(["ب" * (MOST_LETTERS + 1), "ب" * MOST_LETTERS]).find("ب" * (MOST_LETTERS - 1)) == [1]


def test_nothing_is_in_an_empty_index():
    assert build_slips([]).find("تهران") == []
