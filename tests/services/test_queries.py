"""Count the people of divisions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from services.queries import RegisterState, count_people, count_people_in, get_register
from services.tables.register import Population, Standing

DAY = date(2026, 1, 1)


@pytest.mark.parametrize("without", ["", "X", "XP", "XPA", "PQR", "XYPQRABCD"])
@pytest.mark.parametrize("asked", ["A", "X", "PA", "XP", "XYPQRABCD"])
def test_people_of_some_are_counted_as_of_all(
    session: Session, register: RegisterState, country: Any, without: str, asked: str
) -> None:
    lost = [country.ids[code] for code in without]
    session.execute(delete(Population).where(Population.division_id.in_(lost)))
    every = count_people(session, register, DAY)
    ids = [country.ids[code] for code in asked]
    assert count_people_in(session, ids, DAY) == {key: every[key] for key in ids if key in every}


def test_circle_of_parents_has_no_people(session: Session, register: RegisterState, country: Any) -> None:
    session.execute(delete(Population))
    session.execute(update(Standing).where(Standing.division_id == country.ids["X"]).values(parent_id=country.ids["A"]))
    assert count_people_in(session, [country.ids["X"]], DAY) == count_people(session, register, DAY) == {}


def test_latest_figure_counts(session: Session, country: Any) -> None:
    values = {"source": "census 2", "counted_on": date(2025, 1, 1), "people": 7}
    session.execute(insert(Population).values(division_id=country.ids["A"], **values))
    assert count_people_in(session, [country.ids["A"]], DAY) == {country.ids["A"]: 7}


def test_nobody_is_asked_about(session: Session) -> None:
    assert count_people_in(session, [], DAY) == {}


def test_people_of_the_demonstration_agree(demo_session: Session) -> None:
    day = date(2026, 11, 21)
    every = count_people(demo_session, get_register(demo_session, "dz"), day)
    assert every
    assert count_people_in(demo_session, every, day) == every
