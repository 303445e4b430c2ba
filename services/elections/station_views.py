"""Show one station, or all, as the public may see them; unlike the answer to a voter this may be kept and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Sex, Visibility
from geo.errors import StationNotFound
from geo.register.divisions import Division
from services.elections.answers import StationLine
from services.elections.held_elections import HeldElection, find_next_elections
from services.elections.lines import show_stations
from services.queries import RegisterState, select_divisions, to_division
from services.tables.elections import Station
from services.tables.register import Standing

MOST_SITES = 100_000
"""So many stations are told at once."""


@dataclass(frozen=True)
class StationView:
    """Hold a station with what is voted on there next."""

    line: StationLine
    """The station, without its site where that is not public."""
    division: Division | None
    """The division it stands in."""
    elections: tuple[HeldElection, ...]
    """What is voted on at the next day of voting."""


def get_station(session: Session, register: RegisterState, code: str, *, day: date) -> StationView:
    """Give a station; one that is withheld is not found, as if it were not there."""
    shown = Station.visibility != Visibility.WITHHELD.value
    rows = session.execute(_select_shown(register).where(Station.code == code.replace("\0", "\ufffd"), shown)).all()
    if not rows:
        raise StationNotFound(station=code[:100].replace("\0", "\ufffd"))
    line = show_stations(session, rows, sex=Sex.ANY)[0]
    division = None
    if rows[0].division_id is not None:
        chosen = select_divisions(register, day).where(Standing.division_id == rows[0].division_id)
        found = session.execute(chosen).first()
        division = to_division(found) if found else None
    return StationView(line, division, find_next_elections(session, register, day))


def list_sites(session: Session, register: RegisterState) -> tuple[StationLine, ...]:
    """List the stations whose site is public, by code."""
    public = _select_shown(register).where(Station.visibility == Visibility.PUBLIC.value, Station.geom.is_not(None))
    rows: list[Row[Any]] = list(session.execute(public.order_by(Station.code).limit(MOST_SITES)).all())
    return show_stations(session, rows, sex=Sex.ANY)


def _select_shown(register: RegisterState) -> Select[Any]:
    columns: tuple[Any, ...] = (Station.id, Station.code, Station.name, Station.visibility, Station.synthetic)
    site = (func.ST_X(Station.geom).label("lon"), func.ST_Y(Station.geom).label("lat"))
    return select(*columns, Station.division_id, *site).where(Station.register_id == register.id)


def write_calendar(view: StationView, register: RegisterState, *, written_at: datetime) -> bytes:
    """Write a calendar file with the hours of a station on the next day of voting (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Taqsimat//stations//")
    calendar.add("version", "2.0")
    hours = sorted({(one.opens, one.closes) for one in view.line.branches if one.opens and one.closes})
    for election in view.elections:
        for opens, closes in hours:
            assert opens is not None and closes is not None
            calendar.add_component(_make_event(view, election, (opens, closes), register, written_at))
    written: bytes = calendar.to_ical()
    return written


def _make_event(
    view: StationView, election: HeldElection, hours: tuple[time, time], register: RegisterState, written_at: datetime
) -> Event:
    zone = ZoneInfo(register.pack.time_zone)
    start = datetime.combine(election.held_on, hours[0], zone)
    end = datetime.combine(election.held_on, hours[1], zone)
    event = Event()
    event.add("uid", f"{register.name}-{election.id}-{view.line.code}-{hours[0]:%H%M}@taqsimat")
    event.add("dtstamp", written_at)
    event.add("dtstart", start)
    event.add("dtend", end if end > start else end + timedelta(days=1))
    event.add("summary", vText(election.name))
    event.add("location", vText(view.line.name))
    if view.line.lon is not None and view.line.lat is not None:
        event.add("geo", (view.line.lat, view.line.lon))
    return event
