"""Test that finished statements answer as those that are built anew."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import ARRAY, BigInteger, Date, Text, bindparam, func, select
from sqlalchemy.orm import Session

from services.database.readiness import finish_statement
from services.queries import RegisterState, holds_on
from services.tables.register import Code


def test_open_values_are_given_at_each_run(session: Session, register: RegisterState):
    ready = finish_statement(
        select(Code.code).where(Code.register_id == register.id, Code.code == bindparam("code", type_=Text()))
    )
    assert [[row.code for row in ready.run(session, code=code)] for code in ("A", "B", "nobody")] == [["A"], ["B"], []]


@pytest.mark.parametrize(("divisions", "found"), [("AB", 2), ("A", 1), ("", 0)])
def test_lists_may_have_any_length(session: Session, country, divisions: str, found: int):
    asked = Code.division_id == func.any(bindparam("divisions", type_=ARRAY(BigInteger)))
    rows = finish_statement(select(Code.code).where(asked)).run(
        session, divisions=[country.ids[letter] for letter in divisions]
    )
    assert len(rows) == found


def test_days_may_be_open(session: Session, register: RegisterState):
    day = bindparam("day", type_=Date())
    ready = finish_statement(select(Code.code).where(Code.register_id == register.id, holds_on(Code, day)))
    assert len(ready.run(session, day=date(2020, 1, 1))) == 9


def test_value_that_is_left_out_is_missing(session: Session):
    ready = finish_statement(select(Code.code).where(Code.code == bindparam("code", type_=Text())))
    assert ready.run(session) == []
