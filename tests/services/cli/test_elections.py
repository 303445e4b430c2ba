"""Test that the finder and the plans are commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import AlreadyExists, DivisionNotFound, Infeasible, InvalidValue
from services.queries import RegisterState


@pytest.fixture
def find(read_json: Callable[..., Any], register: RegisterState) -> Callable[..., Any]:
    """Ask the finder of the drawn register."""
    return lambda *asked: read_json("find", "--register", register.name, *asked)


@pytest.mark.parametrize("asked", [("--code", "A"), ("--name", "A")])
def test_find_gives_the_chain_from_the_top(find: Callable[..., Any], asked):
    chain = [link["division"]["code"] for link in find(*asked, "--level", "commune")["chain"]]
    assert chain == ["X", "P", "A"]


@pytest.mark.parametrize("asked", [(), ("--code", "A", "--name", "A"), ("--lon", "1")])
def test_find_wants_one_question(run_in_store: Callable[..., Result], register: RegisterState, asked):
    with pytest.raises(InvalidValue):
        run_in_store("find", "--register", register.name, *asked)


def test_find_of_a_code_that_is_not_there_is_refused(run_in_store: Callable[..., Result], register: RegisterState):
    with pytest.raises(DivisionNotFound):
        run_in_store("find", "--register", register.name, "--code", "9999")


def test_find_prints_the_chain_for_people(run_in_store: Callable[..., Result], register: RegisterState):
    shown = run_in_store("find", "--register", register.name, "--code", "A", "--level", "commune").stdout
    assert "X › P › A" in shown


@pytest.fixture
def draw(read_json: Callable[..., Any], register: RegisterState) -> Callable[..., Any]:
    """Draw two districts in the wilaya Y, which has two communes."""
    return lambda *more: read_json("plan", "draw", "Y", "-k", "2", "--register", register.name, *more)


def test_plan_divides_its_units(draw: Callable[..., Any]):
    plan = draw("--name", "halves")
    assert [district["units"] for district in plan["districts"]] == [1, 1]


def test_plan_gets_a_name_of_its_own(draw: Callable[..., Any]):
    assert draw("--seed", "3")["name"] == "Y-2-3"


def test_plan_is_not_drawn_over_another(draw: Callable[..., Any]):
    draw("--name", "halves")
    with pytest.raises(AlreadyExists):
        draw("--name", "halves")


def test_plan_with_more_districts_than_units_has_no_answer(run_in_store, register: RegisterState):
    with pytest.raises(Infeasible):
        run_in_store("plan", "draw", "Y", "-k", "5", "--register", register.name)


def test_plan_is_a_table_for_people(run_in_store: Callable[..., Result], register: RegisterState):
    result = run_in_store("plan", "draw", "Y", "-k", "2", "--register", register.name, "--name", "halves")
    assert result.exit_code == 0 and "halves" in result.stdout
