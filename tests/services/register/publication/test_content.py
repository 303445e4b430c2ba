"""Test what an edition says of a register, and that its hash follows the content alone."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from services.queries import get_register
from services.register.publication import load_content
from services.register.publication.content import GEOMETRY, EditionContent


def test_parents_come_before_children(content):
    assert [(one.level, one.code) for one in content.divisions] == [
        ("province", "01"),
        ("province", "02"),
        ("county", "0101"),
        ("bakhsh", "010101"),
        ("dehestan", "0101010001"),
        ("village", "0101010001000001"),
    ]
    assert content.levels == ("province", "county", "bakhsh", "dehestan", "village")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("parent", [None, None, "01", "0101", "010101", "0101010001"]),
        ("name_fa", ["تهران", "=1+1", "ری", "مرکزی", "عظیمیه", "قلعه‌نو"]),
        ("name_en", ["Tehran", None, "Rey", None, None, None]),
        ("code_sci_1399", ["01", "02", "0101", "010101", "0101010001", "0101010001000001"]),
        ("lat", [None, None, None, None, None, 35.3]),
    ],
)
def test_columns_tell_of_every_division(content, column, values):
    assert content.table[column].to_pylist() == values


def test_divisions_without_ground_are_there(content):
    assert [shape is None for shape in content.table[GEOMETRY].to_pylist()] == [False, True, False, True, True, False]


@pytest.mark.parametrize(("level", "rows"), [("province", 2), ("county", 1), ("city", 0), ("village", 1)])
def test_levels_are_cut_out(content, level, rows):
    assert content.select_level(level)["level"].to_pylist() == [level] * rows


def test_same_content_has_the_same_hash(content, session, bring):
    again = load_content(session, get_register(session, "test"), bring.today)
    assert again.digest() == content.digest()


def change_day(content: EditionContent) -> EditionContent:
    return EditionContent(content.register, content.day + timedelta(1), content.divisions, content.table)


def change_column(content: EditionContent, name: str, value: object) -> EditionContent:
    values = [value, *content.table[name].to_pylist()[1:]]
    at = content.table.column_names.index(name)
    table = content.table.set_column(at, name, pa.array(values, content.table.schema.field(name).type))
    return EditionContent(content.register, content.day, content.divisions, table)


@pytest.mark.parametrize(
    "change",
    [
        change_day,
        lambda content: change_column(content, "name_fa", "طهران"),
        lambda content: change_column(content, "people", 1),
        lambda content: change_column(content, "valid_from", date(2020, 1, 1)),
        lambda content: change_column(content, GEOMETRY, b"x"),
        lambda content: change_column(content, GEOMETRY, None),
    ],
    ids=["day", "name", "people", "period", "ground", "no ground"],
)
def test_other_content_has_another_hash(content, change):
    assert change(content).digest() != content.digest()
