"""Test how questions are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.strategies import spellings
from geo.register.packs import load_pack
from geo.register.questions import MOST_READINGS, list_readings

IRAN = load_pack("ir")


def read(text: str) -> list[tuple[str, ...]]:
    return [(one.head.key, *(part.key for part in one.above)) for one in list_readings(text, IRAN)]


@pytest.mark.parametrize("text", ["", " ", "،,", "\u200c", "!!"])
def test_nothing_is_asked(text: str):
    assert list_readings(text, IRAN) == ()


def test_commas_part_names():
    assert read("حومه، مرکزی، آبادان") == [("حومه", "مرکزی", "ابادان")]


def test_blanks_are_cut_last_and_the_first_name_is_kept_long():
    assert read("علی آباد بالا")[:3] == [("علیابادبالا",), ("علیاباد", "بالا"), ("علی", "ابادبالا")]


def test_a_slash_may_stand_in_a_name():
    assert read("گرسفید/گزسفید/")[0] == ("گرسفیدگزسفید",)


def test_cuts_at_blanks_are_counted():
    assert [one.cuts for one in list_readings("حومه، شهر ری", IRAN)] == [0, 1]


@pytest.mark.parametrize(
    ("text", "bare", "level"),
    [
        ("دهستان حومه", ("حومه",), "dehestan"),
        ("بخش مرکزی", ("مرکزی",), "bakhsh"),
        ("روستای علی‌آباد", ("علیاباد",), "village"),
        ("منطقه شهری ۵", ("5",), "urban_zone"),
        ("Tehran province", ("tehran",), "province"),
        ("Markazi district", ("markazi",), "bakhsh"),
    ],
)
def test_words_for_levels_are_known(text: str, bare: tuple[str, ...], level: str):
    head = list_readings(text, IRAN)[0].head
    assert (head.bare, level in head.levels) == (bare, True)


def test_a_lone_word_for_a_level_is_a_name():
    assert list_readings("بخش", IRAN)[0].head.bare == ()


@given(spellings())
def test_spellings_are_read_alike(pair: tuple[str, str]):
    official, spelt = pair
    assert list_readings(spelt, IRAN)[0].head.key == list_readings(official, IRAN)[0].head.key


@given(st.text(max_size=80))
def test_any_text_is_read(text: str):
    assert len(list_readings(text, IRAN)) <= MOST_READINGS


def test_many_short_words_between_commas_are_soon_read():
    assert len(list_readings(",".join(["ا ب پ ت ث ج"] * 14), IRAN)) == MOST_READINGS


@pytest.mark.parametrize(("text", "strict"), [("کلۍ", "کلۍ"), ("ښار", "ښار"), ("کلی", ""), ("ولسوالۍ خوست", "")])
def test_pashto_letters_are_kept_apart(text: str, strict: str):
    assert list_readings(text, load_pack("af"))[0].head.strict == strict
