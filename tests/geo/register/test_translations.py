"""Check names by language."""

from __future__ import annotations

import pytest

from geo.register import Names

NAMES = Names((("ar", "ولاية"), ("fa", "ولایت"), ("en", "wilaya")))


@pytest.mark.parametrize(("language", "name"), [("en", "wilaya"), ("fa-AF", "ولایت"), ("ps", "ولاية"), ("ar", "ولاية")])
def test_nearest_language_is_chosen(language: str, name: str) -> None:
    assert NAMES.choose(language) == name


def test_names_are_a_mapping_in_order() -> None:
    assert list(NAMES.items()) == list(NAMES.pairs)
    assert len(NAMES) == 3


def test_language_is_not_guessed_by_subscript() -> None:
    with pytest.raises(KeyError):
        NAMES["fa-AF"]


def test_names_can_be_hashed() -> None:
    assert len({NAMES, Names(NAMES.pairs)}) == 1
