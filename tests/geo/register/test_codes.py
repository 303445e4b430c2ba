"""Check codes against the packs' schemes, and what is restored of spoilt ones."""

from __future__ import annotations

import pytest

from geo.errors import UnknownLevel
from geo.register import check_code, levels_of, load_pack, parent_code, restore_zeros, segment_of

SCI = load_pack("ir").scheme("sci")
IEC = load_pack("af").scheme("iec", "2014")


@pytest.mark.parametrize(
    ("scheme", "level", "code", "reason"),
    [
        ("sci", "province", "00", None),
        ("sci", "province", "31", "code_range"),
        ("sci", "county", "0601", None),
        ("sci", "county", "601", "code_length"),
        ("sci", "county", "06O1", "code_not_digits"),
        ("sci", "county", "06۰۱", "code_not_digits"),
        ("sci", "county", "0600", "code_range"),
        ("sci", "county", "9901", "code_range"),
        ("sci", "dehestan", "0601020001", None),
        ("sci", "dehestan", "0601021687", "code_range"),
        ("sci", "city", "0601021687", None),
        ("sci", "city", "0601021700", "code_range"),
        ("sci", "city", "0601022000", None),
        ("sci", "village", "2102020003821098", None),
        ("sci", "wilaya", "01", "code_no_rule"),
        ("pcode", "county", "IR015001", None),
        ("pcode", "county", "AF015001", "code_starts"),
        ("iso", "province", "IR-23", None),
        ("iso", "province", "IR_23", "code_starts"),
        ("osm", "county", "6554862", None),
        ("osm", "county", "06554862", "code_pattern"),
    ],
)
def test_code_is_checked(scheme: str, level: str, code: str, reason: str | None) -> None:
    found = check_code(load_pack("ir").scheme(scheme), level, code)
    assert (found and found.key) == reason


@pytest.mark.parametrize(("code", "reason"), [("0101-01", None), ("0101_01", "code_joined"), ("9901-01", "code_range")])
def test_joined_code_is_checked(code: str, reason: str | None) -> None:
    found = check_code(IEC, "nahia", code)
    assert (found and found.key) == reason


def test_range_says_what_is_allowed() -> None:
    found = check_code(SCI, "city", "0601020001")
    assert found is not None
    assert dict(found.params)["ranges"] == ("1001-1699", "2000-2999")


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("06", ("province",)),
        ("0601", ("county",)),
        ("060102", ("bakhsh",)),
        ("0601020001", ("dehestan",)),
        ("0601021687", ("city", "urban_zone")),
        ("2102020003821098", ("village", "block", "farm", "locality")),
        ("06010", ()),
    ],
)
def test_level_is_guessed_from_code(code: str, levels: tuple[str, ...]) -> None:
    assert levels_of(SCI, code) == levels


@pytest.mark.parametrize(
    ("level", "code", "parent"),
    [
        ("county", "0601", "06"),
        ("city", "0601021687", "060102"),
        ("village", "2102020003821098", "2102020003"),
        ("province", "06", None),
    ],
)
def test_parent_is_the_code_inside(level: str, code: str, parent: str | None) -> None:
    assert parent_code(SCI, level, code) == parent


def test_parent_inside_joined_code() -> None:
    assert parent_code(IEC, "nahia", "0101-07") == "0101"


def test_parent_of_unknown_level_is_refused() -> None:
    with pytest.raises(UnknownLevel):
        parent_code(SCI, "wilaya", "01")


@pytest.mark.parametrize(("level", "code", "segment"), [("county", "0601", "01"), ("city", "0601021687", "1687")])
def test_segment_is_the_own_number(level: str, code: str, segment: str) -> None:
    assert segment_of(SCI, level, code) == segment


@pytest.mark.parametrize(
    ("level", "text", "code", "notes"),
    [
        ("county", "0601", "0601", []),
        ("county", "601", "0601", ["zeros_restored"]),
        ("county", "601.0", "0601", ["code_from_number", "zeros_restored"]),
        ("county", " '0601 ", "0601", ["code_spaces"]),
        ("county", "۶۰۱", "0601", ["code_foreign_digits", "zeros_restored"]),
        ("county", "٠٦٠١", "0601", ["code_foreign_digits"]),
        ("province", "0", "00", ["zeros_restored"]),
        ("bakhsh", "60102", "060102", ["zeros_restored"]),
        ("city", "601021687", "0601021687", ["zeros_restored"]),
        ("village", "2102020003821098.0", "2102020003821098", ["code_from_number"]),
    ],
)
def test_spoilt_code_is_restored_and_said(level: str, text: str, code: str, notes: list[str]) -> None:
    found = restore_zeros(SCI, level, text)
    assert (found.code, [note.key for note in found.notes]) == (code, notes)
    assert found.was_restored is ("zeros_restored" in notes)


@pytest.mark.parametrize(
    ("level", "text", "reason"),
    [
        ("bakhsh", "0601", "code_length"),
        ("county", "", "code_empty"),
        ("county", "600", "code_length"),
        ("county", "601.5", "code_length"),
        ("county", "آبادان", "code_length"),
        ("village", "2.10202E+15", "code_rounded"),
        (None, "06010", "code_no_level"),
    ],
)
def test_lost_code_is_refused(level: str | None, text: str, reason: str) -> None:
    found = restore_zeros(SCI, level, text)
    assert found.code is None
    assert found.problem is not None
    assert found.problem.key == reason


@pytest.mark.parametrize(("text", "codes"), [("601", ("0601", "000601")), ("23", ("23", "0023"))])
def test_nothing_is_chosen_among_several_codes(text: str, codes: tuple[str, ...]) -> None:
    found = restore_zeros(SCI, None, text)
    assert found.is_ambiguous
    assert (found.code, found.codes) == (None, codes)


def test_whole_code_is_offered_once() -> None:
    (option,) = restore_zeros(SCI, "province", "23").options
    assert not option.restored


def test_whole_code_of_two_levels_is_one_code() -> None:
    found = restore_zeros(SCI, None, "0601021687")
    assert (found.code, found.levels) == ("0601021687", ("city", "urban_zone"))
