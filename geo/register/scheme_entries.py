"""Read the code schemes of a country pack and check that each rule can be followed."""

from __future__ import annotations

import re

from geo.register.entries import Entry
from geo.register.levels import Level
from geo.register.schemes import CodeRule, Scheme

RULE_KEYS = ("prefix_of", "starts", "joined_by", "width", "ranges", "unique_segment", "pattern")


def read_schemes(entry: Entry, levels: tuple[Level, ...], *, languages: tuple[str, ...]) -> tuple[Scheme, ...]:
    """Read all schemes; each level must have exactly one primary scheme."""
    keys = tuple(level.key for level in levels)
    schemes = tuple(
        _read_scheme(version, keys, languages=languages) for _, item in entry.tables() for _, version in item.tables()
    )
    for key in keys:
        holders = [scheme for scheme in schemes if key in scheme.primary_for]
        if len(holders) != 1:
            entry.refuse("pack_wants_primary", level=key, found=len(holders))
    return schemes


def _read_scheme(entry: Entry, levels: tuple[str, ...], *, languages: tuple[str, ...]) -> Scheme:
    entry.check_keys("names", "source", "primary_for", "aliases", "rules")
    _, key, version = entry.key.split(".", 2)
    rules = _read_rules(entry.get("rules"), levels)
    primary, aliases = entry.find("primary_for"), entry.find("aliases")
    return Scheme(
        key=entry.item("key", key).keyword(),
        version=version,
        names=entry.get("names").names(languages),
        country=entry.country,
        rules=rules,
        primary_for=primary.some_of(tuple(rule.level for rule in rules)) if primary else (),
        aliases=aliases.texts() if aliases else (),
        source=entry.get("source").text(),
    )


def _read_rules(entry: Entry, levels: tuple[str, ...]) -> tuple[CodeRule, ...]:
    rules: list[CodeRule] = []
    for level, item in entry.tables():
        item.item("level", level).one_of(levels)
        rules.append(_read_rule(item, rules))
    return tuple(rules)


def _read_rule(entry: Entry, before: list[CodeRule]) -> CodeRule:
    entry.check_keys(*RULE_KEYS)
    level = entry.key.rpartition(".")[2]
    pattern = entry.find("pattern")
    if pattern is None:
        return _read_built(entry, level, before=before)
    # What a pattern checks, a width or range beside it could only contradict.
    for name in RULE_KEYS[:-1]:
        if excess := entry.find(name):
            excess.refuse("pack_pattern_alone")
    return CodeRule(level=level, pattern=_read_pattern(pattern))


def _read_pattern(entry: Entry) -> str:
    try:
        return re.compile(entry.text()).pattern
    except re.error as error:
        entry.refuse("pack_not_pattern", detail=str(error))


def _read_built(entry: Entry, level: str, *, before: list[CodeRule]) -> CodeRule:
    prefix, starts = entry.find("prefix_of"), entry.find("starts")
    if prefix and starts:
        starts.refuse("pack_two_prefixes")
    joined, unique, width = entry.find("joined_by"), entry.find("unique_segment"), entry.get("width").whole(least=1)
    return CodeRule(
        level=level,
        prefix_of=prefix.one_of(tuple(rule.level for rule in before if not rule.is_opaque)) if prefix else None,
        starts=starts.text() if starts else "",
        joined_by=joined.text() if joined else "",
        width=width,
        ranges=tuple(_read_range(item, width) for item in entry.get("ranges").list_items()),
        unique_segment=unique.flag() if unique else False,
    )


def _read_range(entry: Entry, width: int) -> tuple[int, int]:
    numbers = tuple(item.whole() for item in entry.list_items())
    if len(numbers) != 2 or not numbers[0] <= numbers[1] < 10**width:
        entry.refuse("pack_range_wrong", width=width)
    return numbers[0], numbers[1]
