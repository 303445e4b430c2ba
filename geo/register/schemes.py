"""Describe the code schemes of a country: how a code is built, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from geo.errors import UnknownLevel
from geo.register.names import search_key
from geo.register.periods import ALWAYS, Period
from geo.register.translations import Names


@dataclass(frozen=True)
class CodeRule:
    """Say how the codes of one level look in one scheme.

    A code is either opaque, told by `pattern`, or built: the code of a division of the level `prefix_of` (or the
    letters `starts`), then `joined_by`, then a number of `width` digits inside `ranges`.
    """

    level: str
    """The level whose codes these are."""
    prefix_of: str | None = None
    """The level whose code begins this one; None when no other code does."""
    starts: str = ""
    """Letters every code begins with, such as `AF`."""
    joined_by: str = ""
    """What stands between the prefix and the number."""
    width: int = 0
    """How many digits the number has, zeros in front included."""
    ranges: tuple[tuple[int, int], ...] = ()
    """The numbers in use, as first and last."""
    unique_segment: bool = False
    """Whether the number alone is unique in the country."""
    pattern: str | None = None
    """A regular expression for an opaque code."""
    ocd_word: str = ""
    """What open civic data calls the level; empty means the level's own key."""

    @property
    def is_opaque(self) -> bool:
        """Tell whether the code says nothing about parents or position."""
        return self.pattern is not None


@dataclass(frozen=True)
class TableRow:
    """Pair a code of a published table with the code of the same division in the primary scheme of its level."""

    level: str
    """The level of the division."""
    primary: str
    """Its code in the primary scheme of the level."""
    code: str
    """Its code in the scheme of the table."""


@dataclass(frozen=True)
class Scheme:
    """Name one version of one issuer's codes; a code means something only with both."""

    key: str
    """The lasting word for the issuer's scheme, such as `sci`."""
    version: str
    """Which edition of it, such as `1399`."""
    names: Names
    """What people call it, by language."""
    country: str
    """The country it belongs to."""
    rules: tuple[CodeRule, ...]
    """One rule a level, in the order of the levels."""
    primary_for: tuple[str, ...] = ()
    """The levels whose divisions imports match by this scheme."""
    aliases: tuple[str, ...] = ()
    """Other words by which the columns of files call it."""
    source: str = ""
    """Who issues it and where the rule was learned."""
    period: Period = ALWAYS
    """When this version is the one in force."""
    table: tuple[TableRow, ...] = ()
    """The codes themselves, where their issuer has published so few that the pack can hold them."""

    @property
    def word(self) -> str:
        """Write key and version as people quote them: `sci/1399`."""
        return f"{self.key}/{self.version}"

    @cached_property
    def words(self) -> frozenset[str]:
        """List the words that mean the scheme, as search keys: with and without its version, and its aliases."""
        return frozenset(search_key(word) for word in (self.key, self.word, *self.aliases))

    @cached_property
    def _by_level(self) -> dict[str, CodeRule]:
        return {rule.level: rule for rule in self.rules}

    @cached_property
    def _lengths(self) -> dict[str, int]:
        return {rule.level: self._measure(rule) for rule in self.rules if not rule.is_opaque}

    def _measure(self, rule: CodeRule) -> int:
        # Rules name only rules before them, so this ends.
        prefix = self._measure(self._by_level[rule.prefix_of]) if rule.prefix_of else len(rule.starts)
        return prefix + len(rule.joined_by) + rule.width

    @property
    def levels(self) -> tuple[str, ...]:
        """List the levels that have codes in this scheme."""
        return tuple(self._by_level)

    def find_rule(self, level: str) -> CodeRule | None:
        """Find the rule of a level, if the scheme has codes for it."""
        return self._by_level.get(level)

    def rule_of(self, level: str) -> CodeRule:
        """Give the rule of a level the scheme must have."""
        rule = self.find_rule(level)
        if rule is None:
            raise UnknownLevel(level=level, known=self.levels)
        return rule

    def length_of(self, level: str) -> int | None:
        """Give the full length of a level's codes; None for opaque codes."""
        return self._lengths.get(level)
