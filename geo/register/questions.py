"""Read what somebody typed to find a division.

A question names the division first and, from right to left, those it lies in: «دهستان حومه، بخش مرکزی، آبادان». Commas
part the names; blanks may part them too, and then several readings of the question are possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from geo.register.countries import CountryPack
from geo.register.levels import Level
from geo.register.names import BLANKS, pashto_key, search_key, wide_key

COMMAS = re.compile(r"[،,;؛\n]+")
"""What parts the names of a question."""

MOST_WORDS = 6
"""So many words of a name are taken apart at their blanks; longer ones are read as one name."""

MOST_READINGS = 16
"""So many readings of a question are tried."""

Cuts = tuple[list[list[str]], ...]
"""The names that each piece of a question between commas is cut into, each name as its words."""


@dataclass(frozen=True)
class Part:
    """Hold one name of a question."""

    words: tuple[str, ...]
    """The wide keys of its words."""
    bare: tuple[str, ...]
    """Those without the word for a level, as «حومه» of «دهستان حومه»; empty without such a word."""
    levels: frozenset[str]
    """The levels that word may mean."""
    strict: str
    """Its stricter Pashto key, where it has letters that only Pashto tells apart; else empty."""

    @property
    def key(self) -> str:
        """Give the key of all its words."""
        return "".join(self.words)

    @property
    def forms(self) -> tuple[tuple[tuple[str, ...], bool], ...]:
        """Give the words to look up, with whether only the levels named count: the bare ones first."""
        whole = (self.words, False)
        return ((self.bare, True), whole) if self.bare else (whole,)


@dataclass(frozen=True)
class Reading:
    """Hold one way to understand a question."""

    head: Part
    """The name asked for."""
    above: tuple[Part, ...]
    """The names of divisions it lies in, the nearest first."""
    cuts: int
    """How many of them were cut at a blank, without a comma."""


def list_readings(text: str, pack: CountryPack) -> tuple[Reading, ...]:
    """List the ways to understand a question, those that name fewest divisions first."""
    words = map_level_words(pack)
    chunks = [chunk for piece in COMMAS.split(text) if (chunk := _split_words(piece))]
    if not chunks:
        return ()
    cuts: list[Cuts] = [()]
    for chunk in chunks:
        # of so many words the ways to cut multiply, and only the first are ever tried
        longer = ((*cut, more) for cut in cuts for more in _list_cuts(chunk))
        cuts = sorted(longer, key=lambda cut: sum(map(len, cut)))[:MOST_READINGS]
    return tuple(_make_reading(cut, words) for cut in cuts)


def map_level_words(pack: CountryPack) -> dict[str, frozenset[str]]:
    """Map the wide keys of all words for levels to the levels they mean in this country."""
    return _map_words(pack.levels)


@lru_cache(maxsize=16)
def _map_words(levels: tuple[Level, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for level in levels:
        for word in (level.key, *level.aliases, *level.names.values()):
            for form in _list_forms(word):
                found.setdefault(form, set()).add(level.key)
    return {key: frozenset(levels) for key, levels in found.items()}


def _list_forms(word: str) -> Iterator[str]:
    """List how a word for a level may be typed: also linked to a name, and without what stands in brackets."""
    for text in dict.fromkeys((word, re.sub(r"\([^)]*\)", "", word))):
        key = wide_key(text)
        if key:
            yield key
        # «روستای علی‌آباد»: after a vowel the link between two nouns is written
        if key.endswith(("ا", "ه", "و")):
            yield f"{key}ی"


def _split_words(text: str) -> list[str]:
    return [word for word in BLANKS.split(text) if search_key(word)]


def _list_cuts(words: list[str]) -> list[list[list[str]]]:
    """List the ways to cut words into names: fewest names first, then the longest first name."""
    places = range(1, len(words)) if len(words) <= MOST_WORDS else ()
    masks = sorted(product((False, True), repeat=len(places)), key=lambda mask: (sum(mask), mask))
    return [_cut(words, [place for place, here in zip(places, mask, strict=True) if here]) for mask in masks]


def _cut(words: list[str], places: list[int]) -> list[list[str]]:
    ends = [0, *places, len(words)]
    return [words[start:end] for start, end in pairwise(ends)]


def _make_reading(chunks: Cuts, level_words: dict[str, frozenset[str]]) -> Reading:
    head, *above = (_make_part(words, level_words) for chunk in chunks for words in chunk)
    return Reading(head, tuple(above), sum(map(len, chunks)) - len(chunks))


def _make_part(words: list[str], level_words: dict[str, frozenset[str]]) -> Part:
    keys = tuple(map(wide_key, words))
    named, levels = words, frozenset[str]()
    rest: tuple[str, ...] = ()
    # «شهرستان آبادان» begins with its level, "Tehran province" ends with it; two words may name one level
    for size in (2, 1):
        for word, others in ((keys[:size], words[size:]), (keys[-size:], words[:-size])):
            meant = level_words.get("".join(word))
            if others and meant and not rest:
                named, rest, levels = others, tuple(map(wide_key, others)), meant
    strict = "".join(map(pashto_key, named))
    return Part(keys, rest, levels, strict if strict != "".join(map(wide_key, named)) else "")
