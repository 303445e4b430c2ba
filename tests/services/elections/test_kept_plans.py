"""Study, compare, edit, exchange and publish kept plans."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import AlreadyExists, Infeasible, InvalidValue, NotPermitted, PlanNotFound
from services.access.roles import ANONYMOUS, Caller
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_edits import edit_plan, preview_edit
from services.elections.plan_exchange import export_plan, import_plan
from services.elections.plan_publishing import publish_plan
from services.elections.plan_studies import PlanPoint, compare_kept, study_plan
from services.elections.plans import draw_plan, get_plan, list_plans
from services.queries import RegisterState
from services.tables.elections import ConstituencyDivision
from services.tables.register import Boundary, Standing

DAY = date(2026, 1, 1)
Act = Callable[..., Any]


@pytest.fixture
def plan(session: Session, register: RegisterState, operator: Caller) -> PlanAnswer:
    """Draw two districts over the four communes in a row: A and B, C and D."""
    return draw_plan(
        session,
        register,
        districts=2,
        tolerance=0.1,
        seed=1,
        name="one",
        caller=operator,
        unit_level="commune",
        day=DAY,
    )


@pytest.fixture
def take_in(session: Session, register: RegisterState, operator: Caller) -> Act:
    """Give a way to import a plan."""

    def take(assignment: dict[str, int], **wanted: Any) -> PlanAnswer:
        order = {"name": "in", "caller": operator, "day": DAY}
        return import_plan(session, register, assignment, **(order | wanted))

    return take


def test_a_study_measures_shapes_and_splits(session: Session, register: RegisterState, plan: PlanAnswer) -> None:
    study = study_plan(session, register, "one")
    splits = {level.level: (level.split, level.pieces) for level in study.splits}
    assert splits == {"wilaya": (0, 2), "daira": (0, 3)}
    assert (study.measures["cut_edges"], study.broken, len(study.shapes)) == (1, (), 2)
    assert all(0 < shape.reock <= 1 for shape in study.shapes)


def test_a_study_places_a_plan_among_neutral_ones(session: Session, register: RegisterState, plan: PlanAnswer) -> None:
    standings = study_plan(session, register, "one", neutral=20).standings
    assert {one.measure for one in standings} >= {"deviation", "cut_edges", "split_daira"}
    assert {one.plans for one in standings} == {20}


@pytest.mark.parametrize("neutral", [-1, 10_001])
def test_too_many_neutral_plans_are_refused(session: Session, register: RegisterState, neutral: int) -> None:
    with pytest.raises(InvalidValue):
        study_plan(session, register, "one", neutral=neutral)


def test_an_edit_is_previewed_and_kept_nowhere(session: Session, register: RegisterState, plan: PlanAnswer) -> None:
    found = preview_edit(session, register, "one", {"B": 2})
    assert (found.units_moved, found.people_moved, found.can_be_kept) == (1, 10_000, True)
    assert [broken.kind for broken in found.broken] == ["deviation", "deviation"]
    assert get_plan(session, register, "one") == plan


@pytest.mark.parametrize(
    ("moves", "reason"), [({"A": 2}, "edit_leaves_pieces"), ({"C": 1, "D": 1}, "edit_leaves_empty")]
)
def test_edits_that_break_a_district_are_not_kept(
    session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller, moves: dict[str, int], reason: str
) -> None:
    assert not preview_edit(session, register, "one", moves).can_be_kept
    with pytest.raises(Infeasible) as raised:
        edit_plan(session, register, "one", moves, caller=operator)
    assert raised.value.params["reason"].key == reason  # type: ignore[attr-defined]


def test_an_edit_makes_a_version(session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller) -> None:
    edited = edit_plan(session, register, "one", {"B": 2}, caller=operator)
    assert (edited.version, edited.origin, edited.deviation) == (2, "edited", 0.5)
    assert get_plan(session, register, "one", 1) == plan
    assert [summary.version for summary in list_plans(session, register)] == [2]


@pytest.mark.parametrize("moves", [{}, {"Z": 1}, {"A": 3}])
def test_edits_without_meaning_are_refused(
    session: Session, register: RegisterState, plan: PlanAnswer, moves: dict[str, int]
) -> None:
    with pytest.raises(InvalidValue):
        preview_edit(session, register, "one", moves)


def test_versions_are_compared(session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller) -> None:
    edit_plan(session, register, "one", {"B": 2}, caller=operator)
    found = compare_kept(session, register, PlanPoint("one", 1), PlanPoint("one"))
    assert (found.comparison.people_moved, found.measures["deviation"]) == (10_000, (0.0, 0.5))


def test_plans_of_other_units_are_not_compared(
    session: Session, register: RegisterState, plan: PlanAnswer, take_in: Act
) -> None:
    take_in({"X": 1, "Y": 2})
    with pytest.raises(InvalidValue):
        compare_kept(session, register, PlanPoint("one"), PlanPoint("in"))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "geojson"])
def test_plans_are_given_out_with_their_codes(
    session: Session, register: RegisterState, plan: PlanAnswer, kind: str
) -> None:
    text = export_plan(session, register, "one", kind)
    assert all(f'"{code}"' in text for code in "ABCD")
    assert kind != "geojson" or json.loads(text)["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_what_is_unknown_is_not_given_out(session: Session, register: RegisterState, plan: PlanAnswer) -> None:
    with pytest.raises(InvalidValue):
        export_plan(session, register, "one", "xlsx")
    for name, version in (("two", None), ("one", 2), ("a\0b", None)):
        with pytest.raises(PlanNotFound):
            export_plan(session, register, name, "csv", version=version)


@pytest.mark.parametrize(
    ("assignment", "levels"),
    [({"A": 1, "B": 1, "Q": 2, "D": 2}, "daira+commune"), ({"X": 1, "C": 2, "D": 2}, "wilaya+commune")],
)
def test_units_of_several_levels_are_taken_in(take_in: Act, assignment: dict[str, int], levels: str) -> None:
    kept = take_in(assignment)
    assert {line.division.code: line.district for line in kept.units} == assignment
    assert (kept.unit_level, kept.origin, kept.version) == (levels, "imported", 1)


@pytest.mark.parametrize(
    ("assignment", "units"),
    [
        ({"X": 1, "A": 2, "Y": 2}, {"A": 2, "B": 1, "Y": 2}),
        ({"X": 1, "Y": 2, "Q": 1}, {"X": 1, "Q": 1, "R": 2}),
        ({"X": 1, "P": 2, "A": 1, "Y": 2}, {"A": 1, "B": 2, "Y": 2}),
    ],
)
def test_units_in_units_are_exceptions(take_in: Act, assignment: dict[str, int], units: dict[str, int]) -> None:
    kept = take_in(assignment)
    assert {line.division.code: line.district for line in kept.units} == units


def test_a_plan_taken_in_again_gets_a_version(take_in: Act) -> None:
    take_in({"X": 1, "Y": 2})
    assert take_in({"X": 2, "Y": 1}).version == 2


def test_names_of_drawn_plans_are_not_taken(plan: PlanAnswer, take_in: Act) -> None:
    with pytest.raises(AlreadyExists):
        take_in({"X": 1, "Y": 2}, name="one")


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ({"X": 1, "Z": 2}, "plan_code_unknown"),
        ({"X": 1, "0C": 2}, "plan_code_lost_zeros"),
        ({"X": 1, "P": 2, "Y": 3, "Q": 2, "R": 2}, "district_without_units"),
        ({"X": 1, "Y": 3}, "outside_range"),
        ({"X": 1, "a\0": 2}, "graph_code"),
        ({}, "outside_range"),
    ],
)
def test_what_cannot_be_taken_in_is_named(take_in: Act, assignment: dict[str, int], reason: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        take_in(assignment)
    assert raised.value.params["reason"].key == reason  # type: ignore[attr-defined]


def test_units_of_another_day_are_refused(session: Session, take_in: Act, country: Any) -> None:
    for table in (Standing, Boundary):
        session.execute(
            update(table).where(table.division_id == country.ids["D"]).values(valid=Range(date(2027, 1, 1), None))
        )
    from services.tables.register import Code

    session.execute(update(Code).where(Code.code == "D").values(valid=Range(date(2027, 1, 1), None)))
    with pytest.raises(InvalidValue) as raised:
        take_in({"X": 1, "D": 2})
    assert raised.value.params["reason"].key == "plan_code_other_day"  # type: ignore[attr-defined]


def test_seats_weigh_a_plan(take_in: Act) -> None:
    kept = take_in({"A": 1, "B": 2, "C": 2, "D": 2}, seats=(1, 3))
    assert [(line.seats, line.deviation) for line in kept.districts] == [(1, 0.0), (3, 0.0)]


def test_districts_become_constituencies(
    session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller
) -> None:
    found = publish_plan(session, register, "one", body="council", caller=operator, names={1: "غرب"})
    assert [(line.code, line.name, line.seats) for line in found] == [("001", "غرب", 1), ("002", "one 2", 1)]
    held = session.scalar(select(func.count()).select_from(ConstituencyDivision))
    assert held == 4


def test_constituencies_give_way_only_when_told(
    session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller
) -> None:
    for _ in range(2):
        publish_plan(session, register, "one", body="council", caller=operator, replace=True)
    with pytest.raises(AlreadyExists):
        publish_plan(session, register, "one", body="council", caller=operator)


@pytest.mark.parametrize("names", [{3: "x"}, {1: " "}, {1: "a\0"}])
def test_names_without_meaning_are_refused(
    session: Session, register: RegisterState, plan: PlanAnswer, operator: Caller, names: dict[int, str]
) -> None:
    with pytest.raises(InvalidValue):
        publish_plan(session, register, "one", body="council", caller=operator, names=names)


def test_who_may_not_write_does_not(session: Session, register: RegisterState, plan: PlanAnswer, take_in: Act) -> None:
    with pytest.raises(NotPermitted):
        edit_plan(session, register, "one", {"B": 2}, caller=ANONYMOUS)
    with pytest.raises(NotPermitted):
        publish_plan(session, register, "one", body="council", caller=ANONYMOUS)
    with pytest.raises(NotPermitted):
        take_in({"X": 1, "Y": 2}, caller=ANONYMOUS)


def test_later_divisions_do_not_move_a_plan(
    session: Session, register: RegisterState, plan: PlanAnswer, country: Any
) -> None:
    before = study_plan(session, register, "one").measures
    own = Boundary.division_id == country.ids["A"]
    session.execute(update(Boundary).where(own).values(valid=Range(None, date(2026, 6, 1))))
    session.execute(
        update(Standing).where(Standing.division_id == country.ids["A"]).values(valid=Range(None, date(2026, 6, 1)))
    )
    assert study_plan(session, register, "one").measures == before


@pytest.mark.parametrize(
    ("wanted", "units"),
    [({"unit_level": "wilaya", "split": ("X",)}, "PY"), ({"unit_level": "daira", "split": ("P",)}, "ABQR")],
)
def test_units_give_way_to_those_below(
    session: Session, register: RegisterState, operator: Caller, wanted: dict[str, Any], units: str
) -> None:
    order = {"districts": 2, "tolerance": 0.5, "seed": 1, "name": "mixed", "caller": operator, "day": DAY}
    found = draw_plan(session, register, **(order | wanted))
    assert "".join(sorted(line.division.code for line in found.units)) == units


@pytest.mark.parametrize("code", ["Z", "A"])
def test_units_that_cannot_give_way_are_refused(
    session: Session, register: RegisterState, operator: Caller, code: str
) -> None:
    order = {"districts": 2, "tolerance": 0.5, "seed": 1, "name": "mixed", "caller": operator, "day": DAY}
    with pytest.raises(InvalidValue):
        draw_plan(session, register, unit_level="commune", split=(code,), **order)


def test_plans_of_several_seats_are_searched(session: Session, register: RegisterState, operator: Caller) -> None:
    order = {"districts": 2, "tolerance": 0.0, "seed": 1, "name": "seats", "caller": operator, "day": DAY}
    found = draw_plan(
        session, register, unit_level="commune", seats=(1, 3), objective="deviation", seconds=0.1, **order
    )
    assert (found.origin, [line.units for line in found.districts]) == ("searched", [1, 3])
