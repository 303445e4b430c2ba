"""Test how rows of other sources are read."""

from __future__ import annotations

import pytest

from geo.errors import InvalidMapping, UnknownColumn, UnknownScheme
from geo.register.match_rows import Pairs, RowReader, SourceRow, choose_language, complete_pairs, guess_field
from geo.register.packs import load_pack
from geo.register.rows import Rows

IRAN = load_pack("ir")


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("pcode", "code"),
        ("county_code", "code"),
        ("کد", "code"),
        ("name_fa", "name.fa"),
        ("shapeName", "name"),
        ("نام", "name"),
        ("parent_pcode", "parent"),
        ("کد والد", "parent"),
        ("level", "level"),
        ("lat", "lat"),
        ("population", None),
        ("iso_province", None),
    ],
)
def test_fields_are_guessed_from_titles(title: str, field: str | None):
    assert guess_field(title, IRAN) == field


def test_what_is_declared_is_not_guessed():
    pairs = complete_pairs(["id", "pcode", "name_fa", "name_en"], (("name.fa", "name_en"),), IRAN)
    assert pairs == (("name.fa", "name_en"), ("code", "id"), ("code", "pcode"))


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        (("moon", "a"), InvalidMapping),
        (("codes", "a"), InvalidMapping),
        (("level.x", "a"), InvalidMapping),
        (("codes.moon", "a"), UnknownScheme),
        (("code", "moon"), UnknownColumn),
    ],
)
def test_bad_declarations_are_refused(pair: tuple[str, str], error: type[Exception]):
    with pytest.raises(error):
        complete_pairs(["a"], (pair,), IRAN)


@pytest.mark.parametrize(("text", "language"), [("تهران", "fa"), ("Tehran", "en"), ("12", "fa")])
def test_language_follows_the_script(text: str, language: str):
    assert choose_language(text, IRAN) == language


def read(pairs: Pairs, *cells: str, **given: str) -> tuple[list[SourceRow], RowReader]:
    reader = RowReader(IRAN, pairs, **given)
    columns = {column: [cell] for (_, column), cell in zip(pairs, cells, strict=True)}
    return reader.read(Rows([7], columns), "list"), reader


@pytest.mark.parametrize(("text", "code"), [("601", "0601"), ("0601", "0601"), ("x", "x")])
def test_codes_of_a_known_scheme_get_their_zeros_back(text: str, code: str):
    (row,), _ = read((("code", "c"),), text, level="county", scheme="sci")
    assert row.codes == (("sci", code),)


def test_codes_of_no_scheme_stay_as_they_are():
    (row,), _ = read((("code", "c"), ("parent", "p"), ("name.en", "n")), "601", "Tehran", "Rey")
    assert row == SourceRow(7, (("", "601"),), (("en", "Rey"),), ("Tehran",), None)


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [("name", "x" * 501, "match_text"), ("name", "a\0b", "match_text"), ("level", "moon", "level_unknown")],
)
def test_rows_that_cannot_be_kept_are_told(field: str, text: str, rule: str):
    rows, reader = read(((field, "c"),), text)
    assert rows == []
    assert [(one.row, one.field, one.rule) for one in reader.problems] == [(7, field, rule)]


def test_names_are_compared_with_and_without_the_word_for_their_level():
    (row,), reader = read((("name", "n"),), "خمینی شهر", level="county")
    assert [key for _, key in reader.to_asked(row).names] == ["خمینیشهر", "خمینی"]
