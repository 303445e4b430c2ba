"""Read the country packs: the files that say everything that is one country's.

A pack is checked whole when it is read, so that nothing later meets a level or a scheme that does not exist.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from geo.elections.ballots import read_ballots
from geo.errors import InvalidPack, UnknownCountry, because
from geo.register.body_entries import read_bodies
from geo.register.countries import Attribution, Bounds, Category, CountryPack, PackTolerances
from geo.register.entries import Entry
from geo.register.index_entries import read_indices
from geo.register.levels import GeometryKind, Level, Partition
from geo.register.names import search_key
from geo.register.naming_rules import read_naming
from geo.register.scheme_entries import read_schemes
from geo.register.threshold_entries import read_thresholds

CALENDARS = ("jalali", "gregorian")


def _pack_folder() -> Traversable:
    return files("geo") / "countries"


@cache
def list_countries() -> tuple[str, ...]:
    """List the countries that have a pack."""
    names = sorted(item.name for item in _pack_folder().iterdir())
    return tuple(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def load_pack(country: str) -> CountryPack:
    """Load the pack of a country, once."""
    if country not in list_countries():
        raise UnknownCountry(country=country, known=list_countries())
    return read_pack((_pack_folder() / f"{country}.toml").read_text(encoding="utf-8"), country)


def read_pack(text: str, country: str) -> CountryPack:
    """Read a pack from its text and check all of it."""
    try:
        root = Entry(country, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidPack(country=country, key="-", reason=because("pack_not_toml", detail=str(error))) from error
    return _read_root(root)


def _read_root(root: Entry) -> CountryPack:
    root.check_keys(
        *("country", "languages", "names", "calendar", "time_zone", "equal_area_crs", "bounds"),
        *("tolerances", "suppression"),
        *("levels", "partitions", "schemes", "categories", "attributions", "bodies", "ballots", "thresholds"),
        *("naming", "indices"),
    )
    root.get("country").one_of((root.country,))
    languages = root.get("languages").texts()
    levels = _read_levels(root.get("levels"), languages)
    bodies = read_bodies(root.find("bodies"), levels, languages=languages)
    return CountryPack(
        country=root.country,
        names=root.get("names").names(languages),
        languages=languages,
        calendar=root.get("calendar").one_of(CALENDARS),
        time_zone=_read_zone(root.get("time_zone")),
        equal_area_crs=_read_projection(root.get("equal_area_crs")),
        bounds=_read_bounds(root.get("bounds")),
        tolerances=_read_tolerances(root.get("tolerances")),
        suppression_threshold=_read_suppression(root.get("suppression")),
        levels=levels,
        partitions=_read_partitions(root.get("partitions"), levels),
        schemes=read_schemes(root.get("schemes"), levels, languages=languages),
        categories=_read_categories(root.find("categories"), languages),
        attributions=_read_attributions(root.find("attributions")),
        bodies=bodies,
        ballots=read_ballots(root.find("ballots"), tuple(body.key for body in bodies), languages=languages),
        naming=read_naming(root.find("naming"), levels, languages=languages),
        thresholds=read_thresholds(root.find("thresholds"), levels, languages=languages),
        indices=read_indices(root.find("indices"), levels, languages=languages),
    )


def _read_zone(entry: Entry) -> str:
    text = entry.text()
    if not re.fullmatch(r"[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+", text):
        entry.refuse("pack_wants_zone", value=text)
    return text


def _read_projection(entry: Entry) -> str:
    text = entry.text()
    if "+proj=aea" not in text.split() or "+units=m" not in text.split():
        entry.refuse("pack_wants_albers")
    return text


def _read_bounds(entry: Entry) -> Bounds:
    entry.check_keys("west", "south", "east", "north")
    sides = {side: entry.get(side).number(least=-180.0) for side in ("west", "south", "east", "north")}
    if not (sides["west"] < sides["east"] <= 180 and -90 <= sides["south"] < sides["north"] <= 90):
        entry.refuse("pack_bounds_empty")
    return Bounds(**sides)


def _read_tolerances(entry: Entry) -> PackTolerances:
    known = ("report_area_m2", "vertex_width_m", "sliver_width_m", "sliver_compactness")
    entry.check_keys(*known)
    values = {name: entry.get(name).number() for name in known}
    if values["sliver_compactness"] > 1:
        entry.get("sliver_compactness").refuse("pack_share_over_one")
    return PackTolerances(**values)


def _read_suppression(entry: Entry) -> int:
    entry.check_keys("threshold")
    return entry.get("threshold").whole(least=1)


def _read_levels(entry: Entry, languages: tuple[str, ...]) -> tuple[Level, ...]:
    levels: list[Level] = []
    for key, item in entry.tables():
        item.item("key", key).keyword()
        # Only the levels read so far may be parents, so levels cannot form a circle.
        levels.append(_read_level(item, levels, languages=languages))
        _check_words(item, levels)
    return tuple(levels)


def _read_level(entry: Entry, before: list[Level], *, languages: tuple[str, ...]) -> Level:
    """Read a level whose parents are among those before it."""
    entry.check_keys("names", "geometry", "parents", "aliases")
    aliases = entry.find("aliases")
    return Level(
        key=entry.key.rpartition(".")[2],
        names=entry.get("names").names(languages),
        geometry=GeometryKind(entry.get("geometry").one_of(tuple(GeometryKind))),
        parents=entry.get("parents").some_of(tuple(level.key for level in before)),
        rank=len(before),
        aliases=aliases.texts() if aliases else (),
    )


def _check_words(entry: Entry, levels: list[Level]) -> None:
    """Refuse a word that an earlier level answers to: a file that uses it could mean either."""
    taken = {search_key(word): level.key for level in levels[:-1] for word in _words_of(level)}
    for word in _words_of(levels[-1]):
        if search_key(word) in taken:
            entry.item("aliases", word).refuse("pack_word_taken", value=word, level=taken[search_key(word)])


def _words_of(level: Level) -> tuple[str, ...]:
    return (level.key, *level.aliases)


def _read_partitions(entry: Entry, levels: tuple[Level, ...]) -> tuple[Partition, ...]:
    polygons = tuple(level.key for level in levels if not level.is_place)
    return tuple(_read_partition(item, polygons, levels=levels) for _, item in entry.tables())


def _read_partition(entry: Entry, polygons: tuple[str, ...], *, levels: tuple[Level, ...]) -> Partition:
    entry.check_keys("parent", "levels")
    parent = entry.find("parent")
    found = Partition(
        key=entry.key.rpartition(".")[2],
        parent=parent.one_of(polygons) if parent else None,
        levels=entry.get("levels").some_of(polygons),
    )
    for level in levels:
        if level.key in found.levels and found.parent not in (level.parents or (None,)):
            entry.get("levels").refuse("pack_no_such_parent", level=level.key, parent=found.parent or "-")
    return found


def _read_categories(entry: Entry | None, languages: tuple[str, ...]) -> tuple[Category, ...]:
    pairs = entry.tables() if entry else ()
    return tuple(Category(item.item("key", code).keyword(), item.names(languages)) for code, item in pairs)


def _read_attributions(entry: Entry | None) -> tuple[Attribution, ...]:
    pairs = entry.tables() if entry else ()
    return tuple(_read_attribution(item, key) for key, item in pairs)


def _read_attribution(entry: Entry, key: str) -> Attribution:
    entry.check_keys("text", "licence")
    return Attribution(key, entry.get("text").text(), entry.get("licence").text())
