"""Read the rows of another source: what each says of its code, names, parents, level and ground."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidMapping, Reason, UnknownColumn, because
from geo.register.codes import restore_zeros
from geo.register.countries import CountryPack
from geo.register.mapping import GROUND_FIELDS, WORDS
from geo.register.match_names import FoldedName, drop_level, fold_name, list_level_words
from geo.register.matching_scores import Asked
from geo.register.names import detect_script, search_key
from geo.register.problems import Problem, Weight, shorten
from geo.register.rows import Rows

FIELDS = ("code", "codes", "name", "parent", "level", *GROUND_FIELDS)
"""The fields a column may be of; `codes.SCHEME` names a scheme and `name.LANGUAGE` a language."""

LONGEST_TEXT = 500
"""Letters of the longest text that is taken."""

NAME_COLUMN = re.compile(r"(?:.*name|نام)(?P<language>[a-z]{2})?")
CODE_COLUMN = re.compile(r".*(?:code|codes|pcode)|id|کد.*")
"""What columns of names and of codes are called, as search keys."""

Pairs = tuple[tuple[str, str], ...]
"""Fields with their columns; a field may have several."""


@dataclass(frozen=True)
class SourceRow:
    """Hold what a row says, as it was written."""

    number: int
    """Its place in the source."""
    codes: tuple[tuple[str, str], ...]
    """Its codes, each with its scheme, which is empty where it is not known."""
    names: tuple[tuple[str, str], ...]
    """Its names, each with its language."""
    parents: tuple[str, ...]
    """Codes and names of divisions it lies in."""
    level: str | None
    """Its level, where it is known."""
    ground: BaseGeometry | None = field(default=None, compare=False)
    """Its polygon or point."""


@dataclass(frozen=True)
class RowReader:
    """Read rows under a mapping; what is wrong is collected in `problems`."""

    pack: CountryPack
    """The country's levels and schemes."""
    pairs: Pairs
    """Which column gives which field."""
    level: str | None = None
    """The level of every row, when no column says it."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """What the level column writes for which level."""
    scheme: str | None = None
    """The scheme of the code column."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong."""

    def read(self, rows: Rows, layer: str) -> list[SourceRow]:
        """Read the rows that can be kept."""
        texts = [(name, rows.read_texts(column)) for name, column in self.pairs if name not in GROUND_FIELDS]
        found = []
        for index, number in enumerate(rows.numbers):
            cells = [(name, column[index]) for name, column in texts if column[index]]
            row = self._read_row(number, cells, layer)
            if row is not None:
                found.append(row)
        return found

    def _read_row(self, number: int, cells: Sequence[tuple[str, str]], layer: str) -> SourceRow | None:
        for name, text in cells:
            if len(text) > LONGEST_TEXT or any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
                reason = because("match_text", most=LONGEST_TEXT)
                self._tell(layer, number, name, weight=Weight.REFUSED, reason=reason, value=text)
                return None
        level, is_known = self._read_level(cells)
        if not is_known:
            reason = because("level_unknown", level=shorten(dict(cells).get("level", "")))
            self._tell(layer, number, "level", weight=Weight.REFUSED, reason=reason, value="")
            return None
        return SourceRow(
            number,
            tuple(self._read_codes(cells, level)),
            tuple(self._read_names(cells)),
            tuple(dict.fromkeys(text for name, text in cells if name == "parent")),
            level,
        )

    def _tell(self, layer: str, row: int, field: str, *, weight: Weight, reason: Reason, value: str) -> None:
        self.problems.append(Problem(layer, row, field, reason.key, weight, reason, shorten(value)))

    def _read_level(self, cells: Sequence[tuple[str, str]]) -> tuple[str | None, bool]:
        word = next((text for name, text in cells if name == "level"), None)
        if self.level is not None or word is None:
            return self.level, True
        level = self.levels.get(word) or getattr(self.pack.find_level(word), "key", None)
        return level, level is not None

    def _read_codes(self, cells: Sequence[tuple[str, str]], level: str | None) -> Iterator[tuple[str, str]]:
        for name, text in cells:
            head, _, scheme = name.partition(".")
            scheme = scheme if head == "codes" else self.scheme or ""
            if head in ("code", "codes"):
                yield scheme, self._restore(scheme, level, text) if scheme else text

    def _restore(self, scheme: str, level: str | None, text: str) -> str:
        """Put back zeros where only one code fits; a code that breaks its scheme's rule simply matches nothing."""
        known = self.pack.scheme(scheme)
        if level is not None and known.find_rule(level) is None:
            return text
        return restore_zeros(known, level, text).code or text

    def _read_names(self, cells: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, text in cells:
            head, _, language = name.partition(".")
            if head == "name":
                yield language or choose_language(text, self.pack), text

    @cached_property
    def _level_words(self) -> frozenset[str]:
        return list_level_words(self.pack)

    def to_asked(self, row: SourceRow) -> Asked:
        """Make a row ready to be compared: its names, and those of its parents, with and without words for levels."""
        return Asked(
            row.number,
            row.codes,
            self._fold([text for _, text in row.names]),
            row.level,
            row.parents,
            self._fold(row.parents),
            row.ground,
        )

    def _fold(self, texts: Sequence[str]) -> tuple[FoldedName, ...]:
        bare = (drop_level(text, self._level_words) for text in texts)
        return tuple(dict.fromkeys(map(fold_name, (*texts, *bare))))


def choose_language(text: str, pack: CountryPack) -> str:
    """Choose the language a name is kept in when its column names none: by its script."""
    if detect_script(text) == "Latn":
        return next((language for language in ("en", "fr") if language in pack.languages), "en")
    return pack.languages[0]


def complete_pairs(columns: Sequence[str], given: Pairs, pack: CountryPack) -> Pairs:
    """Check the fields that were declared, and add those that column names tell, where nothing was declared.

    Raises InvalidMapping and UnknownColumn.
    """
    for name, column in given:
        head, _, tail = name.partition(".")
        if head not in FIELDS or (tail and head not in ("codes", "name")) or (head == "codes" and not tail):
            raise InvalidMapping(key=name, reason=because("mapping_field", known=FIELDS))
        if head == "codes":
            pack.scheme(tail)
        if column not in columns:
            raise UnknownColumn(column=column, columns=tuple(columns))
    declared = {name.partition(".")[0] for name, _ in given}
    taken = {column for _, column in given}
    guesses = ((guess_field(column, pack), column) for column in columns if column not in taken)
    return (*given, *((name, column) for name, column in guesses if name and name.partition(".")[0] not in declared))


def guess_field(column: str, pack: CountryPack) -> str | None:
    """Guess the field of a column from its title; None when nothing is told."""
    key = search_key(column)
    if "parent" in key or "والد" in key:
        return "parent"
    for name in ("level", *GROUND_FIELDS):
        if key in {search_key(word) for word in WORDS[name]}:
            return name
    if found := NAME_COLUMN.fullmatch(key):
        language = next((one for one in pack.languages if one.split("-")[0] == found["language"]), found["language"])
        return f"name.{language}" if language else "name"
    return "code" if CODE_COLUMN.fullmatch(key) else None
