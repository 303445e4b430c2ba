"""Test that the names in memory are those of the register, on every day and after every write."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.register.names import search_key
from geo.register.periods import Period
from services.access.log import record_write
from services.access.roles import Action, make_operator
from services.database.engine import open_session
from services.queries import get_register
from services.register.gazetteers import Shelf, find_still_days, load_gazetteer
from services.tables.register import Code, Name, Register

DAY, TURN = date(2026, 1, 1), date(2020, 3, 20)


@pytest.fixture
def iran(build: Any) -> Any:
    """Found a county in 2020."""
    country = build("ir")
    country.add("06", "province", name="خوزستان", people=4_700_000)
    country.add("0601", "county", parent="06", name="آبادان", valid=Range(TURN, None))
    return country


def rename(session: Session, iran: Any, name: str) -> None:
    session.execute(update(Name).where(Name.division_id == iran.ids["06"]).values(text=name, key=search_key(name)))


def test_divisions_come_with_what_a_search_tells(session: Session, iran: Any):
    gazetteer = load_gazetteer(session, iran.register, DAY)
    province, county = gazetteer.describe(0), gazetteer.describe(1)
    assert (province.code, province.scheme, province.people) == ("06", "sci", 4_700_000)
    assert (county.level, county.parent_id, county.people) == ("county", province.id, None)


def test_the_primary_code_is_shown(session: Session, iran: Any):
    own = {"division_id": iran.ids["06"], "register_id": iran.register.id, "valid": Range(None, None)}
    session.execute(insert(Code).values(scheme="iso", version="2020", code="IR-06", **own))
    assert load_gazetteer(session, iran.register, DAY).describe(0).code == "06"


@pytest.mark.parametrize(("day", "count"), [(date(2020, 3, 19), 1), (TURN, 2)])
def test_each_day_has_its_divisions(session: Session, iran: Any, day: date, count: int):
    assert len(Shelf().fetch(session, iran.register, day)) == count


@pytest.mark.parametrize(
    ("day", "still"), [(date(2019, 1, 1), Period(None, TURN)), (TURN, Period(TURN, None)), (DAY, Period(TURN, None))]
)
def test_still_days_lie_between_turns(session: Session, iran: Any, day: date, still: Period):
    assert find_still_days(session, iran.register, day) == still


def test_days_without_a_turn_between_them_share(session: Session, iran: Any):
    shelf = Shelf()
    assert shelf.fetch(session, iran.register, DAY) is shelf.fetch(session, iran.register, TURN)
    assert shelf.fetch(session, iran.register, DAY) is not shelf.fetch(session, iran.register, date(2019, 1, 1))


def test_a_new_version_is_read_anew(session: Session, iran: Any):
    shelf = Shelf()
    shelf.fetch(session, iran.register, DAY)
    rename(session, iran, "عربستان")
    session.execute(update(Register).where(Register.id == iran.register.id).values(version=1))
    later = get_register(session, iran.register.name)
    assert shelf.fetch(session, later, DAY).names.texts[0] == "عربستان"


def test_what_may_be_taken_back_is_not_kept(session: Session, iran: Any):
    shelf = Shelf()
    record_write(session, caller=make_operator("tests"), action=Action.IMPORT_DIVISIONS, subject="test", detail={})
    first = shelf.fetch(session, iran.register, DAY)
    rename(session, iran, "عربستان")
    assert first is not shelf.fetch(session, iran.register, DAY)


def test_few_are_kept(session: Session, iran: Any):
    shelf = Shelf(most=1)
    first = shelf.fetch(session, iran.register, DAY)
    shelf.fetch(session, iran.register, date(2019, 1, 1))
    assert shelf.fetch(session, iran.register, DAY) is not first


def test_an_empty_register_has_no_names(session: Session, build: Any):
    assert len(load_gazetteer(session, build("ir").register, DAY)) == 0


def test_the_record_of_a_moment_is_read_apart(fresh_engine: Engine, iran: Any):
    with open_session(fresh_engine) as session:
        country = type(iran)(session, "ir")
        country.add("06", "province", name="عربستان")
        session.execute(text("update standing set recorded = '[2001-01-01,)'"))
        session.execute(text("update name set recorded = '[2001-01-01,2002-01-01)'"))
        own = {"division_id": country.ids["06"], "language": "fr", "valid": Range(None, None)}
        session.execute(insert(Name).values(text="خوزستان", key=search_key("خوزستان"), **own))
    shelf, found = Shelf(), []
    for moment in (None, datetime(2001, 6, 1, tzinfo=UTC), None):
        with open_session(fresh_engine, moment) as session:
            found.append(shelf.fetch(session, get_register(session, country.register.name), DAY).names.texts)
    assert found == [["خوزستان"], ["عربستان"], ["خوزستان"]]
