"""Record stations with their branches and catchments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Sex, Station, Visibility
from geo.errors import DivisionNotFound, InvalidValue, NotPermitted
from services.access.roles import ANONYMOUS
from services.elections.stations import record_stations
from services.queries import RegisterState
from services.tables import elections as tables
from services.tables.access import AuditLog

Make = Callable[..., Station]
Record = Callable[..., int]


def test_station_is_kept_with_its_branches(session: Session, record: Record, make_station: Make) -> None:
    assert record(make_station("a", "A", at=(0.25, 0.75), sexes=(Sex.MALE, Sex.FEMALE))) == 1
    row = session.scalar(select(tables.Station).where(tables.Station.code == "a"))
    assert (to_shape(row.geom), row.visibility, row.synthetic) == (Point(0.25, 0.75), "public", True)
    assert session.scalars(select(tables.Branch.sex).order_by(tables.Branch.number)).all() == ["male", "female"]


def test_same_code_replaces_the_station(session: Session, record: Record, make_station: Make) -> None:
    first = make_station("a", "A", sexes=(Sex.MALE, Sex.FEMALE))
    record(first, catchments={"a": ["A", "B"]})
    record(replace(make_station("a", "B"), visibility=Visibility.WITHHELD), catchments={"a": ["B"]})
    assert session.scalars(select(tables.Station.visibility)).all() == ["withheld"]
    assert session.scalar(select(func.count()).select_from(tables.Branch)) == 1
    assert session.scalar(select(func.count()).select_from(tables.Catchment)) == 1


def test_writing_is_logged_without_the_stations(session: Session, record: Record, make_station: Make) -> None:
    record(make_station("a", "A"), catchments={"a": ["A"]})
    assert session.scalars(select(AuditLog.detail)).all() == [{"stations": 1, "catchments": 1}]


@pytest.mark.parametrize(
    ("stations", "error"),
    [
        pytest.param([("a", "nowhere")], DivisionNotFound, id="unknown division"),
        pytest.param([("a", "A"), ("a", "B")], InvalidValue, id="same code twice"),
    ],
)
def test_bad_stations_are_refused(
    record: Record, make_station: Make, stations: list[tuple[str, str]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        record(*(make_station(code, division) for code, division in stations))


def test_number_of_a_branch_must_be_a_number(record: Record, make_station: Make) -> None:
    station = make_station("a", "A")
    with pytest.raises(InvalidValue):
        record(replace(station, branches=(replace(station.branches[0], number="1-B"),)))


def test_public_may_not_record(session: Session, register: RegisterState, make_station: Make) -> None:
    with pytest.raises(NotPermitted):
        record_stations(session, register, [make_station("a", "A")], caller=ANONYMOUS)


def test_nothing_to_record(session: Session, record: Record) -> None:
    assert record() == 0
    assert session.scalar(select(func.count()).select_from(AuditLog)) == 0
