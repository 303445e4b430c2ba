"""Test the reading of columns of numbers."""

from __future__ import annotations

import pytest

from geo.errors import InvalidValue, UnknownColumn
from geo.register.columns import Column, find_number, read_columns
from geo.register.rows import Rows


def read(*values: str, codes: tuple[str, ...] = ("01", "02"), names: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return read_columns(Rows([1, 2], {"code": codes, "n": values, "name": ["x", "y"]}), "code", names)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("۱۲", 12), ("1,234,567", 1234567), ("۱٬۲۳۴", 1234), ("12.50", 12.5), ("1.5e3", 1500.0), ("007", 7)],
)
def test_numbers_are_read(text: str, number: float):
    found = find_number(text)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1,2", "0x10", "1e999", "1_000", "½", "\0"])
def test_other_texts_are_no_numbers(text: str):
    assert find_number(text) is None


def test_columns_with_numbers_are_found_and_empty_cells_say_nothing():
    assert read("7", "") == (Column("n", {"01": 7}),)


@pytest.mark.parametrize(
    ("values", "codes", "reason", "row"),
    [
        (("1", "-2"), ("01", "02"), "columns_negative", 2),
        (("x", "2"), ("01", "02"), "columns_number", 1),
        (("1", "2"), ("01", "01"), "columns_twice", 2),
        (("1", "2"), ("01", ""), "code_missing", 2),
        (("1", "2"), ("01", "a\0"), "columns_code", 2),
        (("1", "2"), ("x" * 201, "01"), "columns_code", 1),
    ],
)
def test_bad_rows_are_named(values: tuple[str, ...], codes: tuple[str, ...], reason: str, row: int):
    with pytest.raises(InvalidValue) as caught:
        read(*values, codes=codes)
    place = dict(caught.value.params["reason"].params)  # type: ignore[attr-defined]
    assert (place["row"], place["reason"].key) == (row, reason)


def test_unknown_columns_are_refused():
    with pytest.raises(UnknownColumn):
        read("1", "2", names=("moon",))


def test_table_without_numbers_is_refused():
    with pytest.raises(InvalidValue):
        read("x", "y")
