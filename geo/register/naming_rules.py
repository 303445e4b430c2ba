"""Describe the naming rules of a country and read them from its pack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.register.entries import Entry
from geo.register.levels import Level
from geo.register.romanization import SYSTEMS
from geo.register.translations import Names


class NamingKind(StrEnum):
    """Tell what a naming rule looks at."""

    DUPLICATE = "duplicate"
    """Two divisions of one level and parent have one name."""
    LETTERS = "letters"
    """A name has letters or marks that its language does not write."""
    DIGITS = "digits"
    """A name has digits of another script, or digits that stick to letters."""
    MISSING = "missing"
    """A division has no official name in a language."""
    LEVEL_WORD = "level_word"
    """A name says again what level it is of."""
    ROMANIZATION = "romanization"
    """A Latin name contradicts the name in the country's own letters."""


@dataclass(frozen=True)
class NamingRule:
    """Say what names are checked for, and by whose rule."""

    key: str
    """The lasting word for the rule in this pack."""
    kind: NamingKind
    """What it looks at."""
    names: Names
    """What people call it, by language."""
    source: str
    """Where the rule stands."""
    languages: tuple[str, ...]
    """The languages whose names are looked at."""
    levels: frozenset[str]
    """The levels whose names are looked at."""


@dataclass(frozen=True)
class RomanizationRule:
    """Say how a country's names are written in Latin letters."""

    system: str
    """The key of the published table."""
    source: str
    """Where it was published."""
    written: str
    """The language that is romanized."""
    latin: str
    """The language whose names are the Latin ones."""
    words: dict[str, str]
    """Words of names with their short vowels, as the table writes them."""
    translated: dict[str, str]
    """Words that Latin names translate in place of writing their sound."""


@dataclass(frozen=True)
class Naming:
    """Hold the naming rules of a country."""

    rules: tuple[NamingRule, ...] = ()
    """The rules, in the order of the pack."""
    romanization: RomanizationRule | None = None
    """How names are written in Latin letters; None where the pack does not say."""


NO_NAMING = Naming()
"""What a pack without naming rules has."""


def read_naming(entry: Entry | None, levels: tuple[Level, ...], *, languages: tuple[str, ...]) -> Naming:
    """Read the naming rules of a pack; it may have none."""
    if entry is None:
        return NO_NAMING
    entry.check_keys("rules", "romanization")
    romanization, rules = entry.find("romanization"), entry.find("rules")
    system = _read_romanization(romanization, languages) if romanization else None
    found = tuple(_read_rule(item, levels, languages=languages) for _, item in (rules.tables() if rules else ()))
    for rule in found:
        if rule.kind is NamingKind.ROMANIZATION and system is None and rules:
            rules.item(rule.key, rule.key).refuse("naming_no_romanization")
    return Naming(found, system)


def _read_rule(entry: Entry, levels: tuple[Level, ...], *, languages: tuple[str, ...]) -> NamingRule:
    entry.check_keys("kind", "names", "source", "languages", "levels")
    key = entry.key.rpartition(".")[2]
    keys = tuple(level.key for level in levels)
    chosen = entry.find("levels")
    return NamingRule(
        key=entry.item("key", key).keyword(),
        kind=NamingKind(entry.get("kind").one_of(tuple(NamingKind))),
        names=entry.get("names").names(languages),
        source=entry.get("source").text(),
        languages=entry.get("languages").some_of(languages),
        levels=frozenset(chosen.some_of(keys) if chosen else keys),
    )


def _read_romanization(entry: Entry, languages: tuple[str, ...]) -> RomanizationRule:
    entry.check_keys("system", "written", "latin", "words", "translated")
    sources = {system.key: system.source for system in SYSTEMS}
    system = entry.get("system").one_of(tuple(sources))
    return RomanizationRule(
        system=system,
        source=sources[system],
        written=entry.get("written").one_of(languages),
        latin=entry.get("latin").one_of(languages),
        words=_read_words(entry.find("words")),
        translated=_read_words(entry.find("translated")),
    )


def _read_words(entry: Entry | None) -> dict[str, str]:
    return {word: item.text() for word, item in entry.tables()} if entry else {}
