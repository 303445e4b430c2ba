"""Read the rows of a file as candidates for the register, and say what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import shapely

from geo.errors import Reason, because
from geo.register.codes import check_code, parent_code, restore_zeros
from geo.register.countries import CountryPack
from geo.register.digits import from_digits
from geo.register.mapping import ColumnMapping
from geo.register.names import find_mixed_letters
from geo.register.problems import Problem, Weight, shorten
from geo.register.schemes import Scheme


@dataclass(frozen=True)
class CodeKey:
    """Name a division by its code in one version of one scheme."""

    scheme: str
    """The key of the scheme."""
    version: str
    """Its version."""
    code: str
    """The code."""

    def __str__(self) -> str:
        """Write it as people quote it."""
        return f"{self.scheme}:{self.code}"


@dataclass(frozen=True)
class Row:
    """Hold one row of a file as it was read."""

    number: int
    """Its place in the layer, from 1."""
    values: Mapping[str, object]
    """What its columns hold."""
    geometry: shapely.Geometry | None = None
    """Its geometry, EPSG:4326."""


@dataclass(frozen=True)
class Candidate:
    """Hold what a row says of one division, field by field."""

    row: int
    """The row it comes from."""
    level: str
    """The level it is of."""
    key: CodeKey
    """The code by which it is matched."""
    parent: CodeKey | None
    """The code of its parent; None at the top, or when its position is to tell."""
    codes: tuple[CodeKey, ...] = ()
    """Its codes in other schemes."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Official names by language."""
    people: int | None = None
    """How many people live there."""
    ground: shapely.Geometry | None = None
    """Its boundary, or its point when it is a place."""


