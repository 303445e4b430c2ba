"""Write feeds of the Voting Information Project, valid under its schema where that is at hand."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import xmlschema
from shapely import MultiPolygon, box
from sqlalchemy import select

from geo.elections.stations import Visibility
from geo.elections.vip import Feed, Item, Node
from geo.errors import ElectionNotFound
from geo.register.changes.states import DivisionState
from services.elections.ballots import ElectionText, record_election
from services.elections.closures import Status
from services.elections.feeds import FeedFormat, write_feed
from services.elections.notices import NoticeText, give_notice
from services.elections.stations import record_stations
from services.elections.vip.hours import write_schedules
from services.elections.vip.writing import write_texts, write_xml
from services.tables.elections import Constituency, ConstituencyDivision
from services.tables.register import Division

DAY = date(2024, 3, 1)
NOW = datetime(2024, 2, 1, tzinfo=UTC)
PROVINCE = DivisionState(1, "province", None, {"sci/1399": "23"}, {"fa": "تهران"}, MultiPolygon([box(51, 35, 52, 36)]))


@pytest.fixture
def iran(session, store_states, operator, make_station):
    """Store one province with three stations and a constituency."""
    register = store_states(session, {1: PROVINCE}, "ir")
    stations = [
        make_station("0101", "23", at=(51.5, 35.5)),
        make_station("0102", "23", at=(51.25, 35.5), visibility=Visibility.NAME_ONLY),
        make_station("0103", "23", at=(51.75, 35.5), visibility=Visibility.WITHHELD),
        make_station("0104", "23", at=(51.6, 35.5)),
    ]
    record_stations(session, register, stations, caller=operator)
    give_notice(session, register, "0104", NoticeText(Status.CLOSED), caller=operator)
    body = Constituency(register_id=register.id, body="majles", code="07", name="تهران", seats=30)
    session.add(body)
    session.flush()
    division = session.scalar(select_only_division(register))
    session.add(ConstituencyDivision(constituency_id=body.id, division_id=division))
    session.flush()
    return register


def select_only_division(register):
    return select(Division.id).where(Division.register_id == register.id)


@pytest.fixture
def feed(session, iran, operator):
    text = ElectionText("majles", "مجلس دوازدهم", DAY)
    key = record_election(session, iran, text, caller=operator).id
    return lambda form=FeedFormat.XML: write_feed(session, iran, key, form=form, written_at=NOW)


def read(feed):
    return ElementTree.fromstring(feed().decode())


def test_feed_is_valid_under_the_schema(feed, vip_schema):
    assert xmlschema.XMLSchema(vip_schema).is_valid(io.BytesIO(feed()))


def test_stations_that_may_not_be_told_are_left_out(feed):
    assert [one.get("id") for one in read(feed).findall("PollingLocation")] == ["pl0101", "pl0102"]


def test_site_of_a_station_known_by_name_stays_where_it_is(feed):
    public, named = read(feed).findall("PollingLocation")
    assert public.findtext("LatLng/Longitude") == "51.5" and named.find("LatLng") is None


def test_precinct_joins_stations_and_constituency(feed):
    precinct = read(feed).find("Precinct")
    assert precinct.findtext("ElectoralDistrictIds") == "ed07"
    assert precinct.findtext("PollingLocationIds") == "pl0101 pl0102"


def test_hours_carry_the_clocks_of_the_country(feed):
    assert read(feed).findtext("HoursOpen/Schedule/Hours/StartTime") == "08:00:00+03:30"


def test_texts_come_in_a_zip_of_the_same_bytes(feed):
    first = feed(FeedFormat.TEXTS)
    assert first == feed(FeedFormat.TEXTS)
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {"source.txt", "election.txt", "polling_location.txt", "hours_open.txt"} <= set(names)


def test_codes_stay_texts_with_their_zeros(feed):
    room = zipfile.ZipFile(io.BytesIO(feed(FeedFormat.TEXTS)))
    assert ",23,pl0101 pl0102\n" in room.read("precinct.txt").decode()


def test_unknown_election_is_not_found(session, iran):
    with pytest.raises(ElectionNotFound):
        write_feed(session, iran, 10**9, form=FeedFormat.XML, written_at=NOW)


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [
        (time(8), time(18), [("2024-03-01", "08:00:00+03:30", "18:00:00+03:30")]),
        (time(8), time(0), [("2024-03-01", "08:00:00+03:30", "24:00:00+03:30")]),
        (
            time(8),
            time(2),
            [
                ("2024-03-01", "08:00:00+03:30", "24:00:00+03:30"),
                ("2024-03-02", "00:00:00+03:30", "02:00:00+03:30"),
            ],
        ),
    ],
)
def test_hours_over_midnight_are_parted(opens, closes, told):
    found = write_schedules(DAY, [(opens, closes)], ZoneInfo("Asia/Tehran"))
    assert [tell_schedule(node) for node in found] == told


def tell_schedule(node: Node):
    hours, start, _ = node.children
    return (start.text, *(one.text for one in hours.children))


def test_signs_that_xml_cannot_hold_are_replaced():
    assert "\ufffd" in write_xml(Feed((Item("State", "st", (Node("Name", "a\x01b"),)),))).decode()


@pytest.mark.parametrize(("name", "kept"), [("=1+1", "'=1+1"), ("-5.25", "-5.25"), ("-x", "'-x")])
def test_texts_are_no_formulas(name, kept):
    written = write_texts(Feed((Item("State", "st", (Node("Name", name),)),)))
    assert zipfile.ZipFile(io.BytesIO(written)).read("state.txt").decode() == f"id,name\nst,{kept}\n"
