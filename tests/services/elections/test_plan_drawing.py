"""Draw plans over units with exceptions and bridges, under conditions, and only as many as somebody may wait for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from geo.districting import PlanRule
from geo.errors import AlreadyExists, Infeasible, InvalidValue, NotPermitted
from services.access.roles import ANONYMOUS, Caller
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_drawing import PlanWish
from services.elections.plan_edits import preview_edit
from services.elections.plan_orders import PlanOrder
from services.elections.plans import draw_asked
from services.elections.units import UnitWish
from services.queries import RegisterState

DAY = date(2026, 1, 1)
Ask = Callable[..., PlanAnswer]

WISH = PlanWish("wished", PlanOrder(PlanRule(2, 0.6)), UnitWish(level="wilaya"), seconds=0.1)


@pytest.fixture
def ask(session: Session, register: RegisterState, operator: Caller) -> Ask:
    """Draw two districts over the wilayas of the drawn country, unless told otherwise."""

    def put(*, caller: Caller = operator, **wanted: Any) -> PlanAnswer:
        return draw_asked(session, register, replace(WISH, **wanted), caller=caller, day=DAY)

    return put


def units_of(plan: PlanAnswer) -> str:
    return "".join(sorted(line.division.code for line in plan.units))


@pytest.mark.parametrize(
    ("units", "found"),
    [
        (UnitWish(level="wilaya", apart=("A",)), "ABY"),
        (UnitWish(level="wilaya", apart=("Q",)), "QRX"),
        (UnitWish(level="wilaya", apart=("A", "C")), "ABCR"),
        (UnitWish(level="wilaya", split=("Y",), apart=("A",)), "ABQR"),
        (UnitWish(level="wilaya", apart=("X",)), "XY"),
        (UnitWish(within="X", level="daira", apart=("B",)), "AB"),
    ],
)
def test_divisions_are_taken_out_of_their_unit(ask: Ask, units: UnitWish, found: str) -> None:
    order = PlanOrder(PlanRule(2, 1.0))
    assert units_of(ask(units=units, order=order)) == found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_left_of_a_unit_stays_together(session: Session, operator: Caller, build: Any, seed: int) -> None:
    wide = build()
    wide.draw("XXXY\nXXXY", "wilaya")
    wide.draw("ABC\nABC", "commune", parents={"A": "X", "B": "X", "C": "X"})
    units = UnitWish(level="wilaya", apart=("A",))
    wish = PlanWish("rest", PlanOrder(PlanRule(3, 1.0)), units, seed)
    plan = draw_asked(session, wide.register, wish, caller=operator, day=DAY)
    found = {line.division.code: line.district for line in plan.units}
    assert found["B"] == found["C"] and len(set(found.values())) == 3


@pytest.mark.parametrize(
    ("units", "field"),
    [
        (UnitWish(level="daira", apart=("X",)), "except"),
        (UnitWish(level="wilaya", apart=("nowhere",)), "except"),
        (UnitWish(level="commune", bridges=(("A", "nowhere"),)), "bridge"),
        (UnitWish(level="commune", bridges=(("A", "A"),)), "bridge"),
    ],
)
def test_units_without_meaning_are_refused(ask: Ask, units: UnitWish, field: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        ask(units=units)
    assert raised.value.params["field"] == field


def test_bridges_are_kept_with_the_plan(ask: Ask, session: Session, register: RegisterState) -> None:
    units = UnitWish(level="commune", bridges=(("A", "D"), ("A", "B")))
    kept = ask(units=units, order=PlanOrder(PlanRule(2, 0.1), pinned={"A": 1, "D": 1, "B": 2}))
    assert [(link.unit, link.to, link.is_declared) for link in kept.links] == [("A", "D", True)]
    assert preview_edit(session, register, "wished", {"B": 1, "A": 2, "D": 2, "C": 1}).can_be_kept


@pytest.mark.parametrize(
    "order",
    [
        PlanOrder(PlanRule(2, 0.6), keep_whole="daira"),
        PlanOrder(PlanRule(2, 0.6), level="daira", most_splits=0),
        PlanOrder(PlanRule(2, 0.6), pinned={"A": 1, "B": 1, "D": 2}, barred=(("C", 1),)),
    ],
)
def test_conditions_hold_in_a_register(ask: Ask, order: PlanOrder) -> None:
    found = {line.division.code: line.district for line in ask(units=UnitWish(level="commune"), order=order).units}
    assert found["A"] == found["B"]


@pytest.mark.parametrize("name", ["", " ", "a\0", "x" * 201])
def test_names_without_meaning_are_refused(ask: Ask, name: str) -> None:
    with pytest.raises(InvalidValue):
        ask(name=name)


def test_too_many_units_are_not_waited_for(ask: Ask) -> None:
    with pytest.raises(Infeasible) as raised:
        ask(units=UnitWish(level="commune"), most_units=3)
    assert raised.value.params["reason"].key == "too_many_to_try"  # type: ignore[attr-defined]


def test_what_is_taken_or_not_permitted_is_refused_before_the_search(ask: Ask) -> None:
    ask()
    with pytest.raises(AlreadyExists):
        ask(seconds=1e6)
    with pytest.raises(NotPermitted):
        ask(caller=ANONYMOUS, seconds=1e6)
