"""Read values out of a country pack's text and name the dotted key of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from geo.errors import InvalidPack, because
from geo.register.translations import Names


@dataclass(frozen=True)
class Entry:
    """Hold one value of a pack together with where it stands."""

    country: str
    """The country whose pack is read."""
    key: str
    """The dotted key of the value; empty for the pack itself."""
    value: object
    """What the text says there."""

    def refuse(self, reason: str, **params: object) -> NoReturn:
        """Stop reading: the value breaks a rule."""
        raise InvalidPack(country=self.country, key=self.key or "-", reason=because(reason, **params))

    def item(self, name: str, value: object) -> Entry:
        """Give a value inside this one."""
        return Entry(self.country, f"{self.key}.{name}" if self.key else name, value)

    def table(self) -> dict[str, object]:
        """Take the value as a table."""
        if not isinstance(self.value, dict):
            self.refuse("pack_wants_table")
        return self.value

    def check_keys(self, *known: str) -> None:
        """Refuse keys nobody would read: they are misspelt."""
        for name, value in self.table().items():
            if name not in known:
                self.item(name, value).refuse("pack_key_unknown", known=known)

    def find(self, name: str) -> Entry | None:
        """Find a value of the table that may be absent."""
        return self.item(name, self.table()[name]) if name in self.table() else None

    def get(self, name: str) -> Entry:
        """Give a value of the table that must be there."""
        return self.find(name) or self.item(name, None).refuse("pack_key_missing")

    def tables(self) -> Iterator[tuple[str, Entry]]:
        """Walk the tables of a table with their names."""
        for name, value in self.table().items():
            yield name, self.item(name, value)

    def list_items(self) -> tuple[Entry, ...]:
        """Take the value as a list, each item under its number from 0."""
        if not isinstance(self.value, list):
            self.refuse("pack_wants_list")
        return tuple(self.item(str(number), value) for number, value in enumerate(self.value))

    def text(self) -> str:
        """Take the value as text that says something."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse("pack_wants_text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Take the value as a list of texts; what is wrong with one is said of the list."""
        return tuple(Entry(self.country, self.key, item.value).text() for item in self.list_items())

    def keyword(self) -> str:
        """Take the value as a key: small letters, digits and underscores."""
        text = self.text()
        if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
            self.refuse("pack_wants_keyword", value=text)
        return text

    def one_of(self, known: tuple[str, ...]) -> str:
        """Take the value as one of the known words."""
        text = self.text()
        if text not in known:
            self.refuse("pack_unknown_word", value=text, known=known)
        return text

    def some_of(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Take the value as a list of different known words."""
        words = self.texts()
        for word in words:
            Entry(self.country, self.key, word).one_of(known)
        if len(set(words)) < len(words):
            self.refuse("pack_said_twice", value=words)
        return words

    def number(self, *, least: float = 0.0) -> float:
        """Take the value as a number of at least `least`."""
        # A bool is an int to Python, and nan is neither less nor more: both must not pass.
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)) or not self.value >= least:
            self.refuse("pack_wants_number", least=least)
        return float(self.value)

    def whole(self, *, least: int = 0) -> int:
        """Take the value as a whole number of at least `least`."""
        number = self.number(least=least)
        if not isinstance(self.value, int):
            self.refuse("pack_wants_whole")
        return int(number)

    def flag(self) -> bool:
        """Take the value as true or false."""
        if not isinstance(self.value, bool):
            self.refuse("pack_wants_flag")
        return self.value

    def names(self, needed: tuple[str, ...]) -> Names:
        """Take the value as names by language: all the needed ones first, then others in their order."""
        found = {language: entry.text() for language, entry in self.tables()}
        for language in found:
            if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", language):
                self.item(language, None).refuse("pack_wants_language", value=language)
        for language in needed:
            self.get(language)
        ordered = (*needed, *(language for language in found if language not in needed))
        return Names(tuple((language, found[language]) for language in ordered))
