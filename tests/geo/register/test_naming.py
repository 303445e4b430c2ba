"""Test what the naming rules find, and what they propose."""

from __future__ import annotations

import numpy as np
import pytest

from geo.register.gazetteer import NO_FIGURE, DivisionColumns, NameColumns, build_gazetteer
from geo.register.naming import NamingFinding, check_naming, tidy_name, write_own_digits
from geo.register.packs import load_pack

IRAN = load_pack("ir")


def check(*rows: tuple[str, str, str, dict[str, str]]) -> list[NamingFinding]:
    """Check divisions, each given by code, level, parent and names."""
    numbers = {row[0]: number for number, row in enumerate(rows)}
    divisions = DivisionColumns(
        ids=np.arange(len(rows)),
        parents=np.array([numbers.get(row[2], -1) for row in rows]),
        levels=np.array([IRAN.level_keys.index(row[1]) for row in rows]),
        people=np.full(len(rows), NO_FIGURE),
        codes=[row[0] for row in rows],
        schemes=["sci"] * len(rows),
        areas=np.full(len(rows), np.nan),
    )
    named = [(number, language, text) for number, row in enumerate(rows) for language, text in row[3].items()]
    holders = np.array([number for number, *_ in named], dtype=np.int64)
    texts, languages = [text for *_, text in named], [language for _, language, _ in named]
    names = NameColumns(holders, texts, languages, np.ones(len(named), dtype=bool))
    return list(check_naming(build_gazetteer(divisions, names, IRAN.level_keys), IRAN))


def test_one_name_twice_under_one_parent_is_found_whatever_its_spelling():
    found = check(
        ("01", "dehestan", "", {"fa": "حومه"}),
        ("0101", "village", "01", {"fa": "علی‌آباد"}),
        ("0102", "village", "01", {"fa": "علی اباد"}),
        ("0103", "block", "01", {"fa": "علی آباد"}),
    )
    assert [(one.rule, one.reasons[0].params) for one in found] == [
        ("duplicate_name", (("codes", ("0102",)), ("count", 1))),
        ("duplicate_name", (("codes", ("0101",)), ("count", 1))),
    ]


@pytest.mark.parametrize(
    ("level", "names", "rule", "proposal"),
    [
        ("village", {"fa": "علي آباد"}, "letters", "علی آباد"),
        ("village", {"fa": "علـــی"}, "letters", "علی"),
        ("village", {"fa": "دهنو2"}, "digits", "دهنو ۲"),
        ("village", {"fa": "ده ۲"}, None, ""),
        ("village", {"en": "Deh"}, "missing_persian", ""),
        ("province", {"fa": "علی آباد"}, "missing_latin", "‘Alī Ābād"),
        ("province", {"fa": "تهران"}, "missing_latin", ""),
        ("bakhsh", {"fa": "بخش مرکزی"}, "level_word", "مرکزی"),
        ("village", {"fa": "روستای امام"}, "level_word", "امام"),
        ("city", {"fa": "شهر بابک"}, None, ""),
        ("county", {"fa": "چگنی", "en": "Chegeni county"}, "level_word", "Chegeni"),
        ("county", {"fa": "خلخال", "en": "Kahlkhal"}, "romanization", ""),
        ("county", {"fa": "علی آباد", "en": "Hasan"}, "romanization", "‘Alī Ābād"),
        ("county", {"fa": "خلخال", "en": "Khalkhal"}, None, ""),
    ],
)
def test_rules_find_and_propose(level: str, names: dict[str, str], rule: str | None, proposal: str):
    found = check(("01", level, "", names))
    assert [(one.rule, one.proposal) for one in found] == ([(rule, proposal)] if rule else [])


@pytest.mark.parametrize(
    ("text", "language", "tidy"),
    [
        ("كرج", "fa", "کرج"),
        ("کرج", "ar", "كرج"),
        ("  ده  نو ", "fa", "ده نو"),
        ("علی\u200cآباد", "fa", "علی\u200cآباد"),
        ("\u202bری\u202c", "fa", "ری"),
        ("خانهٔ نو", "fa", "خانهٔ نو"),
    ],
)
def test_names_are_tidied(text: str, language: str, tidy: str):
    assert tidy_name(text, language) == tidy


@pytest.mark.parametrize(
    ("language", "written"), [("fa", "۱۲۳"), ("fa-AF", "۱۲۳"), ("ps", "۱۲۳"), ("ar", "١٢٣"), ("en", "123")]
)
def test_digits_are_those_of_the_language(language: str, written: str):
    assert write_own_digits("1۲٣", language) == written
