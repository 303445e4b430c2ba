"""Test the sheet of a station, its calendar file and what the API tells of it."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from icalendar import Calendar
from shapely import Point

from geo.elections.stations import Branch, Sex, Station, Visibility
from services.access.roles import make_operator
from services.database.engine import open_session
from services.elections.ballots import ElectionText, record_election
from services.elections.stations import record_stations

OPERATOR = make_operator("tests")
NAME = "</script><b>مدرسه"


@pytest.fixture
def town(fresh_engine, store_states, open_stations):
    """Store a register with a station of each visibility and an election to come."""
    with open_session(fresh_engine) as session:
        register = store_states(session, {}, "ir")
        record_stations(session, register, open_stations(NAME), caller=OPERATOR)
        record_election(session, register, ElectionText("majles", "مجلس", date(2090, 3, 1)), caller=OPERATOR)


@pytest.fixture
def open_stations():
    """Give the way to make a station of each visibility."""
    branch = Branch("1", Sex.FEMALE, mobile=False, capacity=0, opens=time(8), closes=time(0), accessible=True)
    kinds = {"a": Visibility.PUBLIC, "b": Visibility.NAME_ONLY, "c": Visibility.WITHHELD}
    return lambda name: [
        Station(code, name, Point(51.123456, 35.5), "", kind, False, (branch,)) for code, kind in kinds.items()
    ]


@pytest.mark.parametrize(("code", "status"), [("a", 200), ("b", 200), ("c", 404), ("z", 404)])
def test_sheets_and_objects_of_stations(fresh_client, town, code, status):
    assert fresh_client.get(f"/stations/ir/{code}").status_code == status
    assert fresh_client.get(f"/stations/ir/{code}.ics").status_code == status
    assert fresh_client.get(f"/api/v1/registers/ir/stations/{code}").status_code == status


@pytest.mark.parametrize("path", ["/stations/ir/b", "/stations/ir/b.ics", "/api/v1/registers/ir/stations/b"])
def test_site_known_by_name_only_is_nowhere(fresh_client, town, path):
    assert "51.12" not in fresh_client.get(path).text


def test_public_stations_are_given_as_geojson(fresh_client, town):
    features = fresh_client.get("/api/v1/registers/ir/stations.geojson").json()["features"]
    assert [(one["id"], one["geometry"]["coordinates"]) for one in features] == [("a", [51.123456, 35.5])]


def test_objects_of_stations_may_be_kept(fresh_client, town):
    answer = fresh_client.get("/api/v1/registers/ir/stations/a")
    again = fresh_client.get("/api/v1/registers/ir/stations/a", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_names_cannot_end_the_description(fresh_client, town):
    text = fresh_client.get("/stations/ir/a").text
    described = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(described)["name"] == NAME and "<b>" not in text


def test_sheet_has_a_code_to_scan_and_no_other_host(fresh_client, town):
    text = fresh_client.get("/stations/ir/a").text
    assert "<svg" in text and 'src="http' not in text and 'href="http' not in text


def test_calendar_ends_after_midnight(fresh_client, town):
    event = Calendar.from_ical(fresh_client.get("/stations/ir/a.ics").content).walk("VEVENT")[0]
    assert (event.decoded("dtend") - event.decoded("dtstart")).seconds == 16 * 3600
    assert event.decoded("dtstart").utcoffset().total_seconds() == 3.5 * 3600
