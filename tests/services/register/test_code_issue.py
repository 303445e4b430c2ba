"""Issue, reserve, release and retire codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import (
    CodeTaken,
    DivisionNotFound,
    InvalidCode,
    InvalidValue,
    NotPermitted,
    ReservationNotFound,
    UnknownLevel,
    UnknownScheme,
)
from services.access.roles import Caller, RoleGrant, make_operator
from services.lookups import list_taken
from services.register.code_issue import (
    CodeWish,
    find_next_code,
    list_kept_codes,
    release_code,
    reserve_code,
    retire_code,
)
from services.tables.access import AuditLog
from services.tables.register import Code

OFFICER = make_operator("tests")
COUNTY = CodeWish("county", "06")


@pytest.fixture
def iran(build: Any) -> Any:
    """Name a province with two counties and another with one."""
    country = build("ir")
    for code, level, parent in (
        ("06", "province", ""),
        ("0601", "county", "06"),
        ("0602", "county", "06"),
        ("07", "province", ""),
        ("060101", "bakhsh", "0601"),
        ("0601011005", "city", "060101"),
    ):
        country.add(code, level, parent=parent)
    return country


def reserve(session: Session, iran: Any, wish: CodeWish = COUNTY, caller: Caller = OFFICER) -> str:
    return reserve_code(session, iran.register, wish, reason="a draft", caller=caller).code


def test_next_code_is_told_and_not_kept(session: Session, iran: Any):
    answers = [find_next_code(session, iran.register, COUNTY) for _ in range(2)]
    assert [one.code for one in answers] == ["0603", "0603"]
    assert list_kept_codes(session, iran.register) == ()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (CodeWish("county", "07"), "0701"),
        (CodeWish("bakhsh", "0602"), "060201"),
        (CodeWish("city", "060101"), "0601011006"),
        (CodeWish("province"), "08"),
        (CodeWish("county", "06", "sci/1399"), "0603"),
    ],
)
def test_next_code_follows_the_scheme(session: Session, iran: Any, wish: CodeWish, code: str):
    assert find_next_code(session, iran.register, wish).code == code


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2040, 1, 1)])
def test_code_of_another_day_is_not_free(session: Session, iran: Any, day: date):
    iran.add("0603", "county", valid=Range(day, date(day.year + 1, 1, 1)))
    assert find_next_code(session, iran.register, COUNTY).code == "0604"


def test_code_that_was_a_mistake_is_not_free(session: Session, iran: Any):
    over = Range(datetime.fromisoformat("2020-01-01T00:00Z"), datetime.fromisoformat("2020-01-02T00:00Z"))
    session.execute(update(Code).where(Code.division_id == iran.ids["0602"]).values(recorded=over))
    assert find_next_code(session, iran.register, COUNTY).code == "0603"


def test_codes_of_other_registers_and_versions_are_free(session: Session, iran: Any, build: Any):
    build("ir").add("0603", "county")
    own = {"register_id": iran.register.id, "division_id": iran.ids["07"], "valid": Range(None, None)}
    session.execute(insert(Code).values(scheme="sci", version="1395", code="0603", **own))
    assert find_next_code(session, iran.register, COUNTY).code == "0603"


def test_reservations_follow_each_other(session: Session, iran: Any):
    assert [reserve(session, iran) for _ in range(3)] == ["0603", "0604", "0605"]
    assert {one.state for one in list_kept_codes(session, iran.register)} == {"reserved"}


def test_parent_may_be_only_reserved(session: Session, iran: Any):
    reserve(session, iran)
    assert find_next_code(session, iran.register, CodeWish("bakhsh", "0603")).code == "060301"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (CodeWish("county", "08"), DivisionNotFound),
        (CodeWish("county"), InvalidCode),
        (CodeWish("county", "0x"), InvalidCode),
        (CodeWish("moon", "06"), UnknownLevel),
        (CodeWish("county", "IR", "iso"), UnknownLevel),
        (CodeWish("county", "06", "moon"), UnknownScheme),
        (CodeWish("county", None, "osm"), InvalidCode),
        (CodeWish("county", "06", None, "0601"), CodeTaken),
        (CodeWish("county", "06", None, "603"), InvalidCode),
        (CodeWish("county", "06", None, "06\0"), InvalidCode),
    ],
)
def test_wish_that_cannot_be_met(session: Session, iran: Any, wish: CodeWish, error: type[Exception]):
    with pytest.raises(error):
        reserve(session, iran, wish)


@pytest.mark.parametrize("reason", ["x" * 501, "a\0b"])
def test_reason_is_bounded(session: Session, iran: Any, reason: str):
    with pytest.raises(InvalidValue):
        reserve_code(session, iran.register, COUNTY, reason=reason, caller=OFFICER)


def test_named_code_is_reserved_once(session: Session, iran: Any):
    wish = CodeWish("county", code="0677")
    assert reserve(session, iran, wish) == "0677"
    with pytest.raises(CodeTaken) as raised:
        reserve(session, iran, wish)
    assert raised.value.params["reason"].key == "code_reserved"


def test_released_code_is_free_again(session: Session, iran: Any):
    release_code(session, iran.register, "sci", reserve(session, iran), caller=OFFICER)
    assert find_next_code(session, iran.register, COUNTY).code == "0603"


@pytest.mark.parametrize("code", ["0601", "0677", "", "x\0"])
def test_only_reserved_codes_are_released(session: Session, iran: Any, code: str):
    with pytest.raises(ReservationNotFound):
        release_code(session, iran.register, "sci", code, caller=OFFICER)


def test_retired_code_is_never_free(session: Session, iran: Any):
    retire_code(session, iran.register, "sci", reserve(session, iran), reason="on maps", caller=OFFICER)
    assert find_next_code(session, iran.register, COUNTY).code == "0604"
    with pytest.raises(CodeTaken):
        release_code(session, iran.register, "sci", "0603", caller=OFFICER)


@pytest.mark.parametrize(("code", "error"), [("0601", CodeTaken), ("9901", InvalidCode), ("a\0", InvalidCode)])
def test_code_that_cannot_be_retired(session: Session, iran: Any, code: str, error: type[Exception]):
    with pytest.raises(error):
        retire_code(session, iran.register, "sci", code, reason="", caller=OFFICER)


def test_what_is_kept_is_logged(session: Session, iran: Any):
    retire_code(session, iran.register, "sci", reserve(session, iran), reason="", caller=OFFICER)
    entries = session.scalars(select(AuditLog).order_by(AuditLog.id.desc()).limit(2)).all()
    assert [(one.detail["code"], one.detail["state"]) for one in entries] == [("0603", "retired"), ("0603", "reserved")]


@pytest.mark.parametrize(
    ("wish", "is_allowed"),
    [
        (CodeWish("county", "06"), True),
        (CodeWish("bakhsh", "0602"), True),
        (CodeWish("county", code="0655"), True),
        (CodeWish("county", "07"), False),
        (CodeWish("province"), False),
    ],
)
def test_officer_of_a_province_keeps_its_codes_only(session: Session, iran: Any, wish: CodeWish, is_allowed: bool):
    caller = Caller(1, "khuzestan", (RoleGrant("province_officer", iran.register.id, iran.ids["06"]),))
    if is_allowed:
        assert reserve(session, iran, wish, caller) in list_taken(session, iran.register, _sci(iran))
        return
    with pytest.raises(NotPermitted):
        reserve(session, iran, wish, caller)


def _sci(iran: Any) -> Any:
    return iran.register.pack.scheme("sci")
