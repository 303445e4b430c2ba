"""Write and read the division ids of open civic data, such as `ocd-division/country:ir/province:06/county:0601`.

An id names every division above, each by the word of its level and its code in the primary scheme; a number that is
the only one in the country stands for the whole code.
"""

from __future__ import annotations

import re

from geo.errors import InvalidCode, because
from geo.register.codes import check_code, segment_of
from geo.register.countries import CountryPack
from geo.register.schemes import CodeRule, Scheme

BEGINNING = "ocd-division/"
"""How every id begins."""

PATTERN = re.compile(r"ocd-division/(country|region):[a-z]{2}(/[^\W\d]+-?[^\W\d]+:[\w.~-]+)*")
"""What an id looks like, by the rules of open civic data."""

SCHEME = "ocd"
"""What the ids are called beside the schemes of the packs."""


def to_country_id(pack: CountryPack) -> str:
    """Write the id of the country, under which all others stand."""
    return f"{BEGINNING}country:{pack.country}"


def to_ocd_id(pack: CountryPack, above: str, *, level: str, code: str) -> str:
    """Write the id of a division under the id of its parent; letters that no id takes become tildes."""
    scheme = pack.primary_scheme(level)
    number = re.sub(r"[^\w.~-]", "~", _shorten(scheme, level, code).lower())
    return f"{above}/{_word_of(scheme.rule_of(level))}:{number}"


def _word_of(rule: CodeRule) -> str:
    return rule.ocd_word or rule.level


def _shorten(scheme: Scheme, level: str, code: str) -> str:
    """Take the number alone where it is the only one in the country; a code outside its rule stays whole."""
    is_unique = scheme.rule_of(level).unique_segment and check_code(scheme, level, code) is None
    return segment_of(scheme, level, code) if is_unique else code


def read_ocd_id(pack: CountryPack, text: str) -> tuple[str, str]:
    """Read an id as the level and the whole code of its division.

    Raises InvalidCode when it is no such id, is of another country, or names a level that the pack does not have.
    """
    if not PATTERN.fullmatch(text):
        raise _refuse(text, "ocd_form")
    country, *parts = text.removeprefix(BEGINNING).split("/")
    if country != f"country:{pack.country}":
        raise _refuse(text, "code_other_country", country=country.partition(":")[2].upper())
    if not parts:
        raise _refuse(text, "ocd_country")
    found: dict[str, str] = {}
    for part in parts:
        word, _, number = part.partition(":")
        level = _find_level(pack, word)
        if level is None:
            raise _refuse(text, "ocd_word", word=word)
        found[level] = _complete(pack.primary_scheme(level), level, number, above=found)
    level = next(reversed(found))
    return level, found[level]


def _refuse(text: str, reason: str, **params: object) -> InvalidCode:
    return InvalidCode(code=text, scheme=SCHEME, reason=because(reason, **params))


def _find_level(pack: CountryPack, word: str) -> str | None:
    levels = (level.key for level in pack.levels)
    return next((key for key in levels if _word_of(pack.primary_scheme(key).rule_of(key)) == word), None)


def _complete(scheme: Scheme, level: str, number: str, *, above: dict[str, str]) -> str:
    """Put before a number the code that it stands behind, which the id has named already."""
    rule = scheme.rule_of(level)
    if not rule.unique_segment or rule.prefix_of is None or len(number) != rule.width:
        return number
    return f"{above.get(rule.prefix_of, '')}{rule.joined_by}{number}"
