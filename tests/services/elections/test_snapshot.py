"""Test that answers from memory are those of the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import Point
from sqlalchemy import insert
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.elections.stations import Sex, Visibility
from geo.errors import DivisionNotFound
from services.elections.answers import Basis, BranchAnswer
from services.elections.closures import Status
from services.elections.find import find_branch
from services.elections.notices import NoticeText, give_notice
from services.elections.snapshot import Snapshot
from services.elections.snapshot_loading import load_ground, load_seats, load_sites
from services.queries import RegisterState
from services.tables.elections import Constituency, ConstituencyDivision

DAY = date(2026, 1, 1)
SPOTS = ((0.5, 0.5), (1.0, 1.0), (2.0, 1.0), (3.0, 2.0), (0.0, 0.0), (3.7, 1.2), (2.0, 2.0), (1.5, 1.9))
Take = Callable[[], Snapshot]


@pytest.fixture
def take(session: Session, register: RegisterState, tmp_path: Path) -> Take:
    """Take a snapshot of the drawn register."""

    def load() -> Snapshot:
        ground, sites = load_ground(session, register, DAY, folder=tmp_path), load_sites(session, register, DAY)
        return Snapshot(register, DAY, ground, sites, load_seats(session, register))

    return load


@pytest.fixture
def compare(session: Session, register: RegisterState) -> Callable[..., BranchAnswer | None]:
    """Compare what memory answers with what the store does."""

    def ask(snapshot: Snapshot, at: tuple[float, float], count: int = 3, sex: Sex = Sex.ANY) -> BranchAnswer | None:
        found = snapshot.answer(*at, count=count, sex=sex)
        try:
            expected = find_branch(session, register.name, day=DAY, point=Point(at), count=count, sex=sex)
        except DivisionNotFound:
            expected = None
        assert found == expected
        return found

    return ask


@pytest.fixture
def stations(session, register, operator, make_station: Callable[..., Any], record: Callable[..., int]) -> None:
    """Put stations of every kind into the drawn register."""
    dice = np.random.default_rng(4)
    homes = {"A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (3, 0)}
    made = [
        make_station(
            f"{home}{number}",
            home,
            at=(west + dice.random(), south + 2 * dice.random()),
            visibility=list(Visibility)[number % 5 // 2],
            sexes=((Sex.ANY,), (Sex.MALE,), (Sex.FEMALE, Sex.MALE), ())[number % 4],
        )
        for home, (west, south) in homes.items()
        for number in range(12)
    ]
    record(*made, catchments={"C3": ["D"]})
    for code in ("A0", "A5", "B0", "D1"):
        give_notice(session, register, code, NoticeText(Status.CLOSED, "flood"), caller=operator)


@pytest.mark.parametrize("sex", list(Sex))
def test_memory_answers_as_the_store(take: Take, compare: Any, stations: None, sex: Sex):
    snapshot = take()
    assert all(compare(snapshot, at, count, sex) for at in SPOTS for count in (1, 3, 50))


def test_no_stations_are_no_answer_but_no_fault(take: Take, compare: Any):
    found = compare(take(), (0.5, 0.5))
    assert (found.basis, found.stations) == (None, ())


@pytest.mark.parametrize("at", [(9.0, 9.0), (float("nan"), 1.0), (1.0, float("inf"))])
def test_outside_is_left_to_the_store(take: Take, at: tuple[float, float]):
    assert take().answer(*at, count=3, sex=Sex.ANY) is None


def test_constituency_is_answered(session, register, country, take, compare, make_station, record):
    record(make_station("S1", "C", at=(2.5, 0.5)))
    values = {"register_id": register.id, "body": "apn", "code": "1", "name": "x", "seats": 3}
    key = session.scalar(insert(Constituency).values(values).returning(Constituency.id))
    for code in ("X", "C"):
        session.execute(insert(ConstituencyDivision).values(constituency_id=key, division_id=country.ids[code]))
    assert compare(take(), (0.5, 0.5)).basis is Basis.CONSTITUENCY


def test_overlaps_and_misfits_are_told(country: Any, take: Take, compare: Any):
    country.add("Z", "commune", parent="P", ground=draw("Z")["Z"])
    country.add("M", "wilaya", ground=draw("....M")["M"])
    country.add("N", "commune", parent="R", ground=draw("....N")["N"])
    snapshot = take()
    assert [compare(snapshot, at).chain[-1].tie for at in ((0.5, 0.5), (4.5, 0.5))] == ["overlap", "misfit"]


def test_same_coverage_is_mapped_and_another_has_another_name(country: Any, take: Take, tmp_path: Path):
    take()
    first = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.index")}
    take()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.index")} == first
    country.add("Z", "commune", parent="P", ground=draw("....Z")["Z"])
    take()
    kept = set(tmp_path.glob("*.index"))
    assert (len(kept), len(kept & set(first))) == (len(first), len(first) - 1)
