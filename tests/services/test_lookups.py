"""Look divisions up by code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import AmbiguousDivision, DivisionNotFound
from services.lookups import get_coded, map_codes
from services.queries import RegisterState
from services.tables.register import Code

DAY = date(2026, 1, 1)


@pytest.mark.parametrize("codes", [[], ["A"], ["A", "X", "P", "A"]])
def test_codes_are_mapped(session: Session, register: RegisterState, country: Any, codes: list[str]) -> None:
    assert map_codes(session, register, codes) == {code: country.ids[code] for code in codes}


def test_codes_of_another_register_are_not_found(session: Session, register: RegisterState, build: Any) -> None:
    with pytest.raises(DivisionNotFound):
        map_codes(session, build().register, ["A"])


def test_unknown_codes_are_named(session: Session, register: RegisterState) -> None:
    with pytest.raises(DivisionNotFound) as raised:
        map_codes(session, register, ["A", "no", "nil"])
    assert raised.value.params["asked"] == ["nil", "no"]


def test_code_given_anew_means_the_last_to_have_it(session: Session, register: RegisterState, country: Any) -> None:
    before = country.add("7", "commune", valid=Range(None, date(2020, 1, 1)))
    after = country.add("7", "commune", valid=Range(date(2020, 1, 1), None))
    assert map_codes(session, register, ["7"]) == {"7": after}
    assert get_coded(session, register, "7", day=date(2019, 1, 1)).id == before


def test_code_of_two_schemes_is_ambiguous(session: Session, register: RegisterState, country: Any) -> None:
    values = {"scheme": "ons", "version": "2025", "code": "A", "valid": Range(None, None)}
    session.execute(insert(Code).values(register_id=register.id, division_id=country.ids["B"], **values))
    with pytest.raises(AmbiguousDivision) as raised:
        get_coded(session, register, "A", day=DAY)
    assert raised.value.params["candidates"] == ("commune:osm:A", "commune:osm:B")


def test_code_nobody_has(session: Session, register: RegisterState) -> None:
    with pytest.raises(DivisionNotFound):
        get_coded(session, register, "none", day=DAY)
