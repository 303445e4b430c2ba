"""Read the code schemes of a country pack and check that each rule can be followed."""

from __future__ import annotations

import re
from datetime import date

from geo.errors import InvalidPeriod
from geo.register.codes import check_code
from geo.register.entries import Entry
from geo.register.levels import Level
from geo.register.periods import Period
from geo.register.schemes import CodeRule, Scheme, TableRow

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
    for scheme in schemes:
        _check_table(entry, scheme, schemes)
    return schemes


def _read_scheme(entry: Entry, levels: tuple[str, ...], *, languages: tuple[str, ...]) -> Scheme:
    entry.check_keys("names", "source", "primary_for", "aliases", "rules", "valid_from", "valid_until", "codes")
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
        period=_read_period(entry),
        table=_read_table(entry.find("codes"), rules),
    )


def _read_period(entry: Entry) -> Period:
    """Read when the version is in force; TOML knows days by itself."""
    days: list[date | None] = []
    for name in ("valid_from", "valid_until"):
        found = entry.find(name)
        if found is not None and type(found.value) is not date:
            found.refuse("pack_wants_day")
        days.append(found.value if found and isinstance(found.value, date) else None)
    try:
        return Period(*days)
    except InvalidPeriod:
        entry.refuse("pack_period_empty")


def _read_table(entry: Entry | None, rules: tuple[CodeRule, ...]) -> tuple[TableRow, ...]:
    rows: list[TableRow] = []
    for level, item in entry.tables() if entry else ():
        item.item("level", level).one_of(tuple(rule.level for rule in rules))
        rows += [_read_pair(pair, level) for pair in item.list_items()]
    return tuple(rows)


def _read_pair(entry: Entry, level: str) -> TableRow:
    texts = entry.texts()
    if len(texts) != 2:
        entry.refuse("pack_table_pair")
    return TableRow(level, *texts)


def _check_table(entry: Entry, scheme: Scheme, schemes: tuple[Scheme, ...]) -> None:
    """Refuse a published table with a code outside its rule, or the same code twice on either side."""
    own = entry.item(scheme.key, None).item(scheme.version, None).item("codes", None)
    primaries = {level: one for one in schemes for level in one.primary_for}
    for row in scheme.table:
        if check_code(scheme, row.level, row.code) or check_code(primaries[row.level], row.level, row.primary):
            own.refuse("pack_table_code", code=row.code, primary=row.primary)
    sides: tuple[list[object], ...] = (
        [row.code for row in scheme.table],
        [(row.level, row.primary) for row in scheme.table],
    )
    for side in sides:
        if len(set(side)) < len(side):
            own.refuse("pack_said_twice", value=next(one for one in side if side.count(one) > 1))


def _read_rules(entry: Entry, levels: tuple[str, ...]) -> tuple[CodeRule, ...]:
    rules: list[CodeRule] = []
    for level, item in entry.tables():
        item.item("level", level).one_of(levels)
        rules.append(_read_rule(item, rules))
    return tuple(rules)


def _read_rule(entry: Entry, before: list[CodeRule]) -> CodeRule:
    entry.check_keys(*RULE_KEYS, "ocd_word")
    level = entry.key.rpartition(".")[2]
    pattern = entry.find("pattern")
    if pattern is None:
        return _read_built(entry, level, before=before)
    # What a pattern checks, a width or range beside it could only contradict.
    for name in RULE_KEYS[:-1]:
        if excess := entry.find(name):
            excess.refuse("pack_pattern_alone")
    return CodeRule(level=level, pattern=_read_pattern(pattern), ocd_word=_read_word(entry))


def _read_word(entry: Entry) -> str:
    """Read what open civic data calls the level: letters and underscores, for its ids allow no digits there."""
    found = entry.find("ocd_word")
    if found is None:
        return ""
    if not re.fullmatch(r"[a-z_]{2,}", found.text()):
        found.refuse("pack_wants_keyword", value=found.value)
    return found.text()


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
        ocd_word=_read_word(entry),
    )


def _read_range(entry: Entry, width: int) -> tuple[int, int]:
    numbers = tuple(item.whole() for item in entry.list_items())
    if len(numbers) != 2 or not numbers[0] <= numbers[1] < 10**width:
        entry.refuse("pack_range_wrong", width=width)
    return numbers[0], numbers[1]
