"""Draw, keep and show district plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.errors import (
    AlreadyExists,
    DivisionNotFound,
    Infeasible,
    InvalidValue,
    NotPermitted,
    PlanNotFound,
    UnknownLevel,
)
from services.access.roles import ANONYMOUS, Caller, RoleGrant
from services.elections.plan_answers import PlanAnswer
from services.elections.plans import draw_plan, get_plan, list_plans
from services.queries import RegisterState
from services.tables.access import AuditLog
from services.tables.register import Population

DAY = date(2026, 1, 1)
Draw = Callable[..., PlanAnswer]


@pytest.fixture
def draw_one(session: Session, register: RegisterState, operator: Caller) -> Draw:
    """Draw a plan in the drawn register, of two districts unless told otherwise."""

    def put(**wanted: Any) -> PlanAnswer:
        order = {"districts": 2, "tolerance": 0.1, "seed": 1, "name": "one", "caller": operator, "day": DAY}
        return draw_plan(session, register, **(order | wanted))

    return put


def units_of(plan: PlanAnswer) -> dict[str, int]:
    return {line.division.code: line.district for line in plan.units}


def test_plan_of_the_whole_register(draw_one: Draw) -> None:
    plan = draw_one()
    assert units_of(plan) == {"A": 1, "B": 1, "C": 2, "D": 2}
    assert [(line.units, line.people, line.deviation) for line in plan.districts] == [(2, 20_000, 0.0)] * 2
    assert (plan.unit_level, plan.within, plan.cut_edges) == ("commune", None, 1)


@pytest.mark.parametrize(
    ("within", "level", "units"),
    [("X", None, {"A", "B"}), ("X", "commune", {"A", "B"}), ("Y", "daira", {"Q", "R"}), (None, "wilaya", {"X", "Y"})],
)
def test_units_inside_a_division(draw_one: Draw, within: str | None, level: str | None, units: set[str]) -> None:
    plan = draw_one(within=within, unit_level=level)
    assert set(units_of(plan)) == units
    assert (plan.within.code if plan.within else None) == within


def test_kept_plan_is_shown_again(session: Session, register: RegisterState, draw_one: Draw) -> None:
    plan = draw_one()
    assert get_plan(session, register, "one") == plan


def test_kept_plan_keeps_the_people_it_was_drawn_with(
    session: Session, register: RegisterState, draw_one: Draw
) -> None:
    draw_one()
    session.execute(update(Population).values(people=1))
    assert {line.division.people for line in get_plan(session, register, "one").units} == {10_000}


def test_plans_are_listed_by_name(session: Session, register: RegisterState, draw_one: Draw) -> None:
    draw_one(name="second")
    draw_one(name="first", seed=2)
    assert [(plan.name, plan.seed) for plan in list_plans(session, register)] == [("first", 2), ("second", 1)]


def test_units_without_figure_are_named_and_count_as_empty(draw_one: Draw, country: Any) -> None:
    country.add("E", "commune", parent="R", ground=draw("....E\n....E")["E"])
    plan = draw_one()
    assert plan.uncounted == ("E",)
    assert {line.division.code: line.division.people for line in plan.units}["E"] is None


def test_island_is_linked_and_the_link_is_told(draw_one: Draw, country: Any) -> None:
    country.add("I", "commune", parent="R", ground=draw(".....I\n.....I")["I"], people=100)
    plan = draw_one()
    assert [(link.unit, link.to) for link in plan.links] in ([("I", "D")], [("D", "I")])
    assert units_of(plan)["I"] == units_of(plan)["D"]


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        pytest.param({"within": "nowhere"}, DivisionNotFound, id="unknown division"),
        pytest.param({"unit_level": "ostan"}, UnknownLevel, id="unknown level"),
        pytest.param({"districts": 3, "tolerance": 0.05}, Infeasible, id="four equal units in three"),
        pytest.param({"within": "A", "unit_level": "daira"}, Infeasible, id="no units"),
        pytest.param({"seed": -1}, InvalidValue, id="negative seed"),
        pytest.param({"seed": 2**31}, InvalidValue, id="seed too large to keep"),
        pytest.param({"tolerance": 2.0}, InvalidValue, id="tolerance over one"),
        pytest.param({"caller": ANONYMOUS}, NotPermitted, id="public"),
    ],
)
def test_nothing_is_kept_of_a_plan_that_is_refused(
    session: Session, register: RegisterState, draw_one: Draw, wanted: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        draw_one(**wanted)
    assert list_plans(session, register) == ()


def test_officer_of_one_division_draws_there_and_nowhere_else(
    register: RegisterState, draw_one: Draw, country: Any
) -> None:
    officer = Caller(1, "officer", (RoleGrant("election_officer", register.id, country.ids["X"]),))
    assert draw_one(within="X", caller=officer).actor == "officer"
    with pytest.raises(NotPermitted):
        draw_one(within="Y", caller=officer, name="other")


def test_name_is_taken_once(draw_one: Draw) -> None:
    draw_one()
    with pytest.raises(AlreadyExists):
        draw_one()


def test_unknown_plan(session: Session, register: RegisterState) -> None:
    with pytest.raises(PlanNotFound):
        get_plan(session, register, "none")


def test_drawing_is_logged(session: Session, draw_one: Draw) -> None:
    draw_one(within="X")
    logged = session.scalars(select(AuditLog.detail)).one()
    assert (logged["name"], logged["within"], logged["units"]) == ("one", "X", 2)
