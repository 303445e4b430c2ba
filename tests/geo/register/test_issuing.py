"""Issue codes by the rules of the packs."""

from __future__ import annotations

import pytest

from geo.errors import CodesExhausted, InvalidCode, UnknownLevel
from geo.register import load_pack
from geo.register.issuing import issue_code

SCI = load_pack("ir").scheme("sci")
COUNTIES = {f"06{number:02}" for number in range(1, 100)}


@pytest.mark.parametrize(
    ("level", "parent", "taken", "code"),
    [
        ("county", "06", (), "0601"),
        ("county", "06", ("0601", "0602"), "0603"),
        ("county", "06", ("0601", "0605"), "0606"),
        ("county", "06", ("0799",), "0601"),
        ("county", "06", COUNTIES - {"0642", "0647"}, "0642"),
        ("county", "00", ("0001",), "0002"),
        ("bakhsh", "0601", ("060101",), "060102"),
        ("dehestan", "060101", ("0601010004", "0601011001"), "0601010005"),
        ("city", "060101", ("0701011002",), "0601011003"),
        ("city", "060101", ("0701011699",), "0601012000"),
        ("city", "060101", ("0601010007",), "0601011001"),
        ("urban_zone", "060101", ("0701011002",), "0601011003"),
        ("urban_zone", "0601011002", ("0601011002",), "0601011003"),
        ("village", "0601010001", ("0701010001000041",), "0601010001000042"),
        ("province", None, ("00", "01"), "02"),
        ("province", "anything", ("00", "01"), "02"),
    ],
)
def test_next_code_follows_the_rule(level: str, parent: str | None, taken: set[str], code: str):
    assert issue_code(SCI, level, parent_code=parent, taken=taken).code == code


@pytest.mark.parametrize(
    ("level", "parent", "taken", "reasons"),
    [
        ("county", "06", (), ["issue_rule_front", "issue_first"]),
        ("county", "06", ("0601",), ["issue_rule_front", "issue_taken", "issue_after"]),
        ("city", "060101", ("0601012999",), ["issue_rule_front", "issue_nation", "issue_taken", "issue_gap"]),
        ("province", None, (), ["issue_rule", "issue_nation", "issue_first"]),
    ],
)
def test_reasons_are_told(level: str, parent: str | None, taken: tuple[str, ...], reasons: list[str]):
    assert [one.key for one in issue_code(SCI, level, parent_code=parent, taken=taken).reasons] == reasons


def test_highest_number_is_named_with_its_zeros():
    *_, why = issue_code(SCI, "dehestan", parent_code="060101", taken=["0601010004"]).reasons
    assert dict(why.params) == {"highest": "0004"}


@pytest.mark.parametrize(
    ("level", "parent", "taken"),
    [("county", "06", COUNTIES), ("province", None, {f"{number:02}" for number in range(31)})],
)
def test_every_number_taken(level: str, parent: str | None, taken: set[str]):
    with pytest.raises(CodesExhausted) as raised:
        issue_code(SCI, level, parent_code=parent, taken=taken)
    assert raised.value.params["scheme"] == "sci/1399"


@pytest.mark.parametrize(
    ("level", "parent", "reason"),
    [
        ("county", None, "code_length"),
        ("county", "99", "code_range"),
        ("county", "6", "code_length"),
        ("bakhsh", "06", "code_length"),
        ("dehestan", "0601", "code_length"),
        ("county", "06\0", "code_length"),
    ],
)
def test_parent_outside_the_scheme_is_refused(level: str, parent: str | None, reason: str):
    with pytest.raises(InvalidCode) as raised:
        issue_code(SCI, level, parent_code=parent, taken=())
    assert raised.value.params["reason"].key == reason


def test_codes_without_a_rule_are_not_issued():
    with pytest.raises(InvalidCode) as raised:
        issue_code(load_pack("ir").scheme("osm"), "county", parent_code=None, taken=())
    assert raised.value.params["reason"].key == "issue_opaque"


def test_level_without_codes_is_unknown():
    with pytest.raises(UnknownLevel):
        issue_code(load_pack("ir").scheme("iso"), "county", parent_code="IR-06", taken=())


@pytest.mark.parametrize(("parent", "code"), [("0101", "0101-03")])
def test_joint_stands_before_the_number(parent: str, code: str):
    scheme = load_pack("af").scheme("iec", "2014")
    assert issue_code(scheme, "nahia", parent_code=parent, taken=["0101-02", "0102-09"]).code == code
