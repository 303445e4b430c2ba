"""Check how rows are read as candidates."""

from __future__ import annotations

import pytest

from geo.register import load_pack
from geo.register.mapping import ColumnMapping
from geo.register.reading import CandidateReader
from geo.register.rows import Rows

IRAN = load_pack("ir")
ALGERIA = load_pack("dz")


def start(mapping: ColumnMapping, *, pack=IRAN, **columns: object) -> CandidateReader:
    """Read one row whose columns are given."""
    cells = {name: [value] for name, value in columns.items()}
    return CandidateReader(pack, mapping, "layer", Rows([7], cells))


def map_columns(*names: str, **given: object) -> ColumnMapping:
    return ColumnMapping(columns={name: name for name in names}, **given)


def test_row_becomes_a_candidate():
    mapping = map_columns("code", "parent", "name.fa", "population", level="county", population_source="census")
    [found] = start(mapping, **{"code": "0101", "parent": "01", "name.fa": " ری ", "population": "۱۲٬۳۴۵"}).read()
    assert (found.row, found.level, str(found.key), str(found.parent)) == (7, "county", "sci:0101", "sci:01")
    assert (found.names, found.people) == ({"fa": "ری"}, 12345)


@pytest.mark.parametrize(
    ("code", "level", "expected"),
    [
        (601, "county", "0601"),
        (601.0, "county", "0601"),
        ("601.0", "county", "0601"),
        ("'0601", "county", "0601"),
        ("٠٦٠١", "county", "0601"),
        (1, "province", "01"),
        (2**53 - 1, "province", None),
        (1.2345678901234567e16, "village", None),
        (9.1e15, "village", None),
        ("6.01E+2", "county", None),
        ("06-01", "county", None),
    ],
)
def test_codes_are_restored_or_refused(code, level, expected):
    reader = start(map_columns("code", level=level), code=code)
    [found] = reader.read()
    assert (found.key.code if found else None) == expected
    assert {problem.weight for problem in reader.problems} == {"restored" if expected else "refused"}


@pytest.mark.parametrize(
    ("word", "given", "level"),
    [
        ("ostan", {}, "province"),
        ("استان", {}, "province"),
        ("Province", {}, "province"),
        ("1", {"levels": {"1": "county"}}, "county"),
        ("", {}, None),
        ("galaxy", {}, None),
    ],
)
def test_levels_are_found_by_their_words(word, given, level):
    code = {"province": "01", "county": "0101"}.get(level or "", "01")
    [found] = start(map_columns("code", "level", **given), code=code, level=word).read()
    assert (found.level if found else None) == level


@pytest.mark.parametrize(("value", "level"), [(0, "village"), ("1", "block")])
def test_numbered_levels_are_found_by_their_column(value, level):
    mapping = ColumnMapping(columns={"code": "code", "level": "abadi_type"})
    [found] = start(mapping, code="2102020003821098", abadi_type=value).read()
    assert found.level == level


@pytest.mark.parametrize(
    ("parent", "by_position", "expected"),
    [("1", False, "ons:01"), ("01", False, "ons:01"), ("", True, "None"), ("", False, ""), ("x", True, "")],
)
def test_parents_are_read_where_codes_say_nothing(parent, by_position, expected):
    mapping = map_columns("code", "parent", level="daira", scheme="osm", parent_by_position=by_position)
    [found] = start(mapping, pack=ALGERIA, code="538", parent=parent).read()
    assert (str(found.parent) if found else "") == expected


def test_parent_against_the_code_is_refused():
    reader = start(map_columns("code", "parent", level="county"), code="0101", parent="02")
    assert (reader.read(), [problem.rule for problem in reader.problems]) == ([None], ["nesting_broken"])


@pytest.mark.parametrize(
    ("given", "kept", "rule"),
    [
        ("538258", "538258", None),
        (538258.0, "538258", "code_restored"),
        ("x", None, "other_code_left_out"),
        (None, None, None),
    ],
)
def test_other_codes_are_kept_or_left_out(given, kept, rule):
    mapping = map_columns("code", "codes.osm", level="province")
    reader = start(mapping, **{"code": "01", "codes.osm": given})
    [found] = reader.read()
    assert [key.code for key in found.codes] == ([kept] if kept else [])
    assert [problem.rule for problem in reader.problems] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("name", "rule", "is_taken"),
    [
        ("علی‌آباد", None, True),
        ("علي آباد", "name_letters", True),
        ("", "name_missing", True),
        ("a\0b", "name_unstorable", False),
        ("a\ud800b", "name_unstorable", False),
        ("ک" * 501, "name_long", False),
    ],
)
def test_names_are_kept_told_or_refused(name, rule, is_taken):
    reader = start(map_columns("code", "name.fa", level="province"), **{"code": "01", "name.fa": name})
    [found] = reader.read()
    assert (found is not None) is is_taken
    assert {problem.rule for problem in reader.problems} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("1,234", 1234),
        ("12.0", 12),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("2147483648", None),
        ("2147483647", 2**31 - 1),
    ],
)
def test_people_are_whole_numbers_that_can_be_kept(text, people):
    [found] = start(map_columns("code", "population", level="province"), code="01", population=text).read()
    assert found.people == people


def test_problems_repeat_the_value_of_the_file():
    reader = start(map_columns("code", level="county"), code="  x\0 ")
    reader.read()
    assert [(problem.row, problem.field, problem.value) for problem in reader.problems] == [(7, "code", "  x\ufffd ")]
