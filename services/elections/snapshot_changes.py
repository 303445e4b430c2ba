"""Tell what has been written since a moment, by the numbers of transactions that PostgreSQL keeps with every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, literal_column, select, union
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from services.tables import Table
from services.tables.access import AuditLog
from services.tables.ballots import StationNotice
from services.tables.elections import Branch, Catchment, Constituency, ConstituencyDivision, Station
from services.tables.register import Boundary, Code, Name, Standing

GROUND: tuple[type[Table], ...] = (Boundary, Standing, Code, Name)
"""Where it is told what divisions there are and where they lie."""

SITES: tuple[Any, ...] = (Station.id, Branch.station_id, Catchment.station_id, StationNotice.station_id)
"""Where it is told of stations what the public sees."""

SEATS: tuple[type[Table], ...] = (Constituency, ConstituencyDivision)
"""Where it is told which divisions make up a constituency."""


@dataclass(frozen=True)
class Moment:
    """Name a moment of the store."""

    entry: int
    """The last entry of the audit log, in which every write stands."""
    horizon: str
    """The first transaction that may not be over yet; all before it are seen."""


@dataclass(frozen=True)
class Changes:
    """Say what was written since a moment, or maybe shortly before it."""

    ground: bool
    """Whether divisions or boundaries were."""
    seats: bool
    """Whether constituencies were."""
    stations: tuple[int, ...]
    """The stations that were, by id."""

    def __bool__(self) -> bool:
        """Tell whether anything was."""
        return self.ground or self.seats or bool(self.stations)


def read_entry(session: Session) -> int:
    """Read the number of the last entry of the audit log, which is the cheapest sign of a write."""
    return session.scalar(select(func.max(AuditLog.id))) or 0


def read_moment(session: Session) -> Moment:
    """Read the present moment; what is loaded after it is at least as new."""
    horizon = session.scalar(select(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text)))
    return Moment(read_entry(session), horizon or "0")


def list_changes(session: Session, since: Moment) -> Changes:
    """List what was written since a moment; a row that was taken away is not told."""
    touched = union(*(select(column.label("station")).where(_is_new(column.class_, since)) for column in SITES))
    stations = set(session.scalars(touched))
    # what is said of a closed station may tell of the one to go to instead
    told = select(StationNotice.station_id).where(StationNotice.replacement_id == func.any(sorted(stations)))
    return Changes(
        ground=_has_new(session, GROUND, since),
        seats=_has_new(session, SEATS, since),
        stations=tuple(sorted(stations | set(session.scalars(told)))),
    )


def _has_new(session: Session, tables: Sequence[type[Table]], since: Moment) -> bool:
    return any(
        session.scalar(select(literal(1)).select_from(table).where(_is_new(table, since)).limit(1)) for table in tables
    )


def _is_new(table: type[Table], since: Moment) -> ColumnElement[bool]:
    """Say that a row was written by a transaction that was not over at a moment."""
    written: ColumnElement[str] = literal_column(f"{table.__tablename__}.xmin")
    horizon = cast(cast(literal(since.horizon), _Xid8), _Xid)
    return func.age(written) <= func.age(horizon)


class _Xid(UserDefinedType[str]):
    """Name the type of the transactions that rows keep."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401 - what SQLAlchemy hands over
        """Write the type."""
        return "xid"


class _Xid8(_Xid):
    """Name the type of the transactions that moments keep."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401
        """Write the type."""
        return "xid8"
