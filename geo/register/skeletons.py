"""Compare a Persian name with its Latin form by their consonants, since short vowels are unwritten.

Letters that sound alike are one class, doubled letters are one, and what may be silent or a vowel (و, ی, a final ه, the
link between nouns) is free. What remains different contradicts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from geo.register.latin_letters import CONSONANTS, split_persian

CLASSES = {
    **{"ط": "t", "ث": "s", "ص": "s", "ح": "h", "ذ": "z", "ض": "z", "ظ": "z", "خ": "x", "چ": "č", "ش": "š", "ژ": "ž"},
    **dict.fromkeys("غق", "q"),
    **{letter: written for letter, written in CONSONANTS.items() if len(written) == 1 and written.isascii()},
}
"""The classes of Persian letters; those that write vowels, and the signs of ain and hamza, have none."""

DIGRAPHS = {"kh": "x", "sh": "š", "ch": "č", "zh": "ž", "gh": "q"}
"""The classes of pairs of Latin letters."""

LATIN_CLASSES = {**dict.fromkeys("bptjhdzrsfqkglmnvyxčšž", ""), "w": "v", "c": "k"}
"""Latin letters that count, and the class of those that are not their own."""

FREE_PERSIAN = "وی"
"""Persian letters that may be vowels, and so have nothing in Latin letters."""

MOST_LETTERS = 80
"""Longer names are not compared."""


@dataclass(frozen=True)
class Sound:
    """Hold one consonant."""

    kind: str
    """Its class."""
    free: bool
    """Whether it may be missing from the other form."""


def list_persian_sounds(words: Sequence[str]) -> tuple[Sound, ...]:
    """List the consonants of Persian words in order."""
    return tuple(
        Sound(CLASSES[letter], letter in FREE_PERSIAN or (letter == "ه" and at == len(word) - 1))
        for word in words
        for at, letter in enumerate(word)
        if letter in CLASSES
    )


def list_latin_sounds(words: Sequence[str]) -> tuple[Sound, ...]:
    """List the consonants of Latin words, written small and without marks, in order."""
    found: list[Sound] = []
    before = ""
    for word in words:
        for at, letter in enumerate(word):
            if letter in LATIN_CLASSES:
                is_final = at == len(word) - 1 and letter == "h"
                # Persian does not write that a consonant is doubled
                found.append(Sound(LATIN_CLASSES[letter] or letter, letter == "y" or is_final or letter == before))
            before = letter
    return tuple(found)


def to_plain_latin(name: str) -> str:
    """Write a Latin name small, without marks, its pairs of letters as one."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter)
    )
    plain = re.sub(r"['’‘`ʿʾ]", "", plain)
    for pair, kind in DIGRAPHS.items():
        plain = plain.replace(pair, kind)
    return plain


def split_latin(name: str) -> list[str]:
    """Split a Latin name into words, written small and without marks."""
    return [word for word in re.split(r"[\W_]+", to_plain_latin(name)) if word]


def count_contradictions(persian: str, latin: str, *, translated: Mapping[str, str] = MappingProxyType({})) -> int:
    """Count the consonants in which a Persian name and its Latin form differ.

    `translated` holds Persian words and what Latin names write for them in place of their sound, such as «شرقی» and
    east; where both are there, neither counts.

    Examples
    --------
    >>> count_contradictions("تربت حیدریه", "Torbat-e-Heydarieh"), count_contradictions("بینالود", "Torghabeh")
    (0, 4)
    """
    if len(persian) > MOST_LETTERS or len(latin) > MOST_LETTERS:
        return 0
    words, parts = split_persian(persian), split_latin(latin)
    for word, meaning in sorted(translated.items()):
        told = to_plain_latin(meaning)
        if told in parts and (word in words or word == "و"):
            words = [one for one in words if one != word]
            parts = [one for one in parts if one != told]
    # «خراسان رضوی» is Razavi Khorasan in English: the order of the words may be turned
    heard = list_persian_sounds(words)
    return min(_compare(heard, list_latin_sounds(one)) for one in (parts, parts[::-1]))


def persian_sounds(words: Sequence[str]) -> str:
    """Write the consonants of Persian words that nothing can leave out, as a key."""
    return _to_key(list_persian_sounds(words))


def latin_sounds(words: Sequence[str]) -> str:
    """Write those of Latin words, small and without marks, as the key that a Persian name of that sound has.

    Examples
    --------
    >>> latin_sounds(split_latin("Homeh")) == persian_sounds(["حومه"])
    True
    """
    return _to_key(list_latin_sounds(words))


def _to_key(sounds: Sequence[Sound]) -> str:
    # v is written as the vowel و is, so that neither form can be sure of it; doubled letters are one
    kinds = [sound.kind for sound in sounds if not sound.free and sound.kind != "v"]
    return "".join(kind for at, kind in enumerate(kinds) if not at or kinds[at - 1] != kind)


@lru_cache(maxsize=4096)
def _compare(persian: tuple[Sound, ...], latin: tuple[Sound, ...]) -> int:
    """Measure the distance of two rows of consonants, in which free ones cost nothing."""
    costs = [0]
    for sound in latin:
        costs.append(costs[-1] + (not sound.free))
    for sound in persian:
        before, costs = costs, [costs[0] + (not sound.free)]
        for at, other in enumerate(latin):
            swap = before[at] + (not _sounds_alike(sound.kind, other.kind))
            costs.append(min(swap, before[at + 1] + (not sound.free), costs[at] + (not other.free)))
    return costs[-1]


def _sounds_alike(first: str, second: str) -> bool:
    # «شنبه» is said Shambeh, and «گنبد» Gombad
    return first == second or {first, second} == {"n", "m"}
