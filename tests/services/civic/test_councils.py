"""Record councils and show them beside their complaints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.civic.complaints import ComplaintStatus
from geo.civic.councils import Council, Member
from geo.errors import DivisionNotFound, InvalidValue, NotPermitted
from geo.register.periods import ALWAYS, Period
from services.access.roles import ANONYMOUS
from services.civic.councils import CouncilAnswer, council_of, record_councils
from services.queries import RegisterState
from services.tables.civic import Membership

DAY = date(2023, 1, 1)
TERM = Period(date(2021, 8, 4), date(2026, 8, 4))
MIDDLE = date(2024, 2, 2)
COUNCIL = Council("k", "شورای آ", "A", 3, (Member("زهرا", "chair", TERM), Member("رضا", "member", TERM)), TERM, True)


@pytest.fixture
def record(session: Session, register: RegisterState, operator: Any) -> Callable[..., int]:
    """Record councils in the drawn register."""
    return lambda *councils: record_councils(session, register, councils, caller=operator)


@pytest.fixture
def ask(session: Session, register: RegisterState) -> Callable[..., CouncilAnswer]:
    """Ask for the council of a division, with nothing hidden unless a threshold is given."""

    def show(code: str = "A", *, day: date = DAY, threshold: int | None = 1) -> CouncilAnswer:
        return council_of(session, register, code, period=ALWAYS, day=day, threshold=threshold)

    return show


def test_council_of_a_division(record: Callable[..., int], ask: Callable[..., CouncilAnswer]) -> None:
    assert record(COUNCIL) == 1
    council = ask().council
    assert (council.code, council.name, council.seats) == ("k", "شورای آ", 3)
    assert [(line.seat, line.person) for line in council.members] == [(1, "زهرا"), (2, "رضا")]


@pytest.mark.parametrize(("day", "person"), [(DAY, "رضا"), (MIDDLE, "مینا"), (date(2026, 8, 4), None)])
def test_successor_takes_the_same_seat(
    record: Callable[..., int], ask: Callable[..., CouncilAnswer], day: date, person: str | None
) -> None:
    first = Member("رضا", "member", Period(TERM.start, MIDDLE))
    record(replace(COUNCIL, members=(COUNCIL.members[0], first, Member("مینا", "member", Period(MIDDLE, TERM.end)))))
    seats = {line.seat: line.person for line in ask(day=day).council.members}
    assert seats.get(2) == person


def test_same_code_replaces_the_council(
    session: Session, record: Callable[..., int], ask: Callable[..., CouncilAnswer]
) -> None:
    record(COUNCIL)
    record(replace(COUNCIL, name="شورای ب", members=()))
    assert ask().council.name == "شورای ب"
    assert session.scalars(select(Membership.id)).all() == []


def test_sitting_council_is_shown_before_a_former_one(
    record: Callable[..., int], ask: Callable[..., CouncilAnswer]
) -> None:
    former = Period(date(2017, 8, 4), TERM.start)
    record(replace(COUNCIL, code="a-former", members=(Member("علی", "chair", former),), term=former), COUNCIL)
    assert ask().council.code == "k"


@pytest.mark.parametrize(
    ("council", "error"),
    [(replace(COUNCIL, seats=0), InvalidValue), (replace(COUNCIL, division_code="nowhere"), DivisionNotFound)],
)
def test_bad_councils_are_refused(record: Callable[..., int], council: Council, error: type[Exception]) -> None:
    with pytest.raises(error):
        record(council)


def test_public_may_not_record(session: Session, register: RegisterState) -> None:
    with pytest.raises(NotPermitted):
        record_councils(session, register, [COUNCIL], caller=ANONYMOUS)


def test_complaints_by_status_and_category(ask: Callable[..., CouncilAnswer], complain: Callable[..., int]) -> None:
    complain(2, at=(0.5, 0.5))
    complain(3, at=(0.5, 0.5), status=ComplaintStatus.REJECTED, category="roads")
    answer = ask()
    assert answer.complaints == 5
    assert answer.by_status == {"received": 2, "referred": 0, "answered": 0, "closed": 0, "rejected": 3}
    assert (answer.by_category["water"], answer.by_category["roads"], answer.by_category["waste"]) == (2, 3, 0)


def test_small_counts_are_hidden(ask: Callable[..., CouncilAnswer], complain: Callable[..., int]) -> None:
    complain(2, at=(0.5, 0.5))
    complain(30, at=(0.5, 0.5), status=ComplaintStatus.CLOSED)
    complain(30, at=(1.5, 0.5))
    answer = ask(threshold=None)
    assert answer.by_status["received"] is None
    assert list(answer.by_status.values()).count(None) >= 2 or answer.complaints is None


def test_unknown_division(ask: Callable[..., CouncilAnswer]) -> None:
    with pytest.raises(DivisionNotFound):
        ask("nowhere")


def test_places_have_no_complaints_of_their_own(session: Session, build: Any) -> None:
    drawn = build("ir")
    drawn.add("1601010001000001", "village")
    with pytest.raises(InvalidValue):
        council_of(session, drawn.register, "1601010001000001", period=ALWAYS, day=DAY)
