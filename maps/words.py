"""Say the words of the maps in the reader's language, from `maps/words`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

RIGHT_TO_LEFT = frozenset({"fa", "ps", "ar"})
"""The languages that are written from right to left."""

WORDS_FOLDER = Path(__file__).parent / "words"


@cache
def load_words(language: str) -> dict[str, str]:
    """Read the words of one language as dotted key to template."""
    tables = tomllib.loads((WORDS_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{subject}.{key}": text for subject, table in tables.items() for key, text in table.items()}


def word(key: str, language: str, **params: object) -> str:
    """Fill the template of `key` in `language` with `params`."""
    return load_words(language)[key].format(**params)


def find_word(key: str, language: str) -> str | None:
    """Look for the word of a key that comes from data, such as a kind of finding not known here."""
    return load_words(language).get(key)


def write_direction(language: str) -> str:
    """Name the writing direction of a language as HTML does."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
