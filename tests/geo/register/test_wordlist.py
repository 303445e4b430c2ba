"""Test the index of keys and words."""

from __future__ import annotations

import pytest

from geo.register.wordlist import build_wordlist

NAMES = [("علی", "اباد"), ("حسن", "اباد"), ("علیاباد",), (), ("خراسان", "رضوی")]
WORDLIST = build_wordlist(NAMES)


def test_keys_stand_once_and_in_order():
    assert list(WORDLIST.keys) == ["حسناباد", "خراسانرضوی", "علیاباد"]


def test_names_of_one_key_are_found_together():
    assert WORDLIST.rows_of(WORDLIST.places["علیاباد"]).tolist() == [0, 2]


@pytest.mark.parametrize(("start", "found"), [("علی", ["علیاباد"]), ("ح", ["حسناباد"]), ("ژ", []), ("علیابادب", [])])
def test_keys_are_found_by_their_beginning(start: str, found: list[str]):
    assert [WORDLIST.keys[key] for key in WORDLIST.find_beginning(start)] == found


def test_keys_are_found_by_their_words():
    keys, _ = WORDLIST.keys_with(WORDLIST.find_tokens_beginning("اباد"))
    assert [WORDLIST.keys[key] for key in keys.tolist()] == ["حسناباد", "علیاباد"]


@pytest.mark.parametrize(("typed", "found"), [("خراسانرظوی", ["خراسانرضوی"]), ("شیراز", [])])
def test_keys_are_found_roughly(typed: str, found: list[str]):
    assert [WORDLIST.keys[key] for key in WORDLIST.find_rough(typed)] == found


def test_nothing_is_in_an_empty_list():
    empty = build_wordlist([])
    assert (list(empty.find_beginning("ا")), empty.find_rough("اباد"), empty.slips.find("اباد")) == ([], [], [])
