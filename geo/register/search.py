"""Read what somebody typed to find a division, and grade the names that may answer it.

A question names the division first and, from right to left, those it lies in: «دهستان حومه، بخش مرکزی، آبادان». Commas
part the names; blanks may part them too, and then several readings of the question are possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise, product

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from geo.errors import Reason, because
from geo.register.countries import CountryPack
from geo.register.names import pashto_key, search_key

COMMAS = re.compile(r"[،,;؛/\n]+")
"""What parts the names of a question."""

BLANKS = re.compile(r"[^\w\u0300-\u036f\u064b-\u0670\u200c\u200d]+|_")
"""What parts the words of a name."""

MOST_WORDS = 6
"""So many words of a name are taken apart at their blanks; longer ones are read as one name."""

MOST_READINGS = 16
"""So many readings of a question are tried."""

MOST_LETTERS = 60
"""A key longer than this is taken as it is typed: no slip of the keyboard is looked for in it."""

ARABIC_LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءټځڅډړږښګڼۍې"
"""The letters of search keys in Arabic script."""

LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""Those in Latin script."""

LEAST_LOOSE = 0.5
"""A name less alike than this is no answer."""


class Width(IntEnum):
    """Say how far a name may be from what was typed."""

    EXACT = 0
    """The same letters."""
    SLIP = 1
    """One letter more, less, other or changed places; or the name goes on."""
    LOOSE = 2
    """A part of the name, more or less."""


@dataclass(frozen=True)
class Part:
    """Hold one name of a question."""

    key: str
    """The search key of all its words."""
    bare: str
    """The search key without the word for a level, as «حومه» of «دهستان حومه»; empty without such a word."""
    levels: frozenset[str]
    """The levels that word may mean."""
    strict: str
    """Its stricter Pashto key, where it has letters that only Pashto tells apart; else empty."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the keys by which names are looked up, the bare one first."""
        return (self.bare, self.key) if self.bare else (self.key,)


@dataclass(frozen=True)
class Reading:
    """Hold one way to understand a question."""

    head: Part
    """The name asked for."""
    above: tuple[Part, ...]
    """The names of divisions it lies in, the nearest first."""


@dataclass(frozen=True)
class Grade:
    """Say how well a name answers."""

    score: float
    """From 0 to 1; 1 is the very name."""
    reasons: tuple[Reason, ...]
    """Why it is an answer, and why no better one."""


def list_readings(text: str, pack: CountryPack) -> tuple[Reading, ...]:
    """List the ways to understand a question, those that name fewest divisions first."""
    words = map_level_words(pack)
    chunks = [chunk for piece in COMMAS.split(text) if (chunk := _split_words(piece))]
    if not chunks:
        return ()
    cuts = sorted(product(*(_list_cuts(chunk) for chunk in chunks)), key=lambda cut: sum(map(len, cut)))
    return tuple(_make_reading([part for chunk in cut for part in chunk], words) for cut in cuts[:MOST_READINGS])


def map_level_words(pack: CountryPack) -> dict[str, frozenset[str]]:
    """Map the search keys of all words for levels to the levels they mean in this country."""
    found: dict[str, set[str]] = {}
    for level in pack.levels:
        for word in (level.key, *level.aliases, *level.names.values()):
            key = search_key(word)
            # «روستای علی‌آباد»: after a vowel the link between two nouns is written
            for form in (key, f"{key}ی") if key.endswith(("ا", "ه", "و")) else (key,):
                found.setdefault(form, set()).add(level.key)
    return {key: frozenset(levels) for key, levels in found.items()}


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


def _make_reading(names: list[list[str]], level_words: dict[str, frozenset[str]]) -> Reading:
    head, *above = (_make_part(words, level_words) for words in names)
    return Reading(head, tuple(above))


def _make_part(words: list[str], level_words: dict[str, frozenset[str]]) -> Part:
    key, strict = "".join(map(search_key, words)), "".join(map(pashto_key, words))
    bare, levels = "", frozenset[str]()
    # «شهرستان آبادان» begins with its level, "Tehran province" ends with it; two words may name one level
    for size in (2, 1):
        for word, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            meant = level_words.get("".join(map(search_key, word)))
            if rest and meant and not bare:
                bare, levels = "".join(map(search_key, rest)), meant
    return Part(key, bare, levels, strict if strict != key else "")


def list_slips(key: str) -> list[str]:
    """List the keys that one slip of the keyboard may have made into `key`, and itself.

    Examples
    --------
    >>> [key in list_slips("تهرن") for key in ("تهران", "تهن", "تهنر", "تهرم", "شیراز")]
    [True, True, True, True, False]
    """
    if not 2 <= len(key) <= MOST_LETTERS:
        return [key]
    return sorted(set(_list_slips(key, _choose_letters(key))) - {""})


def _choose_letters(key: str) -> str:
    letters = LATIN_LETTERS if any("a" <= letter <= "z" for letter in key) else ARABIC_LETTERS
    return letters + "0123456789" if any(letter.isdigit() for letter in key) else letters


def _list_slips(key: str, letters: str) -> Iterator[str]:
    yield key
    for at in range(len(key) + 1):
        before, after = key[:at], key[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def grade_name(part: Part, text: str, *, key: str, level: str, width: Width) -> Grade | None:
    """Grade a name of a division of `level`, or find that it is no answer."""
    grades = [_grade_key(part.key, key, width), _grade_bare(part, key, level=level, width=width)]
    best = max((grade for grade in grades if grade), key=lambda grade: grade.score, default=None)
    if best and part.strict and part.strict not in pashto_key(text):
        return _lower(best, 0.97, "search_pashto")
    return best


def _grade_bare(part: Part, key: str, *, level: str, width: Width) -> Grade | None:
    grade = _grade_key(part.bare, key, width) if part.bare else None
    if grade is None or level in part.levels:
        return grade
    return None if width is Width.EXACT else _lower(grade, 0.9, "search_level_other")


def _lower(grade: Grade, factor: float, reason: str) -> Grade:
    return Grade(grade.score * factor, (*grade.reasons, Reason(reason)))


def _grade_key(typed: str, key: str, width: Width) -> Grade | None:
    if typed == key:
        return Grade(1.0, (because("search_exact"),))
    if width is Width.EXACT:
        return None
    edits = OSA.distance(typed, key, score_cutoff=1)
    if edits == 1 and len(key) > 1:
        return Grade(0.95 * (1 - 1 / (2 * len(key))), (because("search_slip", edits=1),))
    if key.startswith(typed):
        return Grade(0.6 + 0.25 * len(typed) / len(key), (because("search_begins"),))
    return _grade_loosely(typed, key) if width is Width.LOOSE else None


def _grade_loosely(typed: str, key: str) -> Grade | None:
    whole, piece = fuzz.ratio(typed, key) / 100, fuzz.partial_ratio(typed, key) / 100 if len(key) >= len(typed) else 0.0
    score = max(0.8 * whole, 0.4 * piece + 0.4 * whole)
    return Grade(score, (because("search_alike", share=round(max(whole, piece), 2)),)) if score >= LEAST_LOOSE else None
