"""Read a table with one row a division and one column an index, and name the row and field of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import InvalidValue, MissingColumn, because
from geo.register.digits import from_digits
from geo.register.indices import IndexSet
from geo.register.names import search_key
from geo.register.problems import Problem, Weight, shorten
from services.files import check_file_safe
from services.layers import Layer, read_layer

CODE_WORDS = ("code", "کد", "رمز")
"""The words by which files call the code of a division, the first the surest."""

NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}([,٬][0-9]{3})+)([.٫][0-9]+)?([eE][+-]?[0-9]{1,3})?")

LONGEST_NUMBER = 40

LARGEST = 1e15
"""No figure of a division is larger; sums and squares of larger ones would lose their last digits."""


@dataclass(frozen=True)
class IndexTable:
    """Hold the values of a file by code."""

    name: str
    """The file."""
    leaves: tuple[str, ...]
    """The indices it has columns for."""
    passed_over: tuple[str, ...]
    """The columns that are called by no index."""
    rows: Mapping[str, int]
    """The row of each code, from 1."""
    values: Mapping[str, Mapping[str, float]]
    """By code, then by index; empty cells are left out."""
    problems: tuple[Problem, ...]
    """What is wrong with rows."""


def read_index_table(path: Path, indices: IndexSet, *, most_bytes: int) -> IndexTable:
    """Read a table whose columns are called by the key or a name of an index.

    Raises FileRefused, MissingColumn without a code, or InvalidValue when no column is an index.
    """
    layer = read_layer(check_file_safe(path, most_bytes=most_bytes))
    code = next((one for word in CODE_WORDS for one in layer.columns if search_key(one) == search_key(word)), None)
    if code is None:
        raise MissingColumn(field="code", columns=layer.columns)
    columns = _find_columns(layer, indices)
    if not columns:
        raise InvalidValue(field="columns", value=layer.columns, reason=because("index_no_column", set=indices.key))
    return _Rows(layer, code, columns).read()


def _find_columns(layer: Layer, indices: IndexSet) -> dict[str, str]:
    """Find the column of each index."""
    words = {search_key(word): leaf.key for leaf in indices.leaves for word in leaf.names.values()}
    words |= {search_key(leaf.key): leaf.key for leaf in indices.leaves}
    found: dict[str, str] = {}
    for column in layer.columns:
        if leaf := words.get(search_key(column)):
            found.setdefault(leaf, column)
    return found


class _Rows:
    """Read one row after the other."""

    def __init__(self, layer: Layer, code: str, columns: Mapping[str, str]) -> None:
        self.layer, self.code, self.columns = layer, code, columns
        self.problems: list[Problem] = []
        self.rows: dict[str, int] = {}
        self.values: dict[str, dict[str, float]] = {}

    def read(self) -> IndexTable:
        """Read all rows."""
        numbers = self.layer.numbers or range(1, len(self.layer) + 1)
        codes = self.layer.column(self.code)
        cells = {leaf: self.layer.column(column) for leaf, column in self.columns.items()}
        for place, row in enumerate(numbers):
            code = self._take_code(row, _write(codes[place]))
            if code:
                found = {leaf: self._take_number(row, leaf, _write(cells[leaf][place])) for leaf in sorted(cells)}
                self.values[code] = {leaf: value for leaf, value in found.items() if value is not None}
        used = {self.code, *self.columns.values()}
        return IndexTable(
            name=self.layer.name,
            leaves=tuple(sorted(self.columns)),
            passed_over=tuple(column for column in self.layer.columns if column not in used),
            rows=self.rows,
            values=self.values,
            problems=tuple(self.problems),
        )

    def _take_code(self, row: int, text: str) -> str | None:
        code = from_digits(text)
        if not code:
            self._note(row, "code", "index_code_empty", text)
        elif code in self.rows:
            self._note(row, "code", "index_code_twice", text, other=self.rows[code])
        else:
            self.rows[code] = row
            return code
        return None

    def _take_number(self, row: int, leaf: str, text: str) -> float | None:
        plain = from_digits(text)
        if not plain:
            return None
        if len(plain) > LONGEST_NUMBER or not NUMBER.fullmatch(plain):
            self._note(row, leaf, "index_not_number", text)
            return None
        value = float(plain.translate({ord(","): "", ord("٬"): "", ord("٫"): "."}))
        if not abs(value) <= LARGEST:
            self._note(row, leaf, "index_too_large", text, most=LARGEST)
            return None
        return value

    def _note(self, row: int, field: str, rule: str, value: str, **params: object) -> None:
        note = Problem(self.layer.name, row, field, rule, Weight.REFUSED, because(rule, **params), shorten(value))
        self.problems.append(note)


def _write(cell: object) -> str:
    # only nan, which is how tables of numbers write an empty cell, differs from itself
    return "" if cell is None or cell != cell else str(cell).strip()
