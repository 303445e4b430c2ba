"""Test how questions are read and names graded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.strategies import spellings
from geo.register.names import search_key
from geo.register.packs import load_pack
from geo.register.search import Width, grade_name, list_readings, list_slips

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


@pytest.mark.parametrize(
    ("text", "bare", "level"),
    [
        ("دهستان حومه", "حومه", "dehestan"),
        ("بخش مرکزی", "مرکزی", "bakhsh"),
        ("روستای علی‌آباد", "علیاباد", "village"),
        ("منطقه شهری ۵", "5", "urban_zone"),
        ("Tehran province", "tehran", "province"),
    ],
)
def test_words_for_levels_are_known(text: str, bare: str, level: str):
    head = list_readings(text, IRAN)[0].head
    assert (head.bare, level in head.levels) == (bare, True)


def test_a_lone_word_for_a_level_is_a_name():
    assert list_readings("بخش", IRAN)[0].head.bare == ""


@given(spellings())
def test_spellings_are_read_alike(pair: tuple[str, str]):
    official, spelt = pair
    assert list_readings(spelt, IRAN)[0].head.key == list_readings(official, IRAN)[0].head.key


@given(st.text(max_size=80))
def test_any_text_is_read(text: str):
    assert len(list_readings(text, IRAN)) <= 16


@given(st.text("ابتهرن", min_size=3, max_size=8), st.data())
def test_a_slip_is_undone(key: str, data: st.DataObject):
    typed = data.draw(st.sampled_from(list_slips(key)))
    assert key in list_slips(typed) or len(typed) < 2


@pytest.mark.parametrize(
    ("typed", "name", "width", "reason"),
    [
        ("تهران", "تهران", Width.EXACT, "search_exact"),
        ("تهرن", "تهران", Width.EXACT, None),
        ("تهرن", "تهران", Width.SLIP, "search_slip"),
        ("تهر", "تهرانسر", Width.SLIP, "search_begins"),
        ("خراسن", "خراسان رضوی", Width.LOOSE, "search_alike"),
        ("شیراز", "تهران", Width.LOOSE, None),
    ],
)
def test_grades_say_why(typed: str, name: str, width: Width, reason: str | None):
    grade = grade_name(list_readings(typed, IRAN)[0].head, name, key=search_key(name), level="city", width=width)
    assert (grade.reasons[0].key if grade else None) == reason


def test_nearer_names_have_better_grades():
    head = list_readings("تهران", IRAN)[0].head
    grades = [
        grade_name(head, name, key=search_key(name), level="city", width=Width.LOOSE)
        for name in ("تهران", "تهرن", "تهرانسرای")
    ]
    scores = [grade.score for grade in grades if grade]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_pashto_letters_are_told_apart():
    head = list_readings("کلۍ", load_pack("af"))[0].head
    scores = [
        grade.score
        for name in ("کلۍ", "کلی")
        if (grade := grade_name(head, name, key=search_key(name), level="village", width=Width.EXACT))
    ]
    assert scores == [1.0, 0.97]
