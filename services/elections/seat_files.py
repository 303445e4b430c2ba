"""Read the units of an apportionment from a table that an office keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from geo.apportionment import SeatUnit, check_unit
from geo.errors import InvalidValue, MissingColumn, UnknownColumn, because
from geo.register import from_digits, search_key
from services.files import check_file_safe
from services.layers import Layer, read_layer

MOST_BYTES = 64 * 1024**2
"""The largest table that is read; a country's villages need a tenth of it."""

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "unit", "pcode", "adm_pcode", "کد"),
    "population": ("population", "people", "pop", "voters", "votes", "جمعیت", "رأی‌دهندگان", "آرا"),
    "name": ("name", "name_fa", "name_en", "نام"),
    "floor": ("floor", "کف"),
    "cap": ("cap", "سقف"),
    "fixed": ("fixed", "کرسی ثابت"),
}
"""The words by which files call each column, the first the surest."""

NEEDED = ("code", "population")
WHOLE = re.compile(r"(-?[0-9]+|-?[0-9]{1,3}(?:[,٬][0-9]{3})+)(?:[.٫]0+)?")
"""A whole number, with its thousands apart or not; spreadsheets add a decimal that says nothing."""

LONGEST_NUMBER = 30


@dataclass(frozen=True)
class NamedUnits:
    """Hold units with their names."""

    units: tuple[SeatUnit, ...]
    """The units in their order."""
    names: Mapping[str, str]
    """Their names by code, where they have any."""


def read_units(path: Path | str, columns: Mapping[str, str]) -> NamedUnits:
    """Read units from a table; `columns` says which column gives a field where its name does not.

    Raises FileRefused, MissingColumn or UnknownColumn, or InvalidValue with the row and field that is wrong.
    """
    layer = read_layer(check_file_safe(path, most_bytes=MOST_BYTES))
    return _Rows(layer, _find_columns(layer, columns)).read()


def _find_columns(layer: Layer, declared: Mapping[str, str]) -> dict[str, str]:
    """Find the column of each field: the declared, else the first that is called by one of its words."""
    for field, column in declared.items():
        if field not in COLUMN_NAMES:
            raise UnknownColumn(column=field, columns=tuple(COLUMN_NAMES))
        if column not in layer.columns:
            raise UnknownColumn(column=column, columns=layer.columns)
    by_word = {search_key(column): column for column in reversed(layer.columns)}
    found = dict(declared)
    for field, words in COLUMN_NAMES.items():
        known = [by_word[search_key(word)] for word in words if search_key(word) in by_word]
        if known:
            found.setdefault(field, known[0])
        if field in NEEDED and field not in found:
            raise MissingColumn(field=field, columns=layer.columns)
    return found


class _Rows:
    """Read one row after the other, and name the row of whatever is wrong."""

    def __init__(self, layer: Layer, columns: Mapping[str, str]) -> None:
        self.numbers = layer.numbers or range(1, len(layer) + 1)
        self.cells = {field: layer.column(column) for field, column in columns.items()}
        self.rows: dict[str, int] = {}

    def read(self) -> NamedUnits:
        """Read all rows."""
        units = tuple(self._read_unit(index) for index in range(len(self.numbers)))
        names = {unit.code: self._text("name", index) for index, unit in enumerate(units)}
        return NamedUnits(units, {code: name for code, name in names.items() if name})

    def _text(self, field: str, index: int) -> str:
        value = self.cells[field][index] if field in self.cells else None
        return "" if value is None else str(value).strip()

    def _read_unit(self, index: int) -> SeatUnit:
        people = self._number("population", index)
        unit = SeatUnit(
            code=self._text("code", index),
            people=self._refuse("population", index, "not_a_number") if people is None else people,
            floor=self._number("floor", index),
            cap=self._number("cap", index),
            fixed=self._number("fixed", index),
        )
        try:
            check_unit(unit)
        except InvalidValue as error:
            place = because("at_row", row=self.numbers[index], reason=error.params["reason"])
            raise InvalidValue(**(error.params | {"reason": place})) from error
        if unit.code in self.rows:
            place = because("code_of_row", row=self.numbers[index], other=self.rows[unit.code])
            raise InvalidValue(field="code", value=unit.code, reason=place)
        self.rows[unit.code] = self.numbers[index]
        return unit

    def _number(self, field: str, index: int) -> int | None:
        text = self._text(field, index)
        if not text:
            return None
        found = WHOLE.fullmatch(from_digits(text)) if len(text) <= LONGEST_NUMBER else None
        if found is None:
            self._refuse(field, index, "not_a_number")
        return int(found[1].replace(",", "").replace("٬", ""))

    def _refuse(self, field: str, index: int, reason: str) -> NoReturn:
        place = because("at_row", row=self.numbers[index], reason=because(reason))
        raise InvalidValue(field=field, value=self._text(field, index)[:LONGEST_NUMBER] or "-", reason=place)
