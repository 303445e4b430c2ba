"""Test that every worker sees what was written, and maps the same file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, time
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from shapely import Point
from sqlalchemy import Engine

from fixtures.letters import draw
from geo.elections.stations import Branch, Sex, Station, Visibility
from services.access.log import record_write
from services.access.roles import make_operator
from services.database.engine import open_session
from services.elections.closures import Status
from services.elections.notices import NoticeText, give_notice
from services.elections.snapshot_keeper import Keeper
from services.elections.stations import record_stations
from services.queries import get_register

DAY = date(2026, 1, 1)
OPERATOR = make_operator("tests")
HERE = {"count": 3, "sex": Sex.ANY}


def make_station(code: str, at: tuple[float, float]) -> Station:
    branch = Branch("1", Sex.ANY, mobile=False, capacity=500, opens=time(8), closes=time(18), accessible=None)
    return Station(code, code, Point(at), "A", Visibility.PUBLIC, True, (branch,))


@pytest.fixture
def register(fresh_engine: Engine, build_in: Callable[..., Any]) -> str:
    """Commit a small country with two stations."""
    with open_session(fresh_engine) as session:
        country = build_in(session)
        country.draw("XX", "wilaya")
        country.draw("AB", "commune", parents={"A": "X", "B": "X"})
        stations = [make_station("S1", (0.2, 0.5)), make_station("S2", (0.8, 0.5))]
        record_stations(session, country.register, stations, caller=OPERATOR)
        return str(country.register.name)


@pytest.fixture
def keeper(fresh_engine: Engine, register: str, tmp_path: Path) -> Keeper:
    """Keep the register as it is now."""
    keeper = Keeper(fresh_engine, tmp_path, clock=lambda: DAY)
    keeper.renew(register)
    return keeper


@contextmanager
def write(engine: Engine, name: str) -> Iterator[Any]:
    """Write to the register, with an entry in the log as every write has."""
    with open_session(engine) as session:
        register = get_register(session, name)
        yield session, register
        record_write(session, caller=OPERATOR, action="test", subject=name, detail={})


def list_codes(keeper: Keeper, register: str, at: tuple[float, float] = (0.3, 0.5)) -> list[str]:
    answer = keeper.find(register).answer(*at, **HERE)  # type: ignore[union-attr, arg-type]
    return [line.code for line in answer.stations if line.status == "open"] if answer else []


def test_nothing_is_kept_before_it_is_renewed(fresh_engine: Engine, register: str, tmp_path: Path):
    assert Keeper(fresh_engine, tmp_path, clock=lambda: DAY).find(register) is None


def test_stations_are_ranked(keeper: Keeper, register: str):
    assert list_codes(keeper, register) == ["S1", "S2"]


def test_nothing_written_keeps_the_snapshot(keeper: Keeper, register: str, fresh_engine: Engine):
    before = keeper.find(register)
    with write(fresh_engine, register):
        pass
    keeper.renew()
    assert keeper.find(register) is before


def test_closure_is_seen(keeper: Keeper, register: str, fresh_engine: Engine):
    with write(fresh_engine, register) as (session, state):
        give_notice(session, state, "S1", NoticeText(Status.CLOSED, "flood"), caller=OPERATOR)
    keeper.renew()
    assert list_codes(keeper, register) == ["S2"]


def test_new_and_changed_stations_are_seen(keeper: Keeper, register: str, fresh_engine: Engine):
    with write(fresh_engine, register) as (session, state):
        made = [make_station("S1", (0.9, 0.9)), make_station("S3", (0.3, 0.5))]
        record_stations(session, state, made, caller=OPERATOR)
    keeper.renew()
    assert list_codes(keeper, register) == ["S3", "S2", "S1"]


def test_moved_boundaries_are_seen(keeper: Keeper, register: str, fresh_engine: Engine, build_in: Callable[..., Any]):
    before = keeper.find(register)
    with write(fresh_engine, register) as (session, state):
        country = build_in(session)
        country.register, country.ids = state, {}
        country.add("Z", "wilaya", ground=draw("...Z")["Z"])
    keeper.renew()
    now = keeper.find(register)
    assert before is not None and now is not None
    assert (before.answer(3.5, 0.5, **HERE), now.answer(3.5, 0.5, **HERE).leaf.code) == (None, "Z")  # type: ignore[arg-type, union-attr]


def test_another_day_is_another_snapshot(keeper: Keeper, register: str):
    keeper.clock = lambda: date(2026, 1, 2)
    assert keeper.find(register) is None
    keeper.renew()
    assert keeper.find(register).day == date(2026, 1, 2)  # type: ignore[union-attr]


def test_unknown_registers_are_forgotten(keeper: Keeper, register: str):
    keeper.renew("nowhere")
    assert keeper.find("nowhere") is None


def wait_for(check: Callable[[], bool], *, at_most_s: float = 20.0) -> bool:
    end = monotonic() + at_most_s
    while not check():
        if monotonic() > end:
            return False
        sleep(0.05)
    return True


def test_every_worker_sees_a_closure_by_itself(fresh_engine: Engine, register: str, tmp_path: Path):
    with ExitStack() as stack:
        workers = [stack.enter_context(Keeper(fresh_engine, tmp_path, clock=lambda: DAY)) for _ in range(2)]
        assert wait_for(lambda: all(worker.find(register) for worker in workers))
        with write(fresh_engine, register) as (session, state):
            give_notice(session, state, "S1", NoticeText(Status.CLOSED, "flood"), caller=OPERATOR)
        assert wait_for(lambda: all(list_codes(worker, register) == ["S2"] for worker in workers))
    assert len(list(tmp_path.glob("*.index"))) == 2
