"""Gather what a feed says of one election: divisions with stations, the stations with their hours, constituencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Visibility
from geo.elections.vip import Feed, Item, Node, make_id
from geo.register.divisions import Division
from services.elections.closures import Status, load_notices
from services.elections.held_elections import HeldElection
from services.elections.vip.hours import write_schedules
from services.queries import RegisterState, select_divisions, to_division
from services.tables.elections import Branch, Catchment, Constituency, ConstituencyDivision, Station
from services.tables.register import Standing

STATE, SOURCE = "st", "so"
"""The ids of the country and of the source, of which a feed has one each."""


@dataclass(frozen=True)
class _Content:
    """Hold what was read from the store."""

    register: RegisterState
    election: HeldElection
    stations: Sequence[Row[Any]]
    hours: dict[int, list[tuple[time, time]]]
    divisions: dict[int, Division]
    served: dict[int, set[int]]
    constituencies: Sequence[Any]
    members: dict[int, set[int]]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.register.pack.time_zone)


def gather_feed(session: Session, register: RegisterState, election: HeldElection, *, written_at: datetime) -> Feed:
    """Gather the feed of an election; stations that are withheld, closed or moved are left out of it."""
    content = _load(session, register, election)
    return Feed(
        (
            _make_source(content, written_at),
            _make_election(content),
            Item("State", STATE, (Node("Name", register.pack.names.choose("en")),)),
            *_make_localities(content),
            *_make_precincts(content),
            *_make_locations(content),
            *_make_hours(content),
            *_make_districts(content),
        )
    )


def _load(session: Session, register: RegisterState, election: HeldElection) -> _Content:
    stations = _load_stations(session, register)
    keys = [row.id for row in stations]
    served = _load_served(session, stations)
    chosen = Standing.division_id.in_(served)
    rows = session.execute(select_divisions(register, election.as_of).where(chosen))
    divisions = {row.division_id: to_division(row) for row in rows}
    body = register.pack.ballot(election.ballot).body
    constituencies = session.execute(
        select(Constituency.id, Constituency.code, Constituency.name, Constituency.body)
        .where(Constituency.register_id == register.id, Constituency.body == (body or election.ballot))
        .order_by(Constituency.code)
    ).all()
    members: dict[int, set[int]] = defaultdict(set)
    inside = ConstituencyDivision.constituency_id.in_([row.id for row in constituencies])
    for constituency, division in session.execute(
        select(ConstituencyDivision.constituency_id, ConstituencyDivision.division_id).where(inside)
    ):
        members[division].add(constituency)
    served = {key: held for key, held in served.items() if key in divisions}
    return _Content(
        register, election, stations, _load_hours(session, keys), divisions, served, constituencies, members
    )


def _load_stations(session: Session, register: RegisterState) -> list[Row[Any]]:
    """Load the stations that may be told, without the site of those known by name only."""
    shown = Station.visibility != Visibility.WITHHELD.value
    lon, lat = func.ST_X(Station.geom).label("lon"), func.ST_Y(Station.geom).label("lat")
    rows = session.execute(
        select(Station.id, Station.code, Station.name, Station.visibility, Station.division_id, lon, lat)
        .where(Station.register_id == register.id, shown)
        .order_by(Station.code)
    ).all()
    notices = load_notices(session, [row.id for row in rows])
    return [row for row in rows if row.id not in notices or notices[row.id].status is Status.OPEN]


def _load_served(session: Session, stations: Sequence[Row[Any]]) -> dict[int, set[int]]:
    """Load the stations of each division: those of its catchment, and those that stand in it."""
    served: dict[int, set[int]] = defaultdict(set)
    for row in stations:
        if row.division_id is not None:
            served[row.division_id].add(row.id)
    own = Catchment.station_id == func.any([row.id for row in stations])
    for station, division in session.execute(select(Catchment.station_id, Catchment.division_id).where(own)):
        served[division].add(station)
    return dict(sorted(served.items()))


def _load_hours(session: Session, stations: Sequence[int]) -> dict[int, list[tuple[time, time]]]:
    rows = session.execute(
        select(Branch.station_id, Branch.opens, Branch.closes)
        .where(Branch.station_id == func.any(list(stations)))
        .distinct()
        .order_by(Branch.station_id, Branch.opens, Branch.closes)
    )
    hours: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for station, opens, closes in rows:
        if opens is not None and closes is not None:
            hours[station].append((opens, closes))
    return dict(hours)


def _make_source(content: _Content, written_at: datetime) -> Item:
    fields = (Node("DateTime", written_at.isoformat(timespec="seconds")), Node("Name", "Taqsimat"))
    return Item("Source", SOURCE, (*fields, Node("VipId", content.register.pack.country)))


def _make_election(content: _Content) -> Item:
    language = content.register.pack.languages[0]
    name = Node("Name", children=(Node("Text", content.election.name, language=language),))
    day = Node("Date", content.election.held_on.isoformat())
    return Item("Election", make_id("el", content.election.ballot), (day, name, Node("StateId", STATE)))


def _name(content: _Content, division: Division) -> str:
    return division.name_in(*content.register.pack.languages)


def _make_localities(content: _Content) -> list[Item]:
    """Make a locality of each division with stations; its level is no word of the standard, so it is another type."""
    return [
        Item(
            "Locality",
            make_id("lo", str(key)),
            (
                Node("Name", _name(content, content.divisions[key])),
                Node("StateId", STATE),
                Node("Type", "other"),
                Node("OtherType", content.divisions[key].level),
            ),
        )
        for key in content.served
    ]


def _make_precincts(content: _Content) -> list[Item]:
    codes = {row.id: row.code for row in content.stations}
    return [_make_precinct(content, key, [codes[one] for one in stations]) for key, stations in content.served.items()]


def _make_precinct(content: _Content, key: int, stations: list[str]) -> Item:
    numbers = {row.id: row.code for row in content.constituencies}
    districts = " ".join(sorted(make_id("ed", numbers[one]) for one in content.members.get(key, ())))
    places = " ".join(sorted(make_id("pl", code) for code in stations))
    fields = (
        *((Node("ElectoralDistrictIds", districts),) if districts else ()),
        Node("LocalityId", make_id("lo", str(key))),
        Node("Name", _name(content, content.divisions[key])),
        Node("Number", content.divisions[key].code),
        Node("PollingLocationIds", places),
    )
    return Item("Precinct", make_id("pr", str(key)), fields)


def _make_locations(content: _Content) -> list[Item]:
    return [_make_location(content, row) for row in content.stations]


def _make_location(content: _Content, row: Row[Any]) -> Item:
    division = content.divisions.get(row.division_id)
    lines = (row.name, *((_name(content, division),) if division else ()))
    fields = [Node("AddressLine", line) for line in lines]
    if row.id in content.hours:
        fields.append(Node("HoursOpenId", make_id("ho", row.code)))
    # the site of a station known by name only stays where it is
    if row.visibility == Visibility.PUBLIC.value and row.lon is not None:
        position = (Node("Latitude", repr(row.lat)), Node("Longitude", repr(row.lon)))
        fields.append(Node("LatLng", children=position))
    return Item("PollingLocation", make_id("pl", row.code), (*fields, Node("Name", row.name)))


def _make_hours(content: _Content) -> list[Item]:
    day, zone = content.election.held_on, content.zone
    return [
        Item("HoursOpen", make_id("ho", row.code), write_schedules(day, content.hours[row.id], zone))
        for row in content.stations
        if row.id in content.hours
    ]


def _make_districts(content: _Content) -> list[Item]:
    kind = (Node("Type", "other"), Node("OtherType", content.election.ballot))
    return [
        Item("ElectoralDistrict", make_id("ed", row.code), (Node("Name", row.name), *kind))
        for row in content.constituencies
    ]
