"""Hold everything that is one country's, as read from its pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from geo.elections.ballots import Ballot
from geo.errors import InvalidValue, UnknownLevel, UnknownScheme, because
from geo.register.bodies import Body
from geo.register.indices import IndexSet
from geo.register.levels import Level, Partition
from geo.register.names import search_key
from geo.register.naming_rules import NO_NAMING, Naming
from geo.register.schemes import Scheme
from geo.register.thresholds import NO_THRESHOLDS, Thresholds
from geo.register.translations import Names


@dataclass(frozen=True)
class PackTolerances:
    """Keep what an audit of the country's coverages passes over or calls small."""

    report_area_m2: float
    """Faces smaller than this are not reported."""
    vertex_width_m: float
    """A vertex this near to another owner's edge should be on it."""
    sliver_width_m: float
    """A face whose largest inscribed circle is at most this wide is a sliver."""
    sliver_compactness: float
    """A face with a Polsby-Popper share up to this is a sliver."""


@dataclass(frozen=True)
class Category:
    """Name one kind of complaint."""

    code: str
    """Its lasting code."""
    names: Names
    """What people call it, by language."""


@dataclass(frozen=True)
class Attribution:
    """Say whom to thank when data of one source are shown."""

    key: str
    """The source, such as the package the data come in."""
    text: str
    """The sentence to show."""
    licence: str
    """The licence, by its SPDX name where it has one."""


@dataclass(frozen=True)
class Bounds:
    """Frame the country in degrees, to tell swapped or foreign coordinates."""

    west: float
    """Smallest longitude."""
    south: float
    """Smallest latitude."""
    east: float
    """Largest longitude."""
    north: float
    """Largest latitude."""

    def has_point(self, lon: float, lat: float) -> bool:
        """Tell whether a position lies in the frame, its edge included."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def looks_swapped(self, lon: float, lat: float) -> bool:
        """Tell whether a position lies in the frame only with its two numbers exchanged."""
        return not self.has_point(lon, lat) and self.has_point(lat, lon)


@dataclass(frozen=True)
class CountryPack:
    """Hold one country's levels, partitions, code schemes, tolerances and words."""

    country: str
    """The country by its ISO 3166-1 code in small letters."""
    names: Names
    """What people call the country, by language."""
    languages: tuple[str, ...]
    """The languages its divisions have names in, the official one first."""
    calendar: str
    """The civil calendar: `jalali` or `gregorian`."""
    time_zone: str
    """The zone of its clocks, by its name in the tz database."""
    equal_area_crs: str
    """The projection for areas in the plane, Albers fitted to the country."""
    bounds: Bounds
    """The frame its positions lie in."""
    tolerances: PackTolerances
    """What an audit passes over."""
    suppression_threshold: int
    """Counts below this are not shown where they could tell on a person."""
    levels: tuple[Level, ...]
    """Its levels, parents before children."""
    partitions: tuple[Partition, ...]
    """Which levels tile which."""
    schemes: tuple[Scheme, ...]
    """Its code schemes; of one key the version in use comes first."""
    categories: tuple[Category, ...]
    """The kinds of complaint."""
    attributions: tuple[Attribution, ...]
    """Whom to thank for known sources."""
    bodies: tuple[Body, ...] = ()
    """The elected bodies whose seats it shares, with their rules."""
    ballots: tuple[Ballot, ...] = field(default=(), hash=False)
    """The kinds of election it holds, with who may vote in them."""
    thresholds: Thresholds = field(default=NO_THRESHOLDS, hash=False)
    """What its law asks of divisions that come to be."""
    naming: Naming = field(default=NO_NAMING, hash=False)
    """What its names must be like, and how they are written in Latin letters."""
    indices: tuple[IndexSet, ...] = field(default=(), hash=False)
    """The hierarchies of indices by which its divisions are graded."""

    @cached_property
    def _levels_by_key(self) -> dict[str, Level]:
        return {level.key: level for level in self.levels}

    @cached_property
    def _levels_by_word(self) -> dict[str, Level]:
        words: dict[str, Level] = {}
        for level in self.levels:
            for word in (level.key, *level.aliases, *level.names.values()):
                # Names may repeat between levels (a word for both city and town); the higher level answers.
                words.setdefault(search_key(word), level)
        return words

    @property
    def level_keys(self) -> tuple[str, ...]:
        """List the keys of the levels in order."""
        return tuple(self._levels_by_key)

    def level(self, key: str) -> Level:
        """Give the level of a key that must exist."""
        if key not in self._levels_by_key:
            raise UnknownLevel(level=key, known=self.level_keys)
        return self._levels_by_key[key]

    def find_level(self, word: str) -> Level | None:
        """Find the level a file calls `word`: its key, a name in any language or an alias, however spelt."""
        return self._levels_by_word.get(search_key(word))

    def children_of(self, parent: str | None) -> tuple[Level, ...]:
        """List the levels whose divisions may stand under `parent`; None is the country."""
        if parent is None:
            return tuple(level for level in self.levels if level.is_top)
        return tuple(level for level in self.levels if parent in level.parents)

    def partitions_of(self, parent: str | None) -> tuple[Partition, ...]:
        """List the partitions of a parent level; None is the country."""
        return tuple(partition for partition in self.partitions if partition.parent == parent)

    def scheme(self, key: str, version: str | None = None) -> Scheme:
        """Give a scheme that must exist, in the version asked for or else the one in use."""
        for scheme in self.schemes:
            if scheme.key == key and version in (None, scheme.version):
                return scheme
        raise UnknownScheme(scheme=key if version is None else f"{key} {version}", known=self.scheme_words)

    @property
    def scheme_words(self) -> tuple[str, ...]:
        """List the schemes as key and version."""
        return tuple(f"{scheme.key} {scheme.version}" for scheme in self.schemes)

    def primary_scheme(self, level: str) -> Scheme:
        """Give the scheme by which divisions of a level are matched."""
        self.level(level)
        return next(scheme for scheme in self.schemes if level in scheme.primary_for)

    def body(self, key: str) -> Body:
        """Give an elected body that must exist."""
        for body in self.bodies:
            if body.key == key:
                return body
        known = tuple(body.key for body in self.bodies)
        raise InvalidValue(field="body", value=key, reason=because("unknown_body", known=known, country=self.country))

    def ballot(self, key: str) -> Ballot:
        """Give a kind of election that must exist."""
        for ballot in self.ballots:
            if ballot.key == key:
                return ballot
        known = tuple(ballot.key for ballot in self.ballots)
        raise InvalidValue(
            field="ballot", value=key, reason=because("unknown_ballot", known=known, country=self.country)
        )

    def index_set(self, key: str) -> IndexSet:
        """Give a set of indices that must exist."""
        for found in self.indices:
            if found.key == key:
                return found
        known = tuple(found.key for found in self.indices)
        raise InvalidValue(field="indices", value=key, reason=because("unknown_index_set", known=known))
