"""Test that seats are shared among the divisions of a register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from geo.apportionment import SeatUnit
from geo.errors import DivisionNotFound, Infeasible, InvalidValue, UnknownLevel
from geo.register import load_pack
from services.elections.apportion import apportion_register, apportion_units
from services.elections.seat_answers import SeatsAnswer
from services.elections.seat_orders import SeatOrder
from services.queries import RegisterState, get_register

DAY = date(2026, 1, 1)
UNITS = [SeatUnit("01", 600), SeatUnit("02", 400)]


@pytest.fixture
def share(session: Session, register: RegisterState) -> Callable[..., SeatsAnswer]:
    """Share seats in the drawn register, whose communes have 10,000 people each."""

    def ask(method: str = "hamilton", seats: int = 4, **more: Any) -> SeatsAnswer:
        return apportion_register(session, register, SeatOrder(method, seats), day=DAY, **more)

    return ask


@pytest.mark.parametrize(
    ("asked", "seats"),
    [
        ({"level": "commune"}, {"A": 1, "B": 1, "C": 1, "D": 1}),
        ({"level": "daira"}, {"P": 1, "Q": 1, "R": 1}),
        ({"level": "commune", "within": "Y"}, {"C": 2, "D": 2}),
        ({"level": "commune", "within": "C"}, {"C": 4}),
    ],
)
def test_seats_go_by_the_people_of_a_level(share, asked, seats):
    answer = share(**asked)
    assert answer.found.by_code() == seats
    assert answer.status == ("tied" if answer.found.undecided else "decided")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, InvalidValue),
        ({"level": "county"}, UnknownLevel),
        ({"level": "commune", "within": "Z"}, DivisionNotFound),
        ({"level": "wilaya", "within": "C"}, Infeasible),
        ({"body": "majles"}, InvalidValue),
    ],
)
def test_what_cannot_be_asked_is_refused(share, asked, error):
    with pytest.raises(error):
        share(**asked)


def test_divisions_without_people_are_named(build, session: Session):
    empty = build()
    empty.add("E", "wilaya")
    with pytest.raises(InvalidValue) as caught:
        apportion_register(session, empty.register, SeatOrder("hamilton", 3), day=DAY, level="wilaya")
    assert dict(caught.value.params["reason"].params)["units"] == ["E"]


def test_body_gives_level_and_rule(build, session: Session):
    country = build("af")
    for code, people in (("AF01", 5_000_000), ("AF02", 700_000), ("AF03", 10_000)):
        country.add(code, "province", people=people)
    answer = apportion_register(session, country.register, SeatOrder(), day=DAY, body="wolesi_jirga")
    assert (answer.found.seats, answer.found.shared, answer.found.by_code()["AF03"]) == (249, 239, 2)


def test_wilayas_of_algeria(demo_session: Session):
    order = SeatOrder("hamilton", 407, floor=1)
    found = apportion_register(demo_session, get_register(demo_session, "dz"), order, day=DAY, level="wilaya").found
    assert (len(found.units), sum(found.by_code().values()), found.is_decided) == (69, 407, True)
    assert max(found.units, key=lambda unit: unit.seats).people == max(unit.people for unit in found.units)


@pytest.mark.parametrize(
    ("order", "total"),
    [(SeatOrder(), 249), (SeatOrder(seats=20), 20), (SeatOrder("dhondt"), 249), (SeatOrder(trigger=2), 249)],
)
def test_what_is_asked_goes_before_the_body(order, total):
    answer = apportion_units(UNITS, order, names={}, body=load_pack("af").body("wolesi_jirga"))
    assert answer.found.seats == total
    assert answer.found.method == (order.method or "article-49")


@pytest.mark.parametrize("order", [SeatOrder("dhondt"), SeatOrder(seats=5), SeatOrder(floor=1)])
def test_bands_leave_nothing_to_choose(order):
    with pytest.raises(InvalidValue):
        apportion_units(UNITS, order, names={}, body=load_pack("af").body("provincial_council"))


@pytest.mark.parametrize("order", [SeatOrder(), SeatOrder("hamilton"), SeatOrder(seats=4), SeatOrder("best", 4)])
def test_method_and_seats_are_needed_without_a_body(order):
    with pytest.raises(InvalidValue):
        apportion_units(UNITS, order, names={})


def test_answer_is_plain_with_exact_fractions():
    plain = apportion_units(UNITS, SeatOrder("hamilton", 7), names={"01": "کابل"}).to_json()
    assert plain["seats"] == {"01": 4, "02": 3}
    assert plain["rounds"][0]["lines"][0] | {} == {
        **{"code": "01", "population": 600, "quota": "4.2000", "exact": "21/5", "whole": 4},
        **{"remainder": "0.2000", "given": None, "seats": 4},
    }
