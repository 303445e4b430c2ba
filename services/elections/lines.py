"""List the chosen stations as the public may see them: near ones first, hidden ones without a trace of where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyproj import Geod
from shapely import Point
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Sex, Visibility
from services.elections.answers import BranchLine, StationLine
from services.elections.chains import to_sql
from services.elections.choices import Choice
from services.elections.closures import MOST_CLOSED, Notice, Status, load_notices, reach_open
from services.tables.elections import Branch, Station

ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Wish:
    """Hold how the caller wants the answer."""

    day: date
    """The day it should hold on."""
    count: int
    """How many stations at most."""
    sex: Sex
    """Whose branches to list; any for all."""


def list_lines(
    session: Session, choice: Choice, *, place: Point | None, wish: Wish
) -> tuple[tuple[StationLine, ...], int]:
    """List the nearest stations with branches for the voter, and count those that may not be shown.

    Stations known by name only are listed by code after the public ones: even their order would tell where they are.
    """
    fitting = Station.id.in_(choice.stations), _admits(wish.sex)
    ranked = session.execute(_select_public(place).where(*fitting).limit(MOST_CLOSED + wish.count)).all()
    # cut off by code as well: a list of the nearest would give the places away
    named = session.execute(
        _select_stations(Visibility.NAME_ONLY).where(*fitting).order_by(Station.code).limit(wish.count)
    ).all()
    withheld = session.scalar(
        select(func.count()).select_from(Station).where(*fitting, Station.visibility == Visibility.WITHHELD.value)
    )
    notices = load_notices(session, [row.id for row in (*ranked, *named)])
    public = ranked[: reach_open([_find_status(notices.get(row.id)) for row in ranked], wish.count)]
    told = _Told(_list_branches(session, [row.id for row in (*public, *named)], wish.sex), notices)
    lines = [*(_to_line(row, told, place=place) for row in public), *(_to_line(row, told) for row in named)]
    lines.sort(key=lambda line: (line.visibility is not Visibility.PUBLIC, line.distance_m or 0.0, line.code))
    return tuple(lines), withheld or 0


def show_stations(session: Session, rows: Sequence[Row[Any]], *, sex: Sex) -> tuple[StationLine, ...]:
    """Show stations that were selected, each with its branches and its latest notice."""
    keys = [row.id for row in rows]
    told = _Told(_list_branches(session, keys, sex), load_notices(session, keys))
    return tuple(_to_line(row, told) for row in rows)


@dataclass(frozen=True)
class _Told:
    """Hold what is told of the stations that are listed, by their keys."""

    branches: dict[int, list[BranchLine]]
    notices: dict[int, Notice]


def _find_status(notice: Notice | None) -> Status:
    return notice.status if notice else Status.OPEN


def _admits(sex: Sex) -> ColumnElement[bool]:
    """Ask for a branch where a voter of `sex` may vote; a voter of any sex takes any station."""
    if sex is Sex.ANY:
        return Station.id.is_not(None)
    return Station.id.in_(select(Branch.station_id).where(Branch.sex.in_((Sex.ANY.value, sex.value))))


def _select_stations(visibility: Visibility) -> Select[Any]:
    """Select stations without their site."""
    columns: tuple[Any, ...] = (Station.id, Station.code, Station.name, Station.visibility, Station.synthetic)
    return select(*columns).where(Station.visibility == visibility.value)


def _select_public(place: Point | None) -> Select[Any]:
    """Select public stations with their site, the nearest on the ellipsoid first."""
    sites = _select_stations(Visibility.PUBLIC).add_columns(
        func.ST_X(Station.geom).label("lon"), func.ST_Y(Station.geom).label("lat")
    )
    if place is None:
        return sites.order_by(Station.code)
    distance = func.ST_Distance(func.geography(Station.geom), func.geography(to_sql(place)))
    return sites.order_by(distance.nulls_last(), Station.code)


def _list_branches(session: Session, stations: list[int], sex: Sex) -> dict[int, list[BranchLine]]:
    rows = session.execute(
        select(Branch).where(Branch.station_id == func.any(stations)).order_by(Branch.station_id, Branch.number)
    ).scalars()
    lines: dict[int, list[BranchLine]] = defaultdict(list)
    for row in rows:
        if Sex.ANY in (sex, Sex(row.sex)) or row.sex == sex.value:
            line = BranchLine(row.number, row.sex, row.mobile, row.opens, row.closes, row.accessible)
            lines[row.station_id].append(line)
    return lines


def _to_line(row: Row[Any], told: _Told, *, place: Point | None = None) -> StationLine:
    """Read a station; the site of one that is known by name only is left out, wherever the row came from."""
    is_public = row.visibility == Visibility.PUBLIC.value
    lon, lat = (getattr(row, name, None) if is_public else None for name in ("lon", "lat"))
    notice = told.notices.get(row.id)
    return StationLine(
        code=row.code,
        name=row.name,
        visibility=Visibility(row.visibility),
        lon=lon,
        lat=lat,
        distance_m=None if place is None or lon is None or lat is None else _measure(place, lon, lat),
        synthetic=row.synthetic,
        branches=tuple(told.branches.get(row.id, ())),
        status=str(_find_status(notice)),
        notice=notice.reason if notice else "",
        replacement=notice.replacement if notice else None,
    )


def _measure(place: Point, lon: float, lat: float) -> float:
    return round(float(ELLIPSOID.inv(place.x, place.y, lon, lat)[2]), 1)
