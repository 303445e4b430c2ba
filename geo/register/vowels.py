"""Borrow the short vowels of a Persian name from its Latin form.

Both are read letter by letter: consonants must agree, and the vowels that stand between them in the Latin form are
taken over where Persian writes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.register.latin_letters import CONSONANTS, DOUBLING, SHORT_VOWELS
from geo.register.skeletons import CLASSES, LATIN_CLASSES, to_plain_latin

SPELT = {
    "و": {"oo": "ū", "ou": "ū", "ow": "ow", "u": "ū", "o": "ow"},
    "ی": {"ee": "ī", "ie": "ī", "ey": "ey", "ei": "ey", "ay": "ey", "i": "ī"},
}
"""The vowels that و and ی write, by how Latin names spell them, the longest spellings first."""

LINKS = (" e ", " ye ")
"""The link between two nouns, where a Latin name writes it as a word of its own."""

VOWELS = "aeiou"


@dataclass
class _Reader:
    """Walk through a Latin name, which has a space where one of its words ends."""

    text: str
    at: int = 0
    written: list[str] = field(default_factory=list)

    @property
    def next(self) -> str:
        """Look at the next letter."""
        return self.text[self.at : self.at + 1]

    def take_vowels(self) -> str:
        """Take the vowels that stand next, whether a word ends among them or not."""
        start = self.at
        while self.next and self.next in VOWELS:
            self.at += 1
        return self.text[start : self.at]

    def take(self, kind: str) -> int:
        """Take a consonant as often as it stands next, and count it."""
        start = self.at
        while self.next and (LATIN_CLASSES.get(self.next) or self.next) == kind:
            self.at += 1
        return self.at - start

    def skip_end(self) -> None:
        """Pass the end of a word."""
        while self.next == " ":
            self.at += 1


def borrow_vowels(words: Sequence[str], latin: str) -> list[str] | None:
    """Write Persian words with the vowels of a Latin form, or find that the two do not agree."""
    plain = "".join(letter if letter.isalpha() else " " for letter in to_plain_latin(latin))
    reader = _Reader(" ".join(plain.split()))
    written = []
    for number, word in enumerate(words):
        reader.skip_end()
        text = _read_word(reader, word)
        if text is None:
            return None
        written.append(text + (_read_link(reader) if number < len(words) - 1 else ""))
    reader.take("h")
    return written if reader.at == len(reader.text) else None


def _read_link(reader: _Reader) -> str:
    for link in LINKS:
        if reader.text.startswith(link, reader.at):
            reader.at += len(link)
            return f"-{link.strip()}"
    return ""


def _read_word(reader: _Reader, word: str) -> str | None:
    written = ""
    for at, letter in enumerate(word):
        if letter in SHORT_VOWELS or letter == DOUBLING:
            continue
        text = _read_letter(reader, word, at, letter)
        if text is None:
            return None
        written += text
    return written


def _read_letter(reader: _Reader, word: str, at: int, letter: str) -> str | None:
    if letter in "اآ":
        return _read_alef(reader, word, at, letter)
    if letter in "وی" and (found := _read_glide(reader, at, letter)) is not None:
        return found
    short = reader.take_vowels()
    kind = CLASSES.get(letter)
    if kind is None:
        return short + CONSONANTS.get(letter, letter)
    link = _read_link(reader)
    reader.skip_end()
    count = reader.take(kind)
    if not count and letter == "ه" and at == len(word) - 1:
        return short + "h"
    return (f"{short}{link} " if link else short) + CONSONANTS[letter] * min(count, 2) if count else None


def _read_alef(reader: _Reader, word: str, at: int, letter: str) -> str | None:
    if letter == "ا" and not at:
        # «اردبیل» begins with a vowel that is not long, and «ایران» with that of the next letter
        return "" if word[1:2] in ("ی", "و") else reader.take_vowels()
    return "ā" if reader.take_vowels() else None


def _read_glide(reader: _Reader, at: int, letter: str) -> str | None:
    """Read و or ی as a vowel; None where the Latin form has it as a consonant."""
    if letter == "ی" and reader.text.startswith(("iyeh", "ieh"), reader.at):
        # the ending of adjectives, as in «اشرفیه», is written -īyeh
        reader.at += 2 if reader.text.startswith("iy", reader.at) else 1
        return "īy"
    for spelt, vowel in SPELT[letter].items():
        if reader.text.startswith(spelt, reader.at):
            reader.at += len(spelt)
            return vowel
    kind = {"و": "v", "ی": "y"}[letter]
    ahead = reader.text[reader.at :].lstrip(VOWELS)[:1]
    if (LATIN_CLASSES.get(ahead) or ahead) == kind:
        return None
    # «خواف» is said Khaf: after خ the letter is written and not said
    return "" if letter == "و" and at else None