@dataclass(frozen=True)
class CandidateReader:
    """Read rows of one layer under one mapping; what is wrong is collected in `problems`."""

    pack: CountryPack
    """The country's levels and schemes."""
    mapping: ColumnMapping
    """Which column gives what."""
    layer: str
    """What problems call the layer."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong, in the order of the rows."""

    def read(self, row: Row) -> Candidate | None:
        """Read a row as a candidate; None when it was refused."""
        level = self._read_level(row)
        key = self._read_key(row, level) if level else None
        if level is None or key is None:
            return None
        parent, is_sound = self._read_parent(row, level, key)
        if not is_sound:
            return None
        return Candidate(
            row=row.number,
            level=level,
            key=key,
            parent=parent,
            codes=tuple(self._read_codes(row, level)),
            names=dict(self._read_names(row)),
            people=self._read_people(row),
            ground=row.geometry,
        )

    def tell(self, row: Row, field: str, *, rule: str, weight: Weight, reason: Reason) -> None:
        """Note what is wrong with a field of a row."""
        value = shorten(row.values.get(self.mapping.columns.get(field, "")))
        self.problems.append(Problem(self.layer, row.number, field, rule, weight, reason, value))

    def _refuse(self, row: Row, field: str, rule: str, reason: Reason) -> None:
        self.tell(row, field, rule=rule, weight=Weight.REFUSED, reason=reason)

    def _text(self, row: Row, field: str) -> str:
        column = self.mapping.columns.get(field)
        value = row.values.get(column) if column else None
        return "" if value is None or value != value else str(value).strip()

    def _read_level(self, row: Row) -> str | None:
        if self.mapping.level:
            return self.mapping.level
        word = self._text(row, "level")
        known = self.mapping.levels.get(word)
        level = self.pack.level(known) if known else self.pack.find_level(word)
        if level is None:
            self._refuse(row, "level", "level_unknown", because("level_unknown", level=word))
        return level.key if level else None

    def _read_key(self, row: Row, level: str) -> CodeKey | None:
        scheme = self._scheme(level, self.mapping.scheme)
        text = self._text(row, "code")
        if not text:
            self._refuse(row, "code", "code_missing", because("code_missing"))
            return None
        return self._read_code(row, "code", level=level, scheme=scheme)

    def _scheme(self, level: str, key: str | None) -> Scheme:
        return self.pack.scheme(key) if key else self.pack.primary_scheme(level)

    def _read_code(self, row: Row, field: str, *, level: str, scheme: Scheme) -> CodeKey | None:
        text = self._text(row, field)
        if check_code(scheme, level, text) is None:
            return CodeKey(scheme.key, scheme.version, text)
        found = restore_zeros(scheme, level, text)
        if found.problem is not None:
            self._refuse(row, field, "code_invalid", found.problem)
        elif found.code is None:
            self._refuse(row, field, "code_ambiguous", because("code_readings", codes=found.codes))
        else:
            self._tell_restored(row, field, found.notes)
            return CodeKey(scheme.key, scheme.version, found.code)
        return None

    def _tell_restored(self, row: Row, field: str, notes: tuple[Reason, ...]) -> None:
        for note in notes:
            self.tell(row, field, rule="code_restored", weight=Weight.RESTORED, reason=note)

    def _read_parent(self, row: Row, level: str, key: CodeKey) -> tuple[CodeKey | None, bool]:
        """Give the parent's key and whether the row may go on without or with it."""
        parents = self.pack.level(level).parents
        scheme = self.pack.scheme(key.scheme, key.version)
        inside = parent_code(scheme, level, key.code) if parents else None
        text = self._text(row, "parent")
        if not parents or (not text and inside is None and self.mapping.parent_by_position):
            return None, True
        if not text and inside is not None:
            return CodeKey(scheme.key, scheme.version, inside), True
        found = self._read_parent_code(row, parents) if text else None
        return found, self._check_nesting(row, found, key=key, inside=inside)

    def _read_parent_code(self, row: Row, parents: tuple[str, ...]) -> CodeKey | None:
        """Read the parent column as a code of any level the parent may have."""
        text = self._text(row, "parent")
        schemes = [(level, self._scheme(level, self.mapping.parent_scheme)) for level in parents]
        for level, scheme in schemes:
            if check_code(scheme, level, text) is None:
                return CodeKey(scheme.key, scheme.version, text)
        readings = [(scheme, restore_zeros(scheme, level, text)) for level, scheme in schemes]
        fitting = {(scheme, found.code): found for scheme, found in readings if found.code}
        if len(fitting) != 1:
            reason = because("parent_code", levels=parents)
            self._refuse(row, "parent", "parent_invalid", reason)
            return None
        [((scheme, code), found)] = fitting.items()
        self._tell_restored(row, "parent", found.notes)
        return CodeKey(scheme.key, scheme.version, str(code))

    def _check_nesting(self, row: Row, parent: CodeKey | None, *, key: CodeKey, inside: str | None) -> bool:
        if parent is None:
            if not self._text(row, "parent"):
                self._refuse(row, "parent", "parent_missing", because("parent_missing"))
            return False
        if inside is None or (parent.scheme, parent.version) != (key.scheme, key.version) or parent.code == inside:
            return True
        reason = because("nesting_broken", code=key.code, inside=inside, parent=parent.code)
        self._refuse(row, "parent", "nesting_broken", reason)
        return False

    def _read_codes(self, row: Row, level: str) -> Iterator[CodeKey]:
        """Read codes of other schemes; a bad one is left out and said, for the row stands without it."""
        for key in self.mapping.other_schemes:
            scheme, text = self.pack.scheme(key), self._text(row, f"codes.{key}")
            problem = check_code(scheme, level, text) if text else None
            if problem is not None:
                found = restore_zeros(scheme, level, text)
                self._tell_other(row, f"codes.{key}", found.code, problem)
                text = found.code or ""
            if text:
                yield CodeKey(scheme.key, scheme.version, text)

    def _tell_other(self, row: Row, field: str, code: str | None, problem: Reason) -> None:
        weight = Weight.RESTORED if code else Weight.NOTED
        rule = "code_restored" if code else "other_code_left_out"
        self.tell(row, field, rule=rule, weight=weight, reason=problem)

    def _read_names(self, row: Row) -> Iterator[tuple[str, str]]:
        for language in self.mapping.languages:
            field = f"name.{language}"
            name = self._text(row, field)
            if not name:
                self.tell(row, field, rule="name_missing", weight=Weight.NOTED, reason=because("name_missing"))
                continue
            self._tell_spelling(row, field, language)
            yield language, name

    def _tell_spelling(self, row: Row, field: str, language: str) -> None:
        """Tell what is odd in a name; only the blanks around it are taken off."""
        for oddity in find_mixed_letters(str(row.values.get(self.mapping.columns[field])), language):
            weight = Weight.RESTORED if oddity.key == "name_outer_space" else Weight.NOTED
            self.tell(row, field, rule="name_letters", weight=weight, reason=oddity)

    def _read_people(self, row: Row) -> int | None:
        text = from_digits(self._text(row, "population")).replace(",", "").replace("٬", "")
        if not text:
            return None
        if re.fullmatch(r"\d{1,10}(\.0+)?", text):
            return int(float(text))
        self.tell(row, "population", rule="population", weight=Weight.NOTED, reason=because("population"))
        return None
