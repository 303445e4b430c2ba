"""Write single Persian letters in Latin ones.

The table is that of the United Nations (resolution I/13 of 1967, after the Iranian system of 1966), whose letters are
those of BGN/PCGN (1958, as updated in 2019).
"""

from __future__ import annotations

import re
import unicodedata

from geo.register.names import NAME_DIGITS

SIGNS = "‘’"
"""The signs of ain and hamza."""

CONSONANTS = {
    **{"ب": "b", "پ": "p", "ت": "t", "ث": "s̄", "ج": "j", "چ": "ch", "ح": "ḩ", "خ": "kh", "د": "d", "ذ": "z̄"},
    **{"ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "ş", "ض": "ẕ", "ط": "ţ", "ظ": "z̧", "ع": "‘"},
    **{"غ": "gh", "ف": "f", "ق": "q", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "v", "ه": "h"},
    **{"ی": "y", "ء": "’", "أ": "’", "ؤ": "’", "ئ": "’"},
}
"""The consonants, the same in both tables."""

SHORT_VOWELS = {"\u064e": "a", "\u0650": "e", "\u064f": "o", "\u0652": ""}
"""The marks that write short vowels, and the one that says there is none; names seldom have them."""

UNKNOWN = "·"
"""What stands between two consonants where a short vowel may be."""

DOUBLING = "\u0651"
"""The mark that doubles a consonant."""


def normalize_persian(name: str) -> str:
    """Write a name with the letters and digits that the table knows."""
    plain = unicodedata.normalize("NFKC", name).translate(str.maketrans("يىكةۀٱإ", "ییکههاا")).translate(NAME_DIGITS)
    return plain.replace("ـ", "")


def split_persian(name: str) -> list[str]:
    """Split a name into its words, written with the letters that the table knows."""
    return [word for word in re.split(r"[\s\u200c/()\-،]+", normalize_persian(name)) if word]


def write_letters(word: str) -> str:
    """Write the consonants and long vowels of a word; a dot stands for what may be a short vowel."""
    written: list[str] = []
    for at, letter in enumerate(word):
        written.append(_write_letter(word, at, letter))
    text = "".join(written)
    # between two consonants there may be a vowel, but two at the end of a word may also stand together
    return unicodedata.normalize("NFC", re.sub(rf"{UNKNOWN}+", UNKNOWN, text).rstrip(UNKNOWN))


def _write_letter(word: str, at: int, letter: str) -> str:
    before, after = word[at - 1 : at], word[at + 1 : at + 2]
    if letter in SHORT_VOWELS:
        return SHORT_VOWELS[letter]
    if letter == DOUBLING:
        return CONSONANTS.get(before, "")
    if letter == "آ" or (letter == "ا" and at):
        return "ā"
    if letter == "ا":
        return "" if after in ("ی", "و") else UNKNOWN
    if _is_vowel(word, at):
        return {"و": "ū", "ی": "ī"}[letter]
    if letter == "ه" and at and not after and before in CONSONANTS:
        return "eh"
    gap = UNKNOWN if at and before in CONSONANTS and not _is_vowel(word, at - 1) else ""
    return gap + CONSONANTS.get(letter, letter)


def _is_vowel(word: str, at: int) -> bool:
    """Tell whether a letter of a word is و or ی and writes a vowel: not at its beginning or beside a long vowel."""
    if not at or word[at] not in "وی":
        return False
    # «ایران» begins with the vowel that follows its alef
    return word[:at] == "ا" or not (word[at - 1] in "اآ" or word[at + 1 : at + 2] in ("ا", "آ"))
