"""Say how like two names are that different offices wrote, in Arabic or in Latin script."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz.distance import OSA

from geo.register.countries import CountryPack
from geo.register.names import detect_script, search_key, tokens

LEAST_LIKE = 0.5
"""Names less alike than this are not alike at all."""

SPELLED_OTHERWISE = 0.97
"""Romanizations that fold to one text are nearly, not quite, the same name."""

ROMANIZATIONS = (
    (re.compile("kh"), "x"),
    (re.compile("gh"), "q"),
    (re.compile("ph"), "f"),
    (re.compile("ou|oo|o|w(?=[^aeiou]|$)"), "u"),
    (re.compile("ee|ie|ei|e|y"), "i"),
    (re.compile("w"), "v"),
    (re.compile("c(?!h)"), "k"),
    (re.compile("h$"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""What Latin spellings of one Persian or Pashto sound are folded to."""

FoldedName = tuple[str, str]
"""A name ready to be compared: its script and its search key."""


@lru_cache(maxsize=200_000)
def fold_name(text: str) -> FoldedName:
    """Write a name so that it can be compared with others of its script."""
    return detect_script(text), search_key(text)


def list_level_words(pack: CountryPack) -> frozenset[str]:
    """List the search keys of all words for levels in a country."""
    texts = [text for level in pack.levels for text in (*level.names.values(), *level.aliases)]
    return frozenset(search_key(text) for text in texts)


def drop_level(text: str, level_words: Collection[str]) -> str:
    """Take off the word for a level that a name begins or ends with, as in «شهرستان آبادان».

    Examples
    --------
    >>> drop_level("Tehran province", {"province"})
    'tehran'
    """
    words = tokens(text)
    for size in (2, 1):
        if len(words) > size and "".join(words[:size]) in level_words:
            return " ".join(words[size:])
        if len(words) > size and "".join(words[-size:]) in level_words:
            return " ".join(words[:-size])
    return text


@lru_cache(maxsize=200_000)
def fold_romanization(key: str) -> str:
    """Fold a Latin search key so that usual romanizations of one name are one text.

    Examples
    --------
    >>> fold_romanization("khwajadokoh") == fold_romanization("khwajadukuh")
    True
    """
    for pattern, sound in ROMANIZATIONS:
        key = pattern.sub(sound, key)
    return key


@lru_cache(maxsize=1_000_000)
def measure_likeness(one: FoldedName, other: FoldedName) -> float | None:
    """Measure how like two names are, from 0 to 1; None when they are of different scripts.

    Examples
    --------
    >>> measure_likeness(fold_name("آبادان"), fold_name("ابادان"))
    1.0
    >>> measure_likeness(fold_name("آبادان"), fold_name("Abadan")) is None
    True
    """
    if one[0] != other[0]:
        return None
    if one[1] == other[1]:
        return 1.0
    like = OSA.normalized_similarity(one[1], other[1])
    if one[0] == "Latn":
        folded = OSA.normalized_similarity(fold_romanization(one[1]), fold_romanization(other[1]))
        like = max(like, SPELLED_OTHERWISE * folded)
    return float(like) if like >= LEAST_LIKE else 0.0
