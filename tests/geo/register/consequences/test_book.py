"""Check ledgers against sums done by hand on a province drawn as letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.coverage import measure_area
from geo.register.consequences import Book

WorkOut = Callable[..., Book]
STRIP = {"type": "Polygon", "coordinates": [[[51.25, 30], [52, 30], [52, 32], [51.25, 32], [51.25, 30]]]}
NEW = {"label": "N", "level": "county", "names": {"fa": "نو"}, "children": ["060102"]}
LINE_M = 221739.0
"""Two degrees of a meridian from 30 degrees north."""


def list_ground(book: Book) -> list[tuple[Any, ...]]:
    return [
        (row.source and row.source.code, row.target and row.target.code, row.people, row.places, row.is_estimated)
        for row in book.list_ground()
    ]


def test_transfer_moves_ground_people_and_places_between_counties(work_out: WorkOut) -> None:
    book = work_out(kind="transfer", divisions=["060102"], to="0602")
    assert list_ground(book) == [("0601", "0602", 700, 2, False)]
    assert [(row.place.names["fa"], row.source.names["fa"], row.target.names["fa"]) for row in book.list_places()] == [  # type: ignore[union-attr]
        ("s", "A", "B"),
        ("t", "A", "B"),
    ]


def test_area_is_that_of_what_moves(work_out: WorkOut, province: Any) -> None:
    (row,) = work_out(kind="transfer", divisions=["060102"], to="0602").list_ground()
    assert row.area_m2 == pytest.approx(measure_area(province.states[province.ids["L"]].boundary), abs=0.1)


def test_transfer_gives_back_codes_that_begin_with_the_old_county(work_out: WorkOut) -> None:
    codes = work_out(kind="transfer", divisions=["060102"], to="0602").list_codes()
    retired = [row.code for row in codes if not row.is_issued]
    issued = [row.code for row in codes if row.is_issued]
    assert (retired[0], issued[0], len(retired), len(issued)) == ("060102", "060202", 5, 5)


@pytest.mark.parametrize(
    ("order", "lines"),
    [
        ({"kind": "transfer", "divisions": ["060102"], "to": "0602"}, [("A", "B", LINE_M, LINE_M, 0.0)]),
        (
            {"kind": "merge", "divisions": ["060102"], "to": "060101", "recode": False},
            [("K", "L", LINE_M, 0.0, 0.0), ("K", "M", 0.0, LINE_M, 0.0), ("L", "M", LINE_M, 0.0, 0.0)],
        ),
        (
            {"kind": "split", "divisions": ["0601"], "founded": [NEW], "recode": False},
            [("A", "نو", 0.0, LINE_M, 0.0), ("A", "B", LINE_M, 0.0, 0.0), ("B", "نو", 0.0, LINE_M, 0.0)],
        ),
        ({"kind": "rename", "divisions": ["0601"], "names": {"fa": "دیگر"}}, []),
    ],
)
def test_boundaries_that_are_not_where_they_were(work_out: WorkOut, order: dict[str, Any], lines: list[Any]) -> None:
    rows = work_out(**order).list_lines()
    found = [(r.first.names["fa"], r.second.names["fa"], r.before_m, r.after_m, r.kept_m) for r in rows]
    assert sorted(found) == sorted(lines)


def test_merge_gives_everything_to_the_heir(work_out: WorkOut, province: Any) -> None:
    book = work_out(kind="merge", divisions=["060102"], to="060101", recode=False)
    assert list_ground(book) == [("060102", "060101", 700, 2, False)]
    assert book.people_after == {province.ids["K"]: 1000}
    assert [row.code for row in book.list_codes() if not row.is_issued] == ["060102"]


def test_split_counts_what_the_new_county_takes(work_out: WorkOut, province: Any) -> None:
    book = work_out(kind="split", divisions=["0601"], founded=[NEW], recode=False)
    assert list_ground(book) == [("0601", "0603", 700, 2, False)]
    assert book.people_after == {province.ids["A"]: 300, -1: 700}
    assert [(row.code, row.division.id) for row in book.list_codes() if row.is_issued] == [("0603", -1)]


def test_drawn_ground_leaves_a_place_behind_and_says_so(work_out: WorkOut) -> None:
    moves = [{"from": "0601010002", "to": "0601020001", "ground": STRIP}]
    book = work_out(kind="rebound", moves=moves)
    assert list_ground(book) == [("060101", "060102", 0, 0, False), ("0601010002", "0601020001", 0, 0, False)]
    (row,) = book.list_places()
    assert (row.place.names["fa"], row.source.code, row.is_left_behind) == ("r", "0601010002", True)  # type: ignore[union-attr]


def test_people_of_a_cut_division_are_shared_out_by_area(work_out: WorkOut, province: Any) -> None:
    moves = [{"from": "0601010002", "to": "0601020001", "ground": STRIP}]
    book = work_out(people={province.ids["R"]: 1000, province.ids["S"]: 500}, kind="rebound", moves=moves)
    assert list_ground(book)[-1] == ("0601010002", "0601020001", 750, 0, True)
    assert (book.people_after[province.ids["R"]], book.people_after[province.ids["S"]]) == (250, 1250)


def test_nobody_counted_is_not_nobody(work_out: WorkOut) -> None:
    book = work_out(people={}, kind="transfer", divisions=["060102"], to="0602")
    assert [row.people for row in book.list_ground()] == [None]
    assert set(book.people_after.values()) == {None}


def test_lowest_shifts_tell_each_ground_once(work_out: WorkOut, province: Any) -> None:
    moves = [{"from": "0601010002", "to": "0601020001", "ground": STRIP}]
    book = work_out(kind="rebound", moves=moves)
    assert [(shift.source, shift.target) for shift in book.lowest] == [(province.ids["R"], province.ids["S"])]


def test_register_without_boundaries_tells_people_and_places(province: Any) -> None:
    from dataclasses import replace

    province.states = {key: replace(state, boundary=None) for key, state in province.states.items()}
    book = province.work_out(kind="transfer", divisions=["060102"], to="0602")
    assert list_ground(book) == [("0601", "0602", 700, 2, False)]
    assert [row.area_m2 for row in book.list_ground()] == [None]


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "transfer", "divisions": ["060102"], "to": "0602"},
        {"kind": "merge", "divisions": ["060102"], "to": "060101"},
        {"kind": "split", "divisions": ["0601"], "founded": [NEW]},
        {"kind": "transfer", "divisions": ["0601020001"], "to": "060201"},
    ],
)
def test_people_are_kept_to_the_last_one(work_out: WorkOut, province: Any, order: dict[str, Any]) -> None:
    book = work_out(**order)
    counties = [key for key, state in book.turn.after.items() if state.level == "county"]
    assert sum(book.count_after(key) or 0 for key in counties) == province.people[province.ids["P"]] == 2100
