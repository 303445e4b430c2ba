"""Check that both languages say the same."""

import string

import pytest

from maps.words import find_word, load_words, word, write_direction


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    assert load_words("fa").keys() == load_words("en").keys()


@pytest.mark.parametrize("key", sorted(load_words("fa")))
def test_a_sentence_takes_the_same_figures_in_both_languages(key: str) -> None:
    assert placeholders(load_words("fa")[key]) == placeholders(load_words("en")[key])


def test_a_word_is_filled() -> None:
    assert word("plans.named", "en", label="3") == "District 3"


def test_a_kind_not_known_here_has_no_word() -> None:
    assert find_word("kind.unheard_of", "fa") is None


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("ps", "rtl"), ("en", "ltr")])
def test_direction_follows_the_language(language: str, direction: str) -> None:
    assert write_direction(language) == direction
