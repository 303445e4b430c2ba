"""Test how names are graded."""

from __future__ import annotations

import pytest

from geo.register.likeness import Grader, Kind, Width
from geo.register.wordlist import build_wordlist

NAMES = ["تهران", "تهرانسر", "تهرن", "خراسان رضوی", "حسن آباد", "حسین آباد", "دهنو"]
WORDLIST = build_wordlist([tuple(name.replace("آ", "ا").split()) for name in NAMES])


def grade(typed: str, width: Width) -> dict[str, tuple[float, Kind]]:
    graded = Grader(WORDLIST).grade(tuple(typed.split()), width)
    rows = zip(graded.keys.tolist(), graded.scores.tolist(), graded.kinds.tolist(), strict=True)
    return {WORDLIST.keys[key]: (score, Kind(kind)) for key, score, kind in rows}


@pytest.mark.parametrize(
    ("typed", "name", "width", "kind"),
    [
        ("تهران", "تهران", Width.EXACT, Kind.EXACT),
        ("تهرا", "تهران", Width.EXACT, None),
        ("تهرا", "تهران", Width.LIKE, Kind.BEGINS),
        ("تهرام", "تهران", Width.LIKE, Kind.SLIP),
        ("تهرا", "تهرانسر", Width.LIKE, Kind.BEGINS),
        ("رضوی خراسان", "خراسانرضوی", Width.LIKE, Kind.WORDS),
        ("خراسن", "خراسانرضوی", Width.LIKE, Kind.WORDS),
        ("خراصانرظوی", "خراسانرضوی", Width.LIKE, None),
        ("خراصانرظوی", "خراسانرضوی", Width.ROUGH, Kind.ROUGH),
        ("شیراز", "تهران", Width.ROUGH, None),
    ],
)
def test_grades_say_how(typed: str, name: str, width: Width, kind: Kind | None):
    assert grade(typed, width).get(name, (0.0, None))[1] is kind


@pytest.mark.parametrize(
    ("typed", "found"),
    [("tehran", ["تهران", "تهرن"]), ("khorasan e razavi", ["خراسانرضوی"]), ("shiraz", []), ("t", []), ("تهران", [])],
)
def test_latin_words_find_names_by_their_sound(typed: str, found: list[str]):
    assert [name for name, (_, kind) in grade(typed, Width.LIKE).items() if kind is Kind.SOUNDS] == found


def test_long_vowels_tell_names_of_one_sound_apart():
    found = {name: score for name, (score, _) in grade("hasan abad", Width.LIKE).items()}
    assert found == {"حسناباد": 0.75, "حسیناباد": 0.7}


def test_names_at_one_slip_are_graded_alike():
    found = grade("حسن ااباد", Width.LIKE)
    assert grade("حسسن اباد", Width.LIKE)["حسناباد"] == found["حسناباد"]
    assert grade("حسییین اباد", Width.LIKE).get("حسیناباد", (0, Kind.WORDS))[1] is not Kind.SLIP


def test_the_very_name_is_best():
    scores = {name: score for name, (score, _) in grade("تهران", Width.LIKE).items()}
    assert max(scores, key=lambda name: scores[name]) == "تهران"
    assert scores["تهران"] == 1.0


def test_no_score_is_over_one():
    every = [score for typed in ("تهران", "حسن اباد", "ده", "خراسان") for score, _ in grade(typed, Width.LIKE).values()]
    assert all(0 < score <= 1 for score in every)
