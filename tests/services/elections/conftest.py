"""Give the tests of elections stations to find and somebody who may record them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from pathlib import Path

import pytest
from shapely import Point
from sqlalchemy.orm import Session

from geo.elections.stations import Branch, Sex, Station, Visibility
from services.access.roles import Caller, make_operator
from services.elections.stations import record_stations
from services.queries import RegisterState

Recorder = Callable[..., int]


@pytest.fixture
def operator() -> Caller:
    """Stand for the operator of the machine."""
    return make_operator("tests")


def make_branch(number: str = "1", sex: Sex = Sex.ANY) -> Branch:
    """Make a branch that is open by day."""
    return Branch(number, sex, mobile=False, capacity=500, opens=time(8), closes=time(18), accessible=None)


@pytest.fixture
def make_station() -> Callable[..., Station]:
    """Make stations with one branch each, unless told otherwise."""

    def make(
        code: str,
        division: str,
        *,
        at: tuple[float, float] = (0.5, 0.5),
        visibility: Visibility = Visibility.PUBLIC,
        sexes: Sequence[Sex] = (Sex.ANY,),
    ) -> Station:
        branches = tuple(make_branch(str(number), sex) for number, sex in enumerate(sexes, start=1))
        return Station(code, f"دبستان {code}", Point(at), division, visibility, True, branches)

    return make


@pytest.fixture
def record(session: Session, register: RegisterState, operator: Caller) -> Recorder:
    """Record stations in the drawn register."""

    def put(*stations: Station, catchments: Mapping[str, Sequence[str]] | None = None) -> int:
        return record_stations(session, register, stations, caller=operator, catchments=catchments)

    return put


@pytest.fixture
def vip_schema(real_data: Path) -> str:
    """Point to the schema of the Voting Information Project, where it is at hand."""
    return str(real_data.parent / "spec" / "vip_spec.xsd")
