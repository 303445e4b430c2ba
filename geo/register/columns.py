"""Read the columns of numbers of a table, each row of which has a code of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from geo.errors import InvalidValue, Reason, UnknownColumn, because
from geo.register.digits import from_digits
from geo.register.rows import Rows

WHOLE = re.compile(r"[0-9]{1,30}")
"""A whole number as it is kept."""

DECIMAL = re.compile(r"[0-9]{1,30}\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{1,30})?[eE][+-]?[0-9]{1,2}")
"""A number with a fraction, or one that a spreadsheet has shortened."""

THOUSANDS = re.compile(r"[0-9]{1,3}([,٬][0-9]{3})+(?=\.|$)")
"""A number with its thousands apart."""

LONGEST_CODE = 200
"""Letters of the longest code."""


@dataclass(frozen=True)
class Column:
    """Hold one column: the number of each code that has one."""

    name: str
    """What it is called."""
    values: dict[str, float]
    """The numbers by code; whole numbers when all of them are."""


def read_columns(rows: Rows, code: str, names: Sequence[str] = ()) -> tuple[Column, ...]:
    """Read columns of numbers; without names, all those in which some cell is a number.

    An empty cell says nothing. Raises UnknownColumn, and InvalidValue naming the row for a code that is missing or
    stands twice, and for what is below zero or no number.
    """
    for name in (code, *names):
        if name not in rows.columns:
            raise UnknownColumn(column=name, columns=tuple(rows.columns))
    codes = list(_read_codes(rows, code))
    texts = {name: rows.read_texts(name) for name in names or rows.columns if name != code}
    kept = names or [name for name, cells in texts.items() if any(map(find_number, cells))]
    if not kept:
        raise InvalidValue(field="columns", value=tuple(texts), reason=because("columns_none"))
    return tuple(Column(name, _read_numbers(rows, name, texts[name], codes)) for name in kept)


def _read_codes(rows: Rows, column: str) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, text in zip(rows.numbers, rows.read_texts(column), strict=True):
        if not text or len(text) > LONGEST_CODE or "\0" in text:
            _refuse(column, text, number, because("code_missing" if not text else "columns_code"))
        if text in seen:
            _refuse(column, text, number, because("columns_twice", row=seen[text]))
        seen[text] = number
        yield text


def _read_numbers(rows: Rows, name: str, cells: Sequence[str], codes: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for number, code, text in zip(rows.numbers, codes, cells, strict=True):
        if text:
            value = find_number(text)
            if value is None:
                is_below = text.lstrip().startswith(("-", "−"))
                _refuse(name, text, number, because("columns_negative" if is_below else "columns_number"))
            found[code] = value
    return found


def find_number(text: str) -> float | None:
    """Find the number a cell holds, not below zero; whole numbers stay whole, and None is anything else.

    Examples
    --------
    >>> [find_number(text) for text in ("۱٬۲۳۴", "12.0", "0.5", "-1", "nan", "")]
    [1234, 12, 0.5, None, None, None]
    """
    plain = from_digits(text).strip().replace("٫", ".")
    if THOUSANDS.match(plain):
        plain = plain.replace(",", "").replace("٬", "")
    plain = re.sub(r"\.0+$", "", plain)
    if WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if DECIMAL.fullmatch(plain) else None


def _refuse(field: str, value: str, row: int, reason: Reason) -> NoReturn:
    raise InvalidValue(field=field, value=value[:40] or "-", reason=because("at_row", row=row, reason=reason))
