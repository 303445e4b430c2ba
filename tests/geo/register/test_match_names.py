"""Test how like two names are."""

from __future__ import annotations

import pytest

from geo.register.match_names import drop_level, fold_name, fold_romanization, list_level_words, measure_likeness
from geo.register.packs import load_pack


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("علی‌آباد", "علي اباد", 1.0, 1.0),
        ("Abadan", "ABADAN", 1.0, 1.0),
        ("Khwaja Dokoh", "Khwajadukuh", 0.96, 0.98),
        ("Nahr-e Shahi", "Nahri Shahi", 0.9, 0.98),
        ("آبادان", "آبادن", 0.8, 0.9),
        ("آبادان", "شیراز", 0.0, 0.0),
    ],
)
def test_likeness(one: str, other: str, least: float, most: float):
    like = measure_likeness(fold_name(one), fold_name(other))
    assert like is not None
    assert least <= like <= most


def test_scripts_are_not_compared():
    assert measure_likeness(fold_name("آبادان"), fold_name("Abadan")) is None


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("شهرستان آبادان", "ابادان"),
        ("Tehran province", "tehran"),
        ("ostan-e Tehran", "e tehran"),
        ("آبادان", "آبادان"),
        ("شهرستان", "شهرستان"),
    ],
)
def test_words_for_levels_are_dropped(text: str, bare: str):
    assert drop_level(text, list_level_words(load_pack("ir"))) == bare


@pytest.mark.parametrize(("one", "other"), [("khomeyn", "khomein"), ("ghowr", "ghur"), ("mashhad", "mashad")])
def test_romanizations_fold(one: str, other: str):
    like = measure_likeness(("Latn", one), ("Latn", other))
    assert like is not None
    assert like > 0.8
    assert fold_romanization(one)[0] == fold_romanization(other)[0]
