"""Check search keys and the odd spellings that imports tell."""

from __future__ import annotations

import pytest

from geo.register import detect_script, find_mixed_letters, pashto_key, search_key, tokens


@pytest.mark.parametrize("name", ["علی‌آباد", "علي آباد", "علی اباد", "عَلی آباد", "علـــی‌آباد", "عليآباد", "ﻋﻠﯽ ﺁﺑﺎﺩ"])
def test_spellings_give_one_key(name: str) -> None:
    assert search_key(name) == "علیاباد"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("رأس الماء", "راسالماء"),
        ("مؤمن‌آباد", "مومناباد"),
        ("قلعۀ نو", "قلعهنو"),
        ("قلعهٔ نو", "قلعهنو"),
        ("كابل", "کابل"),
        ("ناحیه ۱۲", "ناحیه12"),
        ("ناحية ١٢", "ناحیه12"),
        ("Aïn Témouchent", "aintemouchent"),
        ("نۓ قلعۂ", "نیقلعه"),
        ("(…)", ""),
    ],
)
def test_key_folds_letters_digits_and_marks(name: str, key: str) -> None:
    assert search_key(name) == key


@pytest.mark.parametrize(("one", "other"), [("کلی", "کلې"), ("ولسوالی", "ولسوالۍ")])
def test_pashto_letters_stay_apart_in_the_stricter_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)
    assert pashto_key(one) != pashto_key(other)


@pytest.mark.parametrize("letter", "ګږښځڅ")
def test_letters_only_pashto_has_are_kept(letter: str) -> None:
    assert search_key(letter) == pashto_key(letter) == letter


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("خراسان رضوی", ("خراسان", "رضوی")),
        ("علی‌آباد (پایین)", ("علیاباد", "پایین")),
        ("mantaghe_shahri", ("mantaghe", "shahri")),
        (" – ", ()),
    ],
)
def test_words_are_split(name: str, words: tuple[str, ...]) -> None:
    assert tokens(name) == words


@pytest.mark.parametrize(
    ("text", "script"),
    [("تهران", "Arab"), ("Tehran", "Latn"), ("تهران (T)", "Arab"), ("Тегеран", "Cyrl"), ("۱۲", "Zyyy"), ("", "Zyyy")],
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert detect_script(text) == script


@pytest.mark.parametrize("name", ["علی‌آباد", "آق‌قلا", "خانهٔ سفید", "خانهٔ ۲", "Tehran", "ناحیه ۲", "چمن (بالا)"])
def test_good_spelling_is_not_odd(name: str) -> None:
    assert find_mixed_letters(name) == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("كابل", "name_arabic_letters"),
        ("علي", "name_arabic_letters"),
        ("علـی", "name_tatweel"),
        ("علی\u00a0آباد", "name_no_break_space"),
        ("علی\u0007", "name_control_character"),
        ("\u202eعلی", "name_bidi_control"),
        ("عل\ufffd", "name_replacement_character"),
        ("عَلی", "name_combining_marks"),
        ("ﻋﻠﯽ", "name_presentation_forms"),
        ("علیabad", "name_mixed_scripts"),
        ("ناحیه ۱2", "name_mixed_digits"),
        (" علی", "name_outer_space"),
        ("علی\n", "name_outer_space"),
        ("علی  آباد", "name_double_space"),
    ],
)
def test_odd_spelling_is_told(name: str, reason: str) -> None:
    assert reason in {found.key for found in find_mixed_letters(name)}


@pytest.mark.parametrize(
    ("name", "language", "reasons"),
    [
        ("علي", "ar", []),
        ("علی", "ar", ["name_persian_letters"]),
        ("ښاروالي", "ps", []),
        ("ښاروالي یوه ۲", "ps", []),
        ("ښاروالي", "fa-AF", ["name_arabic_letters"]),
        ("عليی", "fa", ["name_arabic_letters", "name_mixed_letters"]),
        ("علی", "fr", []),
    ],
)
def test_what_is_odd_depends_on_the_language(name: str, language: str, reasons: list[str]) -> None:
    assert [found.key for found in find_mixed_letters(name, language)] == reasons
