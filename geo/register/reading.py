"""Read the rows of a layer as candidates for the register, and say what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from geo.errors import Reason, because
from geo.register.candidates import Candidate, CodeKey
from geo.register.codes import check_code, parent_code, restore_zeros
from geo.register.countries import CountryPack
from geo.register.digits import from_digits
from geo.register.levels import Level
from geo.register.mapping import GROUND_FIELDS, ColumnMapping
from geo.register.names import find_mixed_letters
from geo.register.problems import Problem, Weight, shorten
from geo.register.rows import Rows
from geo.register.schemes import Scheme
from geo.register.soundness import CodeChecker

LONGEST_NAME = 500
"""Letters of the longest name taken."""

LONGEST_CODE = 100
"""Letters of the longest code taken."""

MOST_PEOPLE = 2**31 - 1
"""The largest population that can be kept."""


@dataclass(frozen=True)
class CandidateReader:
    """Read the rows of one layer under one mapping; what is wrong is collected in `problems`."""

    pack: CountryPack
    """The country's levels and schemes."""
    mapping: ColumnMapping
    """Which column gives what."""
    layer: str
    """What problems call the layer."""
    rows: Rows
    """The rows."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong."""
    _checker: CodeChecker = field(default_factory=CodeChecker)
    _levels: dict[str, Level | None] = field(default_factory=dict)
    _parents: dict[tuple[str, str], CodeKey | None] = field(default_factory=dict)

    def read(self) -> list[Candidate | None]:
        """Read every row as a candidate; None where it was refused."""
        return [self._read_row(index) for index in range(len(self.rows))]

    def _read_row(self, index: int) -> Candidate | None:
        level = self._read_level(index)
        key = self._read_key(index, level.key) if level else None
        if level is None or key is None:
            return None
        parent, is_sound = self._read_parent(index, level, key)
        names = self._read_names(index)
        if not is_sound or names is None:
            return None
        codes = tuple(self._read_codes(index, level.key)) if self.mapping.other_schemes else ()
        people = self._read_people(index) if "population" in self._texts else None
        return Candidate(self.rows.numbers[index], level.key, key, parent, codes, names, people)

    def tell(self, index: int, field: str, *, rule: str, weight: Weight, reason: Reason) -> None:
        """Note what is wrong with a field of a row."""
        column = self.rows.columns.get(self.mapping.columns.get(field, ""))
        value = shorten(column[index]) if column is not None else ""
        self.problems.append(Problem(self.layer, self.rows.numbers[index], field, rule, weight, reason, value))

    def _refuse(self, index: int, field: str, rule: str, reason: Reason) -> None:
        self.tell(index, field, rule=rule, weight=Weight.REFUSED, reason=reason)

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        fields = self.mapping.columns.items()
        return {name: self.rows.read_texts(column) for name, column in fields if name not in GROUND_FIELDS}

    def _text(self, index: int, field: str) -> str:
        texts = self._texts.get(field)
        return texts[index] if texts else ""

    def _read_level(self, index: int) -> Level | None:
        word = self.mapping.level or self._text(index, "level")
        if word not in self._levels:
            self._levels[word] = self._find_level(word)
        level = self._levels[word]
        if level is None:
            self._refuse(index, "level", "level_unknown", because("level_unknown", level=shorten(word)))
        return level

    def _find_level(self, word: str) -> Level | None:
        if self.mapping.level:
            return self.pack.level(self.mapping.level)
        if word in self.mapping.levels:
            return self.pack.level(self.mapping.levels[word])
        # packs write the values of a numbered column as COLUMN:VALUE
        return self.pack.find_level(word) or self.pack.find_level(f"{self.mapping.columns['level']}:{word}")

    @cached_property
    def _primary(self) -> dict[str, Scheme]:
        return {level: self.pack.primary_scheme(level) for level in self.pack.level_keys}

    def _scheme(self, level: str, key: str | None) -> Scheme:
        return self.pack.scheme(key) if key else self._primary[level]

    def _read_key(self, index: int, level: str) -> CodeKey | None:
        scheme, text = self._scheme(level, self.mapping.scheme), self._text(index, "code")
        if not text:
            self._refuse(index, "code", "code_missing", because("code_missing"))
            return None
        if len(text) <= LONGEST_CODE and self._checker.is_sound(scheme, level, text):
            return CodeKey(scheme.key, scheme.version, text)
        return self._restore_code(index, level, scheme=scheme, text=text)

    def _restore_code(self, index: int, level: str, *, scheme: Scheme, text: str) -> CodeKey | None:
        if len(text) > LONGEST_CODE:
            self._refuse(index, "code", "code_invalid", because("code_long", found=len(text), limit=LONGEST_CODE))
            return None
        found = restore_zeros(scheme, level, text)
        if found.problem is not None:
            self._refuse(index, "code", "code_invalid", found.problem)
        elif found.code is None:
            self._refuse(index, "code", "code_ambiguous", because("code_readings", codes=found.codes))
        else:
            self._tell_restored(index, "code", found.notes)
            return CodeKey(scheme.key, scheme.version, found.code)
        return None

    def _tell_restored(self, index: int, field: str, notes: tuple[Reason, ...]) -> None:
        for note in notes:
            self.tell(index, field, rule="code_restored", weight=Weight.RESTORED, reason=note)

    def _read_parent(self, index: int, level: Level, key: CodeKey) -> tuple[CodeKey | None, bool]:
        """Give the parent's key and whether the row may go on without or with it."""
        if not level.parents:
            return None, True
        scheme, text = self._scheme(level.key, self.mapping.scheme), self._text(index, "parent")
        inside = parent_code(scheme, level.key, key.code)
        if text:
            found = self._find_parent(index, level, text)
            return found, self._check_nesting(index, found, key=key, inside=inside)
        if inside is not None:
            return CodeKey(scheme.key, scheme.version, inside), True
        if not self.mapping.parent_by_position:
            self._refuse(index, "parent", "parent_missing", because("parent_missing"))
        return None, self.mapping.parent_by_position

    def _find_parent(self, index: int, level: Level, text: str) -> CodeKey | None:
        """Read the parent column as a code of any level the parent may have; children of one parent ask once."""
        asked = (level.key, text)
        if asked not in self._parents:
            self._parents[asked] = self._match_parent(level, text)
        return self._parents[asked] or self._restore_parent(index, level, text)

    def _match_parent(self, level: Level, text: str) -> CodeKey | None:
        for above in level.parents:
            scheme = self._scheme(above, self.mapping.parent_scheme)
            if check_code(scheme, above, text) is None:
                return CodeKey(scheme.key, scheme.version, text)
        return None

    def _restore_parent(self, index: int, level: Level, text: str) -> CodeKey | None:
        schemes = [(above, self._scheme(above, self.mapping.parent_scheme)) for above in level.parents]
        readings = [(scheme, restore_zeros(scheme, above, text)) for above, scheme in schemes]
        fitting = {
            CodeKey(scheme.key, scheme.version, code): found for scheme, found in readings if (code := found.code)
        }
        if len(fitting) != 1:
            self._refuse(index, "parent", "parent_invalid", because("parent_code", levels=level.parents))
            return None
        [(key, found)] = fitting.items()
        self._tell_restored(index, "parent", found.notes)
        return key

    def _check_nesting(self, index: int, parent: CodeKey | None, *, key: CodeKey, inside: str | None) -> bool:
        if parent is None:
            return False
        if inside is None or parent[:2] != key[:2] or parent.code == inside:
            return True
        reason = because("nesting_broken", code=key.code, inside=inside, parent=parent.code)
        self._refuse(index, "parent", "nesting_broken", reason)
        return False

    def _read_codes(self, index: int, level: str) -> Iterator[CodeKey]:
        """Read codes of other schemes; a bad one is left out and said, for the row stands without it."""
        for key in self.mapping.other_schemes:
            scheme, text = self.pack.scheme(key), self._text(index, f"codes.{key}")
            if text and not self._checker.is_sound(scheme, level, text):
                text = self._restore_other(index, level, scheme=scheme, text=text)
            if text:
                yield CodeKey(scheme.key, scheme.version, text)

    def _restore_other(self, index: int, level: str, *, scheme: Scheme, text: str) -> str:
        found, name = restore_zeros(scheme, level, text[:LONGEST_CODE]), f"codes.{scheme.key}"
        if found.code is not None:
            self._tell_restored(index, name, found.notes)
            return found.code
        reason = found.problem or because("code_readings", codes=found.codes)
        self.tell(index, name, rule="other_code_left_out", weight=Weight.NOTED, reason=reason)
        return ""

    def _read_names(self, index: int) -> dict[str, str] | None:
        """Read the names by language; None when one cannot be kept."""
        names: dict[str, str] = {}
        for language, heading in self._name_fields:
            name = self._text(index, heading)
            if not name:
                self.tell(index, heading, rule="name_missing", weight=Weight.NOTED, reason=because("name_missing"))
            elif len(name) > LONGEST_NAME or not _is_storable(name):
                rule = "name_long" if len(name) > LONGEST_NAME else "name_unstorable"
                self._refuse(index, heading, rule, because(rule, found=len(name), limit=LONGEST_NAME))
                return None
            else:
                self._tell_spelling(index, heading, language)
                names[language] = name
        return names

    @cached_property
    def _name_fields(self) -> tuple[tuple[str, str], ...]:
        return tuple((language, f"name.{language}") for language in self.mapping.languages)

    def _tell_spelling(self, index: int, field: str, language: str) -> None:
        """Tell what is odd in a name; only the blanks around it are taken off."""
        for oddity in find_mixed_letters(str(self.rows.columns[self.mapping.columns[field]][index]), language):
            weight = Weight.RESTORED if oddity.key == "name_outer_space" else Weight.NOTED
            self.tell(index, field, rule="name_letters", weight=weight, reason=oddity)

    def _read_people(self, index: int) -> int | None:
        text = from_digits(self._text(index, "population")).replace(",", "").replace("٬", "")
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,10}(\.0+)?", text) and float(text) <= MOST_PEOPLE:
            return int(float(text))
        self.tell(index, "population", rule="population", weight=Weight.NOTED, reason=because("population"))
        return None


def _is_storable(text: str) -> bool:
    """Tell whether a text holds neither a NUL nor half of a letter."""
    return text.isprintable() or not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)
