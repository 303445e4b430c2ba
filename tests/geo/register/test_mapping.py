"""Check declared and guessed mappings of columns."""

from __future__ import annotations

import pytest

from geo.errors import InvalidMapping, UnknownColumn, UnknownLevel, UnknownScheme
from geo.register import load_pack
from geo.register.mapping import ColumnMapping, check_mapping, guess_mapping

IRAN, AFGHANISTAN = load_pack("ir"), load_pack("af")


@pytest.mark.parametrize(
    ("columns", "pack", "expected"),
    [
        (["Code", "Level", "Parent_Code", "name_fa"], IRAN, {"code", "level", "parent", "name.fa"}),
        (["کد", "سطح", "نام", "جمعیت"], IRAN, {"code", "level", "name.fa", "population"}),
        (["code", "name", "NAME_EN"], IRAN, {"code", "name.fa", "name.en"}),
        (["code", "name", "name_fa"], IRAN, {"code", "name.fa"}),
        (["code", "name_fa", "name_ps"], AFGHANISTAN, {"code", "name.fa-AF", "name.ps"}),
        (["code", "name_fa_AF", "name_fa"], AFGHANISTAN, {"code", "name.fa-AF"}),
        (["lon", "lat", "x"], IRAN, {"lat"}),
        (["code", "kod"], IRAN, set()),
        (["nonsense"], IRAN, set()),
    ],
)
def test_columns_are_guessed_beyond_doubt(columns, pack, expected):
    assert set(guess_mapping(columns, pack, ColumnMapping()).columns) == expected


def test_declared_columns_are_not_guessed_again():
    given = ColumnMapping(columns={"code": "name", "name.fa": "code"})
    assert guess_mapping(["code", "name", "level"], IRAN, given).columns == {**given.columns, "level": "level"}


def test_level_is_not_guessed_when_declared():
    assert "level" not in guess_mapping(["level"], IRAN, ColumnMapping(level="province")).columns


def test_one_column_is_not_taken_for_two_fields():
    found = guess_mapping(["code", "level", "lat", "y"], IRAN, ColumnMapping())
    assert sorted(found.columns) == ["code", "level"]


@pytest.mark.parametrize(
    ("mapping", "error"),
    [
        (ColumnMapping({"code": "b"}), UnknownColumn),
        (ColumnMapping({"height": "a"}), InvalidMapping),
        (ColumnMapping({"name": "a"}), InvalidMapping),
        (ColumnMapping({"code.x": "a"}), InvalidMapping),
        (ColumnMapping({"name.f4": "a"}), InvalidMapping),
        (ColumnMapping({"codes.sci": "a"}, level="province"), InvalidMapping),
        (ColumnMapping({"codes.osm": "a"}, scheme="osm"), InvalidMapping),
        (ColumnMapping({"codes.nowhere": "a"}), UnknownScheme),
        (ColumnMapping(scheme="nowhere"), UnknownScheme),
        (ColumnMapping(parent_scheme="nowhere"), UnknownScheme),
        (ColumnMapping(level="galaxy"), UnknownLevel),
        (ColumnMapping(levels={"1": "galaxy"}), UnknownLevel),
    ],
)
def test_mappings_that_make_no_sense_are_refused(mapping, error):
    with pytest.raises(error):
        check_mapping(mapping, IRAN, ["a"])


def test_mapping_of_what_there_is_stands():
    mapping = ColumnMapping(
        {"code": "a", "name.fa-AF": "b", "codes.osm": "c"}, level="province", levels={"1": "county"}
    )
    assert check_mapping(mapping, IRAN, ["a", "b", "c"]) is None
