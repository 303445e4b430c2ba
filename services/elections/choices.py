"""Choose the stations of a chain of divisions: those of a catchment, else of a constituency, else of a division."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.elections.answers import Basis, ChainLink, ConstituencyLine
from services.queries import RegisterState, holds_on
from services.tables.elections import Catchment, Constituency, ConstituencyDivision, Station
from services.tables.register import Standing


@dataclass(frozen=True)
class Choice:
    """Name the stations that were chosen and why."""

    basis: Basis
    """Why they were chosen."""
    stations: Select[Any]
    """Selects the ids of the stations."""
    division_id: int | None = None
    """The division of the chain they belong to; None for a constituency."""


def choose_stations(
    session: Session, register: RegisterState, chain: Sequence[ChainLink], *, day: date
) -> Choice | None:
    """Choose the stations by the first rule that gives any."""
    rules = (_try_catchments(chain), _try_constituencies(register, chain, day), _try_divisions(register, chain, day))
    choices = (choice for rule in rules for choice in rule)
    return next((choice for choice in choices if _has_stations(session, choice)), None)


def _has_stations(session: Session, choice: Choice) -> bool:
    return session.scalar(choice.stations.limit(1)) is not None


def _list_ids(chain: Sequence[ChainLink]) -> list[int]:
    """List the divisions of the chain, the lowest first."""
    return [link.division.id for link in reversed(chain)]


def _try_catchments(chain: Sequence[ChainLink]) -> Iterator[Choice]:
    for division in _list_ids(chain):
        served = select(Catchment.station_id).where(Catchment.division_id == division)
        yield Choice(Basis.CATCHMENT, served, division)


def _try_constituencies(register: RegisterState, chain: Sequence[ChainLink], day: date) -> Iterator[Choice]:
    """Take the constituencies that hold any division of the chain, and with it the lowest."""
    own = select(ConstituencyDivision.constituency_id).where(
        ConstituencyDivision.division_id == func.any(_list_ids(chain))
    )
    members = select(ConstituencyDivision.division_id).where(ConstituencyDivision.constituency_id.in_(own))
    yield Choice(Basis.CONSTITUENCY, _select_below(register, members, day))


def _try_divisions(register: RegisterState, chain: Sequence[ChainLink], day: date) -> Iterator[Choice]:
    for division in _list_ids(chain):
        itself = select(Standing.division_id).where(Standing.division_id == division)
        yield Choice(Basis.DIVISION, _select_below(register, itself, day), division)


def _select_below(register: RegisterState, divisions: Select[Any], day: date) -> Select[Any]:
    """Select the stations that stand in some divisions or anything below them."""
    first = select(Standing.division_id).where(Standing.division_id.in_(divisions), holds_on(Standing, day))
    below = first.cte("below", recursive=True)
    children = select(Standing.division_id).where(Standing.parent_id == below.c.division_id, holds_on(Standing, day))
    held = select(below.union(children).c.division_id)
    return select(Station.id).where(Station.register_id == register.id, Station.division_id.in_(held))


def list_constituencies(session: Session, chain: Sequence[ChainLink]) -> tuple[ConstituencyLine, ...]:
    """List the constituencies that hold the lowest division of the chain, or one above it."""
    rows = session.execute(
        select(Constituency.body, Constituency.code, Constituency.name, Constituency.seats)
        .join(ConstituencyDivision, ConstituencyDivision.constituency_id == Constituency.id)
        .where(ConstituencyDivision.division_id == func.any(_list_ids(chain)))
        .distinct()
        .order_by(Constituency.body, Constituency.code)
    )
    return tuple(ConstituencyLine(*row) for row in rows)
