"""List the councils of a register with who sits in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, literal, select
from sqlalchemy.orm import Session

from services.queries import RegisterState
from services.tables.civic import Council, Membership


@dataclass(frozen=True)
class SeatLine:
    """Name who holds a seat."""

    seat: int
    """The number of the seat."""
    person: str
    """Who holds it."""
    role: str | None = None
    """The post the person fills: `chair`, `deputy`, `secretary` or `member`."""


@dataclass(frozen=True)
class CouncilLine:
    """Describe a council on one day."""

    code: str
    """The code of the council."""
    name: str
    """Its official name."""
    division_id: int
    """The division it is elected for."""
    seats: int
    """How many members the law gives it."""
    members: tuple[SeatLine, ...]
    """Who sits on the day, by seat; fewer than the seats where some are vacant."""
    synthetic: bool
    """True for an invented record."""


def find_council(session: Session, register: RegisterState, division: int, *, day: date) -> CouncilLine | None:
    """Find the council of one division."""
    own = and_(Council.register_id == register.id, Council.division_id == division)
    return _list_chosen(session, own, day).get(division)


def list_councils(session: Session, register: RegisterState, day: date) -> dict[int, CouncilLine]:
    """List for each division the council whose members sit on `day`; of several, the fullest."""
    return _list_chosen(session, Council.register_id == register.id, day)


def _list_chosen(session: Session, condition: ColumnElement[bool], day: date) -> dict[int, CouncilLine]:
    members: dict[int, list[SeatLine]] = defaultdict(list)
    for council, seat, person, role in session.execute(
        select(Membership.council_id, Membership.seat, Membership.person, Membership.role)
        .join(Council, Council.id == Membership.council_id)
        .where(condition, Membership.term.contains(literal(day)))
        .order_by(Membership.council_id, Membership.seat, Membership.person)
    ):
        members[council].append(SeatLine(seat, person, role))
    rows = session.scalars(select(Council).where(condition).order_by(Council.code)).all()
    lines: dict[int, CouncilLine] = {}
    for row in sorted(rows, key=lambda council: -len(members[council.id])):
        line = CouncilLine(row.code, row.name, row.division_id, row.seats, tuple(members[row.id]), row.synthetic)
        lines.setdefault(row.division_id, line)
    return lines
