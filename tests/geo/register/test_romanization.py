"""Test what is proposed as the Latin form of a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.packs import load_pack
from geo.register.romanization import SYSTEMS, Romanized, romanize

IRAN = load_pack("ir").naming.romanization
WORDS = IRAN.words if IRAN else {}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("علی آباد", "‘Alī Ābād"),
        ("علي‌آباد علیا", "‘Alī Ābād ‘Olyā"),
        ("چشمه سفید", "Cheshmeh Sefīd"),
        ("حسن آباد ۲", "Ḩasan Ābād 2"),
        ("قلعه نو", "Qal‘eh Now"),
    ],
)
def test_known_words_have_their_vowels(name: str, written: str):
    assert romanize(name, known=WORDS) == Romanized(written, True, ())


def test_what_nothing_tells_is_left_open():
    assert romanize("مزرعه علی", known=WORDS) == Romanized("M·z·r·‘eh ‘Alī", False, ("مزرعه",))


@pytest.mark.parametrize(("latin", "complete"), [("Tehran", True), ("Shiraz", False), ("", False)])
def test_a_latin_form_that_agrees_closes_the_gaps(latin: str, complete: bool):
    assert romanize("تهران", known={}, latin=latin).complete is complete


@pytest.mark.parametrize("country", ["ir", "af"])
def test_packs_name_a_published_table(country: str):
    system = load_pack(country).naming.romanization
    assert system
    assert system.system in [one.key for one in SYSTEMS]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_written(name: str, latin: str):
    assert isinstance(romanize(name, known=WORDS, latin=latin).text, str)
