"""Write Persian names in Latin letters by a published table, as a proposal.

Persian writes no short vowels, so a romanized name is data and cannot be computed: what the table gives are consonants
and long vowels. Short vowels come from a Latin name of the same division, or from a list of known words; where neither
tells, a dot stands for what may be a vowel and the proposal says that it is not complete.

The tables are those of the United Nations (resolution I/13 of 1967, after the Iranian system of 1966) and of BGN/PCGN
(1958, as updated in 2019). They write the letters of Persian alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.register.latin_letters import SIGNS, UNKNOWN, split_persian, write_letters
from geo.register.vowels import borrow_vowels


@dataclass(frozen=True)
class System:
    """Name a published table by which names are romanized."""

    key: str
    """The lasting word for it."""
    source: str
    """Where it was published."""


SYSTEMS = (
    System("un_1967", "United Nations resolution I/13 (1967), after the Iranian system of September 1966"),
    System("bgn_1958", "BGN/PCGN system for Persian (1958), as updated in 2019"),
)
"""The tables known here."""


@dataclass(frozen=True)
class Romanized:
    """Propose how a name is written in Latin letters."""

    text: str
    """The name; a dot stands for what may be a short vowel."""
    complete: bool
    """Whether nothing had to be left open."""
    words: tuple[str, ...]
    """The words that neither a Latin name nor the list of known words told."""


def romanize(name: str, *, known: Mapping[str, str], latin: str = "") -> Romanized:
    """Romanize a Persian name, with the short vowels of a Latin name of the same division, else of known words.

    Examples
    --------
    >>> romanize("علی آباد", known={"علی": "‘alī", "آباد": "ābād"})
    Romanized(text='‘Alī Ābād', complete=True, words=())
    >>> romanize("تهران", known={}).text
    'T·h·rān'
    >>> romanize("خرم آباد", known={}, latin="Khorramabad").text
    'Khorram Ābād'
    """
    words = split_persian(name)
    borrowed = borrow_vowels(words, latin) if latin else None
    written = borrowed or [known.get(word) or write_letters(word) for word in words]
    still_open = tuple(word for word, text in zip(words, written, strict=True) if UNKNOWN in text)
    return Romanized(" ".join(map(_capitalise, written)), not still_open, still_open)


def _capitalise(text: str) -> str:
    """Write the first letter of each noun large, after the sign of an ain or hamza where one stands before it."""
    return " ".join(_capitalise_noun(noun) for noun in text.split(" "))


def _capitalise_noun(text: str) -> str:
    first = next((at for at, letter in enumerate(text) if letter.isalpha() and letter not in SIGNS), len(text))
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]
