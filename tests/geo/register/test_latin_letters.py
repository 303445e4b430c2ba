"""Test how Persian letters are written in Latin ones."""

from __future__ import annotations

import pytest

from geo.register.latin_letters import normalize_persian, split_persian, write_letters


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("آباد", "ābād"),
        ("تهران", "t·h·rān"),
        ("خوی", "khūī"),
        ("ساوه", "sāveh"),
        ("طارم", "ţār·m"),
        ("علی", "‘·lī"),
        ("ایران", "īrān"),
        ("یزد", "y·z·d"),
        ("ضیا", "ẕ·yā"),
        ("قُم", "qom"),
        ("۱۲", "12"),
    ],
)
def test_letters_are_those_of_the_table(word: str, written: str):
    assert write_letters(normalize_persian(word)) == written


@pytest.mark.parametrize("name", ["علي‌آباد", "علی آباد", "عـلی/آباد"])
def test_names_are_split_whatever_their_spelling(name: str):
    assert split_persian(name) == ["علی", "آباد"]
