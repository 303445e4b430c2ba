"""Test that the ledger of a change tells all subjects, and that what is kept is what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import ChangeNotFound, ChangeRefused, InvalidChange, InvalidValue
from geo.register.consequences import Ledger, make_public
from services.consequences.ledgers import find_consequences, find_order_consequences
from services.queries import RegisterState, count_people_in
from services.tables.changes import Change
from services.tables.register import Boundary

TRANSFER = {"kind": "transfer", "effective_on": "1404-01-01", "divisions": ["060102"], "to": "0602"}
SPLIT = {
    "kind": "split",
    "effective_on": "1404-01-01",
    "divisions": ["0601"],
    "founded": [{"label": "N", "level": "county", "names": {"fa": "نو"}, "children": ["060102"]}],
}
Draft = Callable[[dict[str, Any]], int]


@pytest.fixture
def transfer(session: Session, register: RegisterState, subjects: None) -> Ledger:
    """Find what follows when a bakhsh comes under the other county."""
    return find_order_consequences(session, register, TRANSFER)


def test_ground_people_and_places(transfer: Ledger) -> None:
    (row,) = transfer.ground
    assert (row.source and row.source.code, row.target and row.target.code) == ("0601", "0602")
    assert (row.people, row.places, len(transfer.places)) == (700, 2, 2)


def test_stations_on_moved_ground(transfer: Ledger) -> None:
    assert [(row.code, row.branches, row.target and row.target.code) for row in transfer.stations] == [
        ("s-1", 2, "0602")
    ]


def test_catchments_of_divisions_that_change(transfer: Ledger) -> None:
    assert [(row.station, row.division.names["fa"], row.is_ended) for row in transfer.catchments] == [
        ("s-1", "L", False)
    ]


def test_constituencies_lose_their_balance(transfer: Ledger) -> None:
    rows = {row.code: row for row in transfer.constituencies}
    # 1,000 people in A and 1,100 in B become 300 and 1,800, where the mean is 1,050
    assert (rows["A"].people_before, rows["A"].people_after) == (1000, 300)
    assert (rows["B"].deviation_before, rows["B"].deviation_after) == (0.047619, 0.714286)


def test_councils_are_resized_or_move(transfer: Ledger) -> None:
    assert [(row.code, row.fate, row.members) for row in transfer.councils] == [
        ("council-A", "resized", 1),
        ("council-L", "moves", 1),
    ]


def test_complaints_change_hands_with_their_ground(transfer: Ledger) -> None:
    assert [row.count for row in transfer.complaints] == [None]
    assert transfer.totals["complaints"] is None


@pytest.mark.parametrize(("stays", "count"), [(0, 12), (3, None), (20, 12)])
def test_number_is_hidden_when_few_stay_behind(
    session: Session, register: RegisterState, complain: Callable[[int, float], None], stays: int, count: int | None
) -> None:
    complain(12, 52.5)
    complain(stays, 50.5)
    ledger = find_order_consequences(session, register, TRANSFER)
    assert [row.count for row in ledger.complaints] == [count]


@pytest.mark.parametrize(("goes", "counts"), [(0, []), (4, [None]), (5, [5])])
def test_small_numbers_are_hidden(
    session: Session,
    register: RegisterState,
    complain: Callable[[int, float], None],
    goes: int,
    counts: list[int | None],
) -> None:
    complain(goes, 52.5)
    complain(30, 50.5)
    assert [row.count for row in find_order_consequences(session, register, TRANSFER).complaints] == counts


def test_codes_are_retired_and_issued(transfer: Ledger) -> None:
    assert (transfer.totals["codes_retired"], transfer.totals["codes_issued"]) == (5, 5)


def test_public_is_told_no_numbers_of_complaints(transfer: Ledger) -> None:
    shown = make_public(transfer)
    assert [row.count for row in shown.complaints] == [None]
    assert len(shown.stations) == 1


def test_new_division_begins_a_council(session: Session, register: RegisterState, subjects: None) -> None:
    ledger = find_order_consequences(session, register, SPLIT)
    begun = [row for row in ledger.councils if row.fate == "begins"]
    assert [(row.division.names["fa"], row.division.code) for row in begun] == [("نو", "0603")]


def test_new_division_made_of_members_stays_in_their_constituency(
    session: Session, register: RegisterState, subjects: None
) -> None:
    rows = {row.code: row for row in find_order_consequences(session, register, SPLIT).constituencies}
    assert (rows["A"].people_before, rows["A"].people_after) == (1000, 1000)


def test_draft_tells_what_its_order_does(
    session: Session, register: RegisterState, subjects: None, draft: Draft
) -> None:
    assert find_consequences(session, register, draft(TRANSFER)) == find_order_consequences(session, register, TRANSFER)


@pytest.mark.parametrize("order", [TRANSFER, SPLIT], ids=["transfer", "split"])
def test_ledger_kept_is_what_happened(
    session: Session,
    register: RegisterState,
    subjects: None,
    draft: Draft,
    carry_out: Callable[[int], None],
    order: dict[str, Any],
    country: Any,
) -> None:
    key = draft(order)
    promised = find_consequences(session, register, key)
    carry_out(key)
    kept = find_consequences(session, register, key)
    assert kept.totals == promised.totals
    assert [row.people for row in kept.ground] == [row.people for row in promised.ground]
    _check_against_register(session, kept)


def _check_against_register(session: Session, kept: Ledger) -> None:
    """Compare what the ledger says of the divisions that gained with what the register now holds."""
    for row in kept.constituencies:
        (division,) = [one for one in row.touched if one.level == "county" and one.names["fa"] == row.code]
        people = count_people_in(session, [division.id], kept.day)[division.id]
        heirs = [one.target.id for one in kept.ground if one.target and one.source and one.source.id == division.id]
        founded = sum(count_people_in(session, heirs, kept.day).values()) if kept.kind == "split" else 0
        assert people + founded == row.people_after
    for ground in kept.ground:
        assert ground.target and ground.target.id > 0
        drawn = session.scalars(select(Boundary.area_m2).where(Boundary.division_id == ground.target.id)).all()
        assert kept.kind != "split" or drawn == [pytest.approx(ground.area_m2, rel=1e-6)]


def test_undo_is_the_ledger_turned_round(
    session: Session, register: RegisterState, subjects: None, draft: Draft, carry_out: Callable[[int], None]
) -> None:
    key = draft(TRANSFER)
    carry_out(key)
    back = find_consequences(session, register, draft({"kind": "undo", "effective_on": "1404-01-01", "change": key}))
    (row,) = back.ground
    assert (back.kind, row.source and row.source.code, row.target and row.target.code) == ("undo", "0602", "0601")


def test_applied_change_without_a_ledger_says_so(
    session: Session, register: RegisterState, draft: Draft, carry_out: Callable[[int], None]
) -> None:
    key = draft(TRANSFER)
    carry_out(key)
    session.execute(Change.__table__.update().values(ledger=None))  # type: ignore[attr-defined]
    with pytest.raises(InvalidValue, match="ledger_not_kept"):
        find_consequences(session, register, key)


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ({"kind": "undo", "effective_on": "1404-01-01", "change": 1}, InvalidValue),
        ({"kind": "transfer", "effective_on": "1404-12-30", "divisions": ["060102"], "to": "0602"}, InvalidChange),
        ({"kind": "transfer", "effective_on": "1404-01-01", "divisions": ["0\0"], "to": "0602"}, InvalidChange),
        ({"kind": "transfer", "effective_on": "1404-01-01", "divisions": ["999999"], "to": "0602"}, ChangeRefused),
    ],
)
def test_impossible_orders_are_refused(
    session: Session, register: RegisterState, order: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        find_order_consequences(session, register, order)


def test_drawn_line_tells_what_it_cuts_off(session: Session, register: RegisterState, subjects: None) -> None:
    line = {"type": "LineString", "coordinates": [[51.25, 32], [51.25, 30]]}
    moves = [{"from": "0601010002", "to": "0601020001", "line": line, "side": "left"}]
    order = {"kind": "rebound", "effective_on": "1404-01-01", "moves": moves}
    ledger = find_order_consequences(session, register, order)
    assert [(row.source and row.source.level, row.people) for row in ledger.ground] == [("bakhsh", 0), ("dehestan", 0)]
    assert [(row.place.names["fa"], row.is_left_behind) for row in ledger.places] == [("r", True)]
    assert [row.code for row in ledger.stations] == ["r-1"]


def test_list_of_places_takes_its_people_along(session: Session, register: RegisterState) -> None:
    places = ["0601010001000001", "0601010002000002"]
    order = {"kind": "transfer", "effective_on": "1404-01-01", "divisions": places, "to": "0601020001"}
    ledger = find_order_consequences(session, register, order)
    assert [(row.source and row.source.level, row.people, row.places) for row in ledger.ground] == [
        ("bakhsh", 300, 2),
        ("dehestan", 100, 1),
        ("dehestan", 200, 1),
    ]
    assert all(row.area_m2 is None for row in ledger.ground)


def test_unknown_change_is_not_found(session: Session, register: RegisterState) -> None:
    with pytest.raises(ChangeNotFound):
        find_consequences(session, register, 2**40)
