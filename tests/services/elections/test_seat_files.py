"""Test that units are read from tables, and that whatever is wrong is named by row and field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.apportionment import SeatUnit
from geo.errors import EmptyFile, InvalidValue, MissingColumn, UnknownColumn, UnreadableFile
from services.elections.seat_files import read_units
from services.messages import explain


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Give the way to write a table."""

    def put(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return put


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("code,population\n01,9100\n", 9100),
        ("code;people\n01;9100\n", 9100),
        ("کد,جمعیت\n01,۹۱۰۰\n", 9100),
        ('code,votes\n01,"9,100"\n', 9100),
        ("code,population\n01,۹٬۱۰۰\n", 9100),
        ("code,population\n01,9100.0\n", 9100),
        ("note,Code,POP\nx, 01 , 9100 \n", 9100),
    ],
)
def test_tables_of_many_hands_are_read(write, text, people):
    assert read_units(write(text), {}).units == (SeatUnit("01", people),)


def test_names_and_limits_are_read(write):
    found = read_units(write("code,name,population,floor,cap,fixed\n01,کابل,5,1,3,\n02,,6,,,4\n"), {})
    assert found.units == (SeatUnit("01", 5, 1, 3), SeatUnit("02", 6, fixed=4))
    assert found.names == {"01": "کابل"}


def test_columns_may_be_declared(write):
    found = read_units(write("adm2,pop18\nAF01,7.0\n"), {"code": "adm2", "population": "pop18"})
    assert found.units == (SeatUnit("AF01", 7),)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("02,0", "population"),
        ("02,-5", "population"),
        ("02,NaN", "population"),
        ("02,inf", "population"),
        ("02,1e9", "population"),
        ("02,7.5", "population"),
        ("02,", "population"),
        ("02," + "9" * 400, "population"),
        ("02,99999999999", "population"),
        (",5", "code"),
        ("01,5", "code"),
    ],
)
def test_bad_row_is_named(write, row, field):
    with pytest.raises(InvalidValue) as caught:
        read_units(write(f"code,population\n01,5\n{row}\n"), {})
    sentence = explain(caught.value, "en")
    assert field in sentence and "row 2" in sentence


@pytest.mark.parametrize(
    ("text", "columns", "error"),
    [
        ("", {}, EmptyFile),
        ("code,population\n", {}, EmptyFile),
        ("code,size\n01,5\n", {}, MissingColumn),
        ("name,population\nx,5\n", {}, MissingColumn),
        ("code,population\n01,5\n", {"code": "nothing"}, UnknownColumn),
        ("code,population\n01,5\n", {"colour": "code"}, UnknownColumn),
        ("code,population\n01,5,6\n", {}, UnreadableFile),
    ],
)
def test_table_that_cannot_be_used_is_refused(write, text, columns, error):
    with pytest.raises(error):
        read_units(write(text), columns)
