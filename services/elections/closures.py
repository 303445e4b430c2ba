"""Say which stations are closed or have moved, as told by the latest notice of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from services.tables.ballots import StationNotice
from services.tables.elections import Station


class Status(StrEnum):
    """Say whether a station can be gone to."""

    OPEN = "open"
    """It is where and when it was announced."""
    CLOSED = "closed"
    """Nobody can vote there."""
    MOVED = "moved"
    """Its branches are at another station."""


@dataclass(frozen=True)
class Notice:
    """Hold what was told of a station."""

    id: int
    """Its key; a later notice says which one it follows."""
    status: Status
    """Whether the station can be gone to."""
    reason: str
    """Why, for voters."""
    replacement: str | None
    """The station to go to instead, by code."""
    actor: str
    """Who gave it."""
    given_at: datetime
    """When."""


MOST_CLOSED = 20
"""So many stations that cannot be gone to are passed over in search of open ones."""


def reach_open(statuses: Sequence[str], count: int) -> int:
    """Say how many of the nearest stations are shown: up to the last open one that is wanted, the closed ones between.

    Where too few are open, those that are reached are shown all the same.
    """
    within = statuses[: MOST_CLOSED + count]
    is_open = [place for place, status in enumerate(within) if status == Status.OPEN]
    return is_open[count - 1] + 1 if len(is_open) >= count else len(within)


def load_notices(session: Session, stations: Iterable[int]) -> dict[int, Notice]:
    """Load the latest notice of each of some stations that ever had one."""
    rows = session.execute(
        select_notices()
        .where(StationNotice.station_id == func.any(sorted(set(stations))))
        .ext(distinct_on(StationNotice.station_id))
        .order_by(StationNotice.station_id, StationNotice.id.desc())
    )
    return {row.station_id: to_notice(row, code) for row, code in rows}


def select_notices() -> Select[StationNotice, str]:
    """Select notices, each with the code of the station to go to instead."""
    replacement = aliased(Station)
    both = select(StationNotice, replacement.code)
    return both.join(replacement, replacement.id == StationNotice.replacement_id, isouter=True)


def to_notice(row: StationNotice, replacement: str | None) -> Notice:
    """Read a row of `select_notices`."""
    return Notice(row.id, Status(row.status), row.reason, replacement, row.actor, row.given_at)
