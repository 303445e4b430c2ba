"""Test that Persian names and Latin forms are compared by their consonants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.skeletons import MOST_LETTERS, count_contradictions

EAST = {"شرقی": "east", "و": "and"}


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("تهران", "Tehran"),
        ("خرم آباد", "Khorramabad"),
        ("قروه", "Ghorveh"),
        ("شوش", "Shush"),
        ("آق قلا", "Aqqala"),
        ("نایین", "Nain"),
        ("شهریار", "Shahriar"),
        ("صومعه سرا", "Sowme'eh Sara"),
        ("خواف", "Khaf"),
        ("گنبد", "Gombad"),
        ("خراسان رضوی", "Razavi Khorasan"),
        ("آذربایجان شرقی", "East Azerbaijan"),
        ("آران وبیدگل", "Aran and Bidgol"),
    ],
)
def test_what_agrees_does_not_contradict(name: str, latin: str):
    assert count_contradictions(name, latin, translated=EAST) == 0


@pytest.mark.parametrize(
    ("name", "latin", "count"),
    [("خلخال", "Kahlkhal", 2), ("شهرکرد", "Sharekurd", 1), ("کبودرآهنگ", "Kabutarahang", 1), ("تهران", "", 4)],
)
def test_contradictions_are_counted(name: str, latin: str, count: int):
    assert count_contradictions(name, latin) == count


def test_long_names_are_not_compared():
    assert count_contradictions("ب" * (MOST_LETTERS + 1), "s") == 0


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_texts_are_compared(name: str, latin: str):
    assert count_contradictions(name, latin) >= 0
