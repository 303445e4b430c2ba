"""Relate complaints to people and ground beside the councils in charge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from fixtures.civic import generate_councils
from fixtures.divisions import GeneratorDivision
from fixtures.letters import draw
from geo.civic.complaints import ComplaintStatus
from geo.errors import InvalidValue, UnknownLevel
from geo.register.periods import ALWAYS, Period
from services.civic.councils import record_councils
from services.civic.density import DensityAnswer, complaint_density, last_day
from services.queries import RegisterState

DAY = date(2026, 1, 1)
Complain = Callable[..., int]
Ask = Callable[..., DensityAnswer]


@pytest.fixture
def ask(session: Session, register: RegisterState) -> Ask:
    """Ask about the communes of the drawn register, with nothing hidden unless a threshold is given."""

    def measure(**asked: Any) -> DensityAnswer:
        question = {"level": "commune", "period": ALWAYS, "day": DAY, "threshold": 1} | asked
        return complaint_density(session, register, **question)

    return measure


def counts_of(answer: DensityAnswer) -> dict[str, int | None]:
    return {row.division.code: row.density.count for row in answer.rows}


def test_complaints_are_counted_where_their_point_lies(ask: Ask, complain: Complain) -> None:
    complain(3, at=(0.5, 0.5))
    complain(2, at=(3.5, 1.5), division="A")
    assert counts_of(ask()) == {"A": 3, "B": 0, "C": 0, "D": 2}


def test_complaint_without_point_counts_where_it_was_filed(ask: Ask, complain: Complain) -> None:
    complain(4, division="C")
    assert counts_of(ask())["C"] == 4


def test_complaint_filed_for_a_place_counts_in_the_division_above(ask: Ask, complain: Complain, country: Any) -> None:
    country.add("E", "commune", parent="R")
    complain(2, division="E")
    answer = ask(level="daira")
    assert counts_of(answer) == {"P": 0, "Q": 0, "R": 2}


@pytest.mark.parametrize(("at", "code"), [((1.0, 1.0), "A"), ((2.0, 0.0), "B"), ((3.0, 2.0), "C")])
def test_point_on_an_edge_counts_once_by_the_smallest_code(
    ask: Ask, complain: Complain, at: tuple[float, float], code: str
) -> None:
    complain(1, at=at)
    answer = ask()
    assert counts_of(answer) == dict.fromkeys("ABCD", 0) | {code: 1}
    assert (answer.total, answer.unplaced) == (1, 0)


def test_complaints_in_a_gap_are_unplaced_at_the_lower_level(ask: Ask, complain: Complain, country: Any) -> None:
    country.add("S", "daira", parent="Y", ground=draw("....S\n....S")["S"])
    complain(2, at=(4.5, 0.5))
    complain(1, at=(9.0, 9.0))
    assert (ask().unplaced, ask(level="daira").unplaced) == (3, 1)
    assert counts_of(ask(level="daira"))["S"] == 2


def test_every_complaint_is_counted_at_every_level(ask: Ask, complain: Complain) -> None:
    for x, number in enumerate((3, 1, 4, 2)):
        complain(number, at=(x + 0.5, 0.5))
    answers = [ask(level=level) for level in ("wilaya", "daira", "commune")]
    assert [sum(counts_of(answer).values()) for answer in answers] == [10, 10, 10]
    assert counts_of(answers[0]) == {"X": 4, "Y": 6}


@pytest.mark.parametrize(
    ("period", "count"),
    [
        (Period(None, date(2025, 6, 1)), 0),
        (Period(date(2025, 6, 1), date(2025, 6, 2)), 1),
        (Period(date(2025, 6, 2), None), 0),
    ],
)
def test_period_is_half_open(ask: Ask, complain: Complain, period: Period, count: int) -> None:
    complain(1, at=(0.5, 0.5), on=datetime(2025, 6, 1, 23, 59, tzinfo=UTC))
    assert ask(period=period).total == count


def test_category_is_counted_alone(ask: Ask, complain: Complain) -> None:
    complain(2, at=(0.5, 0.5), category="water")
    complain(3, at=(0.5, 0.5), category="roads")
    assert counts_of(ask(category="roads"))["A"] == 3


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"category": "weather"}, InvalidValue),
        ({"threshold": 0}, InvalidValue),
        ({"level": "ostan"}, UnknownLevel),
    ],
)
def test_useless_questions_are_refused(ask: Ask, asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(**asked)


def test_rates_by_people_and_ground(ask: Ask, complain: Complain) -> None:
    complain(30, at=(0.5, 0.5))
    density = ask().rows[0].density
    assert (density.per_1000, density.per_km2) == (3.0, 0.3)


def test_small_counts_are_hidden_by_the_threshold_of_the_pack(ask: Ask, complain: Complain) -> None:
    complain(4, at=(0.5, 0.5))
    complain(20, at=(1.5, 0.5))
    answer = ask(threshold=None)
    assert (answer.threshold, counts_of(answer)["A"], answer.rows[0].density.per_1000) == (5, None, None)
    assert counts_of(answer)["D"] == 0


def test_hidden_count_is_not_the_difference_to_the_level_above(ask: Ask, complain: Complain) -> None:
    complain(4, at=(0.5, 0.5))
    for x in (1.5, 2.5, 3.5):
        complain(20, at=(x, 0.5))
    hidden = [code for code, count in counts_of(ask(threshold=5)).items() if count is None]
    assert len(hidden) >= 2 and "A" in hidden


def test_hidden_unplaced_complaints(ask: Ask, complain: Complain) -> None:
    complain(2, at=(9.0, 9.0))
    complain(30, at=(0.5, 0.5))
    assert ask(threshold=5).unplaced is None


def test_answer_does_not_depend_on_the_question(ask: Ask, complain: Complain) -> None:
    for x, number in enumerate((4, 9, 6, 12)):
        complain(number, at=(x + 0.5, 0.5), category=("water", "roads")[x % 2])
    total = ask(threshold=5)
    by_category = [counts_of(ask(threshold=5, category=one)) for one in ("water", "roads")]
    shown = [counts_of(total)[code] for code in "ABCD"]
    parts = [tuple(one[code] for one in by_category) for code in "ABCD"]
    # with one category in each commune, a category shown beside a hidden total would tell the total
    assert all(None in pair for count, pair in zip(shown, parts, strict=True) if count is None)


def test_invented_complaints_are_not_counted_with_real_ones(ask: Ask, complain: Complain) -> None:
    complain(3, at=(0.5, 0.5), synthetic=True)
    assert (ask().total, ask().synthetic) == (3, True)
    complain(2, at=(0.5, 0.5), synthetic=False)
    assert (ask().total, ask().synthetic) == (2, False)


def test_divisions_stand_as_on_the_day(ask: Ask, complain: Complain, country: Any) -> None:
    country.add("O", "commune", parent="R", ground=draw("....O")["O"], valid=Range(None, date(2020, 1, 1)))
    complain(1, at=(4.5, 0.5))
    assert "O" not in counts_of(ask())
    assert counts_of(ask(day=date(2019, 1, 1)))["O"] == 1


def test_council_in_charge_is_the_own_or_the_nearest_above(
    session: Session, register: RegisterState, ask: Ask, operator: Any
) -> None:
    seats = [GeneratorDivision(code, code, draw("A")["A"], 100) for code in ("X", "B")]
    record_councils(session, register, generate_councils(seats, seed=1), caller=operator)
    councils = {row.division.code: row.council.code for row in ask().rows if row.council}
    assert councils == {"A": "council-X", "B": "council-B"}


def test_all_statuses_are_counted(ask: Ask, complain: Complain) -> None:
    for status in ComplaintStatus:
        complain(1, at=(0.5, 0.5), status=status)
    assert ask().total == len(ComplaintStatus)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (Period(None, date(2025, 1, 1)), date(2024, 12, 31)),
        (Period(None, date(2030, 1, 1)), DAY),
        (ALWAYS, DAY),
    ],
)
def test_last_day_of_a_period(period: Period, day: date) -> None:
    assert last_day(period, today=DAY) == day
