"""Cut a register into pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from services.queries import RegisterState, get_register
from services.register.divisions import DivisionFilter, count_divisions, list_divisions
from services.register.pages import list_page
from services.tables.register import Code

DAY = date(2026, 1, 1)


def read_codes(session: Session, register: RegisterState, level: str | None = None, **page: int) -> str:
    """Write down the codes of the divisions a page holds."""
    wanted = DivisionFilter(level=level)
    return "".join(one.code for one in list_divisions(session, register, wanted, day=DAY, **page))


@pytest.mark.parametrize(
    ("limit", "offset", "codes"),
    [(100, 0, "XYPQRABCD"), (3, 0, "XYP"), (3, 1, "YPQ"), (2, 5, "AB"), (5, 8, "D"), (5, 9, ""), (1, 1000, "")],
)
def test_page_runs_over_levels(session: Session, register: RegisterState, limit: int, offset: int, codes: str) -> None:
    assert read_codes(session, register, limit=limit, offset=offset) == codes


@pytest.mark.parametrize(("limit", "offset", "codes"), [(100, 0, "ABCD"), (2, 1, "BC"), (2, 3, "D"), (2, 4, "")])
def test_page_stays_in_its_level(
    session: Session, register: RegisterState, limit: int, offset: int, codes: str
) -> None:
    assert read_codes(session, register, "commune", limit=limit, offset=offset) == codes


@pytest.mark.parametrize(("limit", "offset", "codes"), [(9, 0, "BCDA"), (2, 2, "DA"), (1, 3, "A"), (1, 4, "")])
def test_division_without_code_in_the_primary_scheme_comes_last(
    session: Session, register: RegisterState, country: Any, limit: int, offset: int, codes: str
) -> None:
    session.execute(update(Code).where(Code.division_id == country.ids["A"]).values(scheme="other"))
    assert read_codes(session, register, "commune", limit=limit, offset=offset) == codes


def test_filtered_list_has_the_same_order(session: Session, register: RegisterState, country: Any) -> None:
    session.execute(update(Code).where(Code.division_id == country.ids["A"]).values(scheme="other"))
    found = list_divisions(session, register, DivisionFilter(parent=country.ids["P"]), day=DAY)
    assert [one.code for one in found] == ["B", "A"]


def test_division_with_codes_of_two_versions_is_listed_once(
    session: Session, register: RegisterState, country: Any
) -> None:
    first = session.execute(select(Code.scheme).where(Code.division_id == country.ids["A"])).scalar_one()
    values = {"scheme": first, "version": "zzz", "code": "Z", "valid": Range(None, None)}
    session.execute(insert(Code).values(register_id=register.id, division_id=country.ids["A"], **values))
    assert read_codes(session, register, "commune") == "BCDZ"


def test_division_is_listed_only_while_it_stands(session: Session, register: RegisterState, country: Any) -> None:
    country.add("E", "commune", parent="P", valid=Range(None, DAY))
    assert read_codes(session, register, "commune") == "ABCD"


def test_other_registers_are_not_listed(session: Session, register: RegisterState, build: Any) -> None:
    build().draw("EF", "commune")
    assert read_codes(session, register, "commune") == "ABCD"


@pytest.mark.parametrize("level", ["wilaya", "daira", "commune", None])
def test_pages_together_hold_every_division_once(demo_session: Session, level: str | None) -> None:
    register, day = get_register(demo_session, "dz"), date(2026, 11, 21)
    total = count_divisions(demo_session, register, DivisionFilter(level=level), day=day)
    pages = [
        list_page(demo_session, register, level, day=day, limit=500, offset=offset) for offset in range(0, total, 500)
    ]
    whole = list_page(demo_session, register, level, day=day, limit=total + 1, offset=0)
    assert [division for page in pages for division in page] == whole
    assert len(set(whole)) == total
