"""Read the legal thresholds of a country pack and check that each can be tested."""

from __future__ import annotations

from geo.register.densities import NO_DENSITIES, Densities, DensityBand
from geo.register.entries import Entry
from geo.register.levels import Level
from geo.register.thresholds import MEASURES, NO_THRESHOLDS, Threshold, Thresholds, Way
from geo.register.translations import Names

KINDS = ("create", "merge", "split", "transfer", "relevel", "recentre", "rebound", "annex")
"""The kinds of change a threshold may be heeded by."""

WAY_KEYS = ("measure", "least", "all_of", "any_of", "approval", "note", "verified")


def read_thresholds(entry: Entry | None, levels: tuple[Level, ...], *, languages: tuple[str, ...]) -> Thresholds:
    """Read the thresholds of a pack; it may have none."""
    if entry is None:
        return NO_THRESHOLDS
    entry.check_keys("approvals", "circumstances", "densities", "villages", "rules")
    keys = tuple(level.key for level in levels)
    densities, villages = entry.find("densities"), entry.find("villages")
    words = Thresholds(
        approvals=_read_words(entry.find("approvals"), languages),
        circumstances=_read_words(entry.find("circumstances"), languages),
        densities=_read_densities(densities, keys, languages=languages) if densities else NO_DENSITIES,
        villages=villages.some_of(tuple(level.key for level in levels if level.is_place)) if villages else (),
    )
    for word in words.circumstances:
        if word in words.densities.names:
            entry.get("circumstances").item(word, word).refuse("pack_said_twice", value=word)
    rules = entry.find("rules")
    found = tuple(_read_threshold(item, keys, words=words, languages=languages) for _, item in _list_tables(rules))
    return Thresholds(found, words.approvals, words.circumstances, words.densities, words.villages)


def _list_tables(entry: Entry | None) -> list[tuple[str, Entry]]:
    return list(entry.tables()) if entry else []


def _read_words(entry: Entry | None, languages: tuple[str, ...]) -> dict[str, Names]:
    return {item.item("key", key).keyword(): item.names(languages) for key, item in _list_tables(entry)}


def _read_densities(entry: Entry, levels: tuple[str, ...], *, languages: tuple[str, ...]) -> Densities:
    entry.check_keys("classes", "level", "by_code", "bands", "source", "verified")
    names = _read_words(entry.get("classes"), languages)
    level, table, bands = (entry.find(name) for name in ("level", "by_code", "bands"))
    if table and level is None:
        entry.get("level")
    return Densities(
        names=names,
        level=level.one_of(levels) if level else None,
        by_code={code: item.one_of(tuple(names)) for code, item in _list_tables(table)},
        bands=_read_bands(bands, tuple(names)) if bands else (),
        source=entry.get("source").text(),
        verified=_read_verified(entry),
    )


def _read_bands(entry: Entry, classes: tuple[str, ...]) -> tuple[DensityBand, ...]:
    """Read pairs of a density and the class from it on; they rise."""
    bands = []
    for item in entry.list_items():
        pair = item.list_items()
        if len(pair) != 2:
            item.refuse("pack_wants_pair")
        bands.append(DensityBand(pair[0].number(), pair[1].one_of(classes)))
    starts = [band.least for band in bands]
    if starts != sorted(set(starts)):
        entry.refuse("pack_bands_unsorted")
    return tuple(bands)


def _read_verified(entry: Entry) -> bool:
    verified = entry.find("verified")
    return verified.flag() if verified else True


def _read_threshold(
    entry: Entry, levels: tuple[str, ...], *, words: Thresholds, languages: tuple[str, ...]
) -> Threshold:
    entry.check_keys("names", "level", "kinds", "article", "source", "ways")
    key = entry.key.rpartition(".")[2]
    ways = tuple(_read_way(item, words) for item in entry.get("ways").list_items())
    if not ways:
        entry.get("ways").refuse("pack_wants_list")
    return Threshold(
        key=entry.item("key", key).keyword(),
        names=entry.get("names").names(languages),
        level=entry.get("level").one_of(levels),
        kinds=entry.get("kinds").some_of(KINDS),
        article=entry.get("article").text(),
        source=entry.get("source").text(),
        ways=ways,
    )


def _read_way(entry: Entry, words: Thresholds) -> Way:
    entry.check_keys(*WAY_KEYS)
    measure, least, all_of, any_of = (entry.find(name) for name in ("measure", "least", "all_of", "any_of"))
    if (measure is None) != (least is None):
        entry.get("least" if measure else "measure")
    if not (measure or all_of or any_of):
        entry.refuse("pack_way_asks_nothing")
    approval, note = entry.find("approval"), entry.find("note")
    return Way(
        measure=measure.one_of(MEASURES) if measure else None,
        least=least.number() if least else None,
        all_of=all_of.some_of(words.words) if all_of else (),
        any_of=any_of.some_of(words.words) if any_of else (),
        approval=approval.one_of(tuple(words.approvals)) if approval else None,
        note=note.text() if note else "",
        verified=_read_verified(entry),
    )
