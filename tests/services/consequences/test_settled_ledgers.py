"""Test that the ledger of settled ground tells every subject, and that what is kept is what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import true
from sqlalchemy.orm import Session

from geo.coverage import measure_many
from geo.register.consequences import Ledger
from services.consequences.ledgers import find_consequences, find_order_consequences
from services.queries import RegisterState, load_boundaries

FACE = shapely.box(52, 30.2, 52.6, 31.5)
"""Ground of S, with its village, a station and twelve complaints, that R claims from the other bakhsh."""
R, S = "0601010002", "0601020001"


def settle(*shares: tuple[str | None, shapely.Polygon]) -> dict[str, Any]:
    shared = [{"to": to, "ground": shapely.geometry.mapping(part)} for to, part in shares]
    face = {"divisions": [R, S], "ground": shapely.geometry.mapping(FACE), "shares": shared}
    return {"kind": "settle", "effective_on": "1404-01-01", **face}


@pytest.fixture
def given(session: Session, register: RegisterState, subjects: None) -> Ledger:
    """Find what follows when the claimant gets the ground."""
    return find_order_consequences(session, register, settle((R, FACE)))


@pytest.fixture
def left(session: Session, register: RegisterState, subjects: None) -> Ledger:
    """Find what follows when nobody gets it."""
    return find_order_consequences(session, register, settle((None, FACE)))


def measure(session: Session, register: RegisterState) -> dict[int, float]:
    """Measure every boundary of the day, its edges followed as they are drawn."""
    shapes = load_boundaries(session, register, date(2025, 3, 21), true())
    return dict(zip(shapes, measure_many(np.array(list(shapes.values()))).tolist(), strict=True))


def name(party: Any) -> str | None:
    return party and party.code


def test_ground_goes_on_every_level_that_differs(given: Ledger) -> None:
    rows = [(name(row.source), name(row.target), row.people, row.places, row.held_m2) for row in given.ground]
    assert rows == [("060102", "060101", 300, 1, 0.0), (S, R, 300, 1, 0.0)]


def test_the_village_the_station_and_the_complaints_go_with_it(given: Ledger) -> None:
    assert [(name(row.source), name(row.target), row.is_left_behind) for row in given.places] == [(S, R, False)]
    assert [(row.code, name(row.target)) for row in given.stations] == [("s-1", R)]
    assert [(name(row.source), name(row.target), row.count) for row in given.complaints] == [(S, R, 12)]


def test_what_nobody_gets_is_told_as_such(left: Ledger) -> None:
    assert [(name(row.source), name(row.target)) for row in left.ground] == [
        *((code, None) for code in ("06", "0601", "060102", S)),
    ]
    assert [(name(row.place), name(row.target), row.is_left_behind) for row in left.places] == [
        (f"{S}000003", None, True)
    ]
    assert [(row.code, row.target) for row in left.stations] == [("s-1", None)]


def test_a_medial_share_stays_with_its_holder(session: Session, register: RegisterState, subjects: None) -> None:
    west, east = shapely.box(52, 30.2, 52.3, 31.5), shapely.box(52.3, 30.2, 52.6, 31.5)
    ledger = find_order_consequences(session, register, settle((R, west), (S, east)))
    (row,) = [row for row in ledger.ground if name(row.source) == S]
    assert row.area_m2 == pytest.approx(ledger.totals["area_m2"], abs=1e-1)
    assert ledger.places == ledger.stations == ()


@pytest.mark.parametrize("taker", [R, None])
def test_what_is_kept_is_what_happened(
    session: Session,
    register: RegisterState,
    draft: Callable[[dict[str, Any]], int],
    carry_out: Callable[[int], None],
    taker: str | None,
) -> None:
    before = measure(session, register)
    key = draft(settle((taker, FACE)))
    preview = find_consequences(session, register, key)
    carry_out(key)
    kept = find_consequences(session, register, key)
    assert kept.ground == preview.ground
    told = {row.source.id: row.area_m2 for row in kept.ground if row.source}
    now = measure(session, register)
    # these edges are degrees long, and the shortest way between their ends is not the drawn one
    assert {key: before[key] - now[key] for key in told} == pytest.approx(told, rel=1e-2)


def test_taking_it_back_turns_the_ledger_round(
    session: Session,
    register: RegisterState,
    draft: Callable[[dict[str, Any]], int],
    carry_out: Callable[[int], None],
) -> None:
    key = draft(settle((R, FACE)))
    carry_out(key)
    undo = draft({"kind": "undo", "effective_on": "1404-01-01", "change": key})
    assert [(name(row.source), name(row.target)) for row in find_consequences(session, register, undo).ground] == [
        ("060101", "060102"),
        (R, S),
    ]
