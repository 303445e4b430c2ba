"""Check names against the naming rules of a country; what is found is told with a proposal, and nothing is changed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from geo.errors import Reason, because
from geo.register.countries import CountryPack
from geo.register.gazetteer import Gazetteer
from geo.register.levels import Level
from geo.register.names import (
    BIDI_CONTROLS,
    HAMZA_ABOVE,
    NAME_DIGITS,
    TATWEEL,
    find_mixed_letters,
    search_key,
)
from geo.register.naming_rules import NamingKind, NamingRule
from geo.register.romanization import romanize
from geo.register.skeletons import count_contradictions

OWN_LETTERS = {
    "fa": str.maketrans("يىكٱ", "ییکا"),
    "ps": str.maketrans("كٱ", "کا"),
    "ar": str.maketrans("یکہھ", "يكهه"),
}
"""The letters that another language's keyboard puts into names, and those that belong there, by main language."""

OWN_DIGITS = {
    "fa": str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2),
    "ar": str.maketrans("0123456789۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩" * 2),
}
"""Digits as a main language writes them; a language that is not here writes those of Latin letters."""

STUCK_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a digit and a letter touch."""


@dataclass(frozen=True)
class NamingFinding:
    """Hold one name that breaks a rule."""

    rule: str
    """The key of the rule in the pack."""
    place: int
    """The division, by its place in the gazetteer."""
    language: str
    """The language of the name."""
    text: str
    """The name; empty where it is missing."""
    reasons: tuple[Reason, ...]
    """What is wrong with it."""
    proposal: str
    """What it might be instead; empty where only people can tell."""


@dataclass(frozen=True)
class _Check:
    """Hold what a rule is checked on."""

    gazetteer: Gazetteer
    pack: CountryPack
    rule: NamingRule

    def list_names(self, official: bool = False) -> Iterator[tuple[int, str, str]]:
        """List place, language and text of the names that the rule looks at."""
        names, levels = self.gazetteer.names, self.gazetteer.divisions.levels
        asked = [key in self.rule.levels for key in self.gazetteer.level_keys]
        holders, ranks = self.gazetteer.holders.tolist(), levels.tolist()
        for row, language in enumerate(names.languages):
            if language in self.rule.languages and asked[ranks[holders[row]]] and (names.official[row] or not official):
                yield holders[row], language, names.texts[row]

    def level_of(self, place: int) -> str:
        """Give the level of a division."""
        return self.gazetteer.level_keys[int(self.gazetteer.divisions.levels[place])]

    def found(self, place: int, language: str, text: str, *reasons: Reason, proposal: str = "") -> NamingFinding:
        """Make a finding of the rule; a proposal that is the name itself is none."""
        return NamingFinding(self.rule.key, place, language, text, reasons, "" if proposal == text else proposal)


def check_naming(gazetteer: Gazetteer, pack: CountryPack) -> tuple[NamingFinding, ...]:
    """Check all names of a register by all rules of its country, rule by rule in the order of the divisions."""
    return tuple(finding for rule in pack.naming.rules for finding in CHECKS[rule.kind](_Check(gazetteer, pack, rule)))


def _check_duplicates(check: _Check) -> Iterator[NamingFinding]:
    gazetteer = check.gazetteer
    levels, parents = gazetteer.divisions.levels.tolist(), gazetteer.parents.tolist()
    named = [
        ((parents[place], levels[place], language, search_key(text)), place, text)
        for place, language, text in check.list_names(official=True)
    ]
    for (_, _, language, key), group in groupby(sorted(named), key=lambda one: one[0]):
        same = list(group)
        for _, place, text in same if key and len(same) > 1 else ():
            codes = tuple(gazetteer.divisions.codes[other] for _, other, _ in same if other != place)
            yield check.found(place, language, text, because("naming_duplicate", codes=codes[:5], count=len(codes)))


def _check_letters(check: _Check) -> Iterator[NamingFinding]:
    for place, language, text in check.list_names():
        if reasons := find_mixed_letters(text, language):
            yield check.found(place, language, text, *reasons, proposal=tidy_name(text, language))


def _check_digits(check: _Check) -> Iterator[NamingFinding]:
    for place, language, text in check.list_names():
        if not any(letter.isdecimal() for letter in text):
            continue
        own = write_own_digits(text, language)
        reasons = [because("naming_foreign_digits")] if own != text else []
        apart = STUCK_DIGITS.sub(" ", own)
        reasons += [because("naming_stuck_digits")] if apart != own else []
        if reasons:
            yield check.found(place, language, text, *reasons, proposal=apart)


def _check_missing(check: _Check) -> Iterator[NamingFinding]:
    gazetteer = check.gazetteer
    having = {(place, language) for place, language, text in check.list_names(official=True) if text.strip()}
    for place, rank in enumerate(gazetteer.divisions.levels.tolist()):
        for language in check.rule.languages if gazetteer.level_keys[rank] in check.rule.levels else ():
            if (place, language) not in having:
                yield check.found(
                    place, language, "", because("naming_missing"), proposal=_propose(check, place, language)
                )


def _propose(check: _Check, place: int, language: str) -> str:
    """Propose a Latin name by the table, where it can be written without a gap."""
    system, names = check.pack.naming.romanization, check.gazetteer.describe(place).names
    if system is None or language != system.latin or system.written not in names:
        return ""
    written = romanize(names[system.written], known=system.words)
    return written.text if written.complete else ""


def _check_level_words(check: _Check) -> Iterator[NamingFinding]:
    words = list_level_words(check.pack.levels)
    for place, language, text in check.list_names():
        parts = text.split()
        told = words[check.level_of(place), language.split("-")[0]] if len(parts) > 1 else frozenset()
        for word, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])) if told else ():
            if search_key(word) in told:
                reason = because("naming_level_word", word=word)
                yield check.found(place, language, text, reason, proposal=" ".join(rest))
                break


@lru_cache(maxsize=16)
def list_level_words(levels: tuple[Level, ...]) -> defaultdict[tuple[str, str], frozenset[str]]:
    """List the words for each level, by its key and main language, as search keys."""
    found: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for level in levels:
        for language, name in level.names.items():
            key = search_key(re.sub(r"\([^)]*\)", "", name))
            # «روستای …»: after a vowel the link between two nouns is written
            forms = {key, f"{key}ی"} if key.endswith(("ا", "ه")) else {key}
            found[level.key, language.split("-")[0]] |= forms
    return found


def _check_romanization(check: _Check) -> Iterator[NamingFinding]:
    system = check.pack.naming.romanization
    if system is None:
        return
    for place, language, text in check.list_names(official=True):
        written = check.gazetteer.describe(place).names.get(system.written, "") if language == system.latin else ""
        if not written or _is_repeated(check, place, text):
            continue
        if count := count_contradictions(written, text, translated=system.translated):
            proposal = romanize(written, known=system.words)
            reason = because("naming_romanization", written=written, count=count)
            yield check.found(place, language, text, reason, proposal=proposal.text if proposal.complete else "")


def _is_repeated(check: _Check, place: int, text: str) -> bool:
    """Tell whether a Latin name says its level again, which is a rule of its own."""
    words = list_level_words(check.pack.levels)[check.level_of(place), check.rule.languages[0].split("-")[0]]
    return bool(text.split()) and search_key(text.split()[-1]) in words


CHECKS: dict[NamingKind, Callable[[_Check], Iterator[NamingFinding]]] = {
    NamingKind.DUPLICATE: _check_duplicates,
    NamingKind.LETTERS: _check_letters,
    NamingKind.DIGITS: _check_digits,
    NamingKind.MISSING: _check_missing,
    NamingKind.LEVEL_WORD: _check_level_words,
    NamingKind.ROMANIZATION: _check_romanization,
}
"""How each kind of rule is checked."""


def tidy_name(text: str, language: str) -> str:
    """Propose a name without what its language does not write; letters that were lost cannot be put back.

    Examples
    --------
    >>> tidy_name("علـــي  آباد", "fa")
    'علی آباد'
    """
    main = language.split("-")[0]
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).translate(OWN_LETTERS.get(main, {}))
    kept = "".join(letter for letter in plain if not _is_stray(letter))
    return " ".join(kept.split())


def _is_stray(letter: str) -> bool:
    if letter in BIDI_CONTROLS or letter in (TATWEEL, "\ufffd"):
        return True
    category = unicodedata.category(letter)
    return (category == "Mn" and letter != HAMZA_ABOVE) or (category[0] == "C" and letter not in "\u200c\u200d")


def write_own_digits(text: str, language: str) -> str:
    """Write the digits of a name as its language does."""
    main = language.split("-")[0]
    return text.translate(OWN_DIGITS.get({"ps": "fa"}.get(main, main), NAME_DIGITS))
