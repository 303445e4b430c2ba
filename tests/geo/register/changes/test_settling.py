"""Test what settled ground does to a register drawn with letters."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from fixtures.registers import CELL, ORIGIN, SCHEME, claim_ground, invent_register, key_of, name_face, show_register
from geo.coverage import Sheet, adopt_line, follow_medial, lay_face
from geo.errors import ChangeRefused
from geo.register.changes import Effect, plan_change, read_order, write_settlement
from geo.register.consequences import Book, make_turn

WEST, EAST = "0101010001", "0101020001"


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    corners = (ORIGIN[0] + west * CELL, ORIGIN[1] + south * CELL, ORIGIN[0] + east * CELL, ORIGIN[1] + north * CELL)
    return shapely.transform(shapely.box(*corners), lambda xy: xy.round(9))


FACE, CLAIMED = box(2, 2.2, 3, 3), box(3, 2.2, 4.8, 3.5)
STATES = invent_register()
OVERLAPPING = claim_ground(STATES, EAST, FACE)
TORN = claim_ground(STATES, WEST, FACE, leave=True)


def settle(states: Any, ground: shapely.Polygon, *shares: tuple[str | None, shapely.Polygon], **more: Any) -> Effect:
    shared = [{"to": to, "ground": shapely.geometry.mapping(part)} for to, part in shares]
    face = {"divisions": [WEST, EAST], "ground": shapely.geometry.mapping(ground), "shares": shared}
    order = {"kind": "settle", "effective_on": "1400-01-01", **face, **more}
    return plan_change(read_order(order), show_register(states))


def cells(shape: Any) -> float:
    return round(shape.area / CELL**2, 6)


def tell_areas(states: Any, effect: Effect) -> dict[str, float]:
    """Tell by how many cells each division grows or shrinks."""
    grown = {
        key: cells(new.boundary) - cells(states[key].boundary) for key, new in effect.after.items() if new.boundary
    }
    return {states[key].codes[SCHEME]: round(area, 6) for key, area in grown.items() if round(area, 6)}


@pytest.mark.parametrize(
    ("states", "shares", "areas"),
    [
        (OVERLAPPING, [(WEST, FACE)], {EAST: -0.8, "010102": -0.8}),
        (OVERLAPPING, [(EAST, FACE)], {WEST: -0.8, "010101": -0.8}),
        (
            OVERLAPPING,
            [(None, FACE)],
            {WEST: -0.8, EAST: -0.8, "010101": -0.8, "010102": -0.8, "0101": -0.8, "01": -0.8},
        ),
        (STATES, [(EAST, FACE)], {WEST: -0.8, EAST: 0.8, "010101": -0.8, "010102": 0.8}),
        (STATES, [(WEST, FACE)], {}),
    ],
    ids=["to the west", "to the east", "to nobody", "claimed and given", "claimed and refused"],
)
def test_every_level_gains_and_loses(states: Any, shares: Any, areas: dict[str, float]) -> None:
    assert tell_areas(states, settle(states, FACE, *shares)) == areas


@pytest.mark.parametrize(
    ("taker", "areas"),
    [
        (WEST, {WEST: 0.8, "010101": 0.8, "0101": 0.8, "01": 0.8}),
        (EAST, {EAST: 0.8, "010102": 0.8, "0101": 0.8, "01": 0.8}),
    ],
)
def test_a_gap_is_filled_on_every_level(taker: str, areas: dict[str, float]) -> None:
    effect = settle(TORN, FACE, (taker, FACE), gap=True)
    assert tell_areas(TORN, effect) == areas
    assert [(one.source, one.target) for one in effect.moved] == [(None, key_of(taker))]


def test_a_village_goes_with_the_ground_it_stands_on() -> None:
    effect = settle(STATES, CLAIMED, (WEST, CLAIMED))
    village = effect.after[key_of("0101020001000002")]
    assert (village.parent, village.codes) == (key_of(WEST), {SCHEME: "0101010001000002"})


@pytest.mark.parametrize(("more", "code"), [({"recode": False}, "0101020001000002"), ({}, "0101010001000002")])
def test_codes_stay_when_the_order_says_so(more: dict[str, Any], code: str) -> None:
    effect = settle(STATES, CLAIMED, (WEST, CLAIMED), **more)
    assert effect.after[key_of("0101020001000002")].codes == {SCHEME: code}


def test_a_village_on_ground_of_nobody_stays_and_is_told() -> None:
    effect = settle(STATES, CLAIMED, (None, CLAIMED))
    assert key_of("0101020001000002") not in effect.after
    (row,) = Book(make_turn(show_register(STATES), effect), {}).list_places()
    assert (row.place.code, row.is_left_behind, row.target) == ("0101020001000002", True, None)


@pytest.mark.parametrize(("side", "resized"), [(0.8, True), (0.05, False)])
def test_small_ground_does_not_unmake_a_count(side: float, resized: bool) -> None:
    ground = box(2, 2.2, 2 + side, 2.2 + side)
    effect = settle(claim_ground(STATES, EAST, ground), ground, (WEST, ground))
    assert (key_of(EAST) in effect.resized) == resized


def test_what_a_taker_had_already_is_told() -> None:
    view = show_register(OVERLAPPING)
    rows = Book(make_turn(view, settle(OVERLAPPING, FACE, (WEST, FACE))), {}).list_ground()
    told = [
        (row.source and row.source.code, row.target and row.target.code, row.held_m2 == row.area_m2) for row in rows
    ]
    assert told == [("010102", "010101", True), (EAST, WEST, True)]


def test_several_faces_are_settled_by_one_order() -> None:
    second = box(3.2, 2.2, 3.4, 2.4)
    faces = [
        {
            "divisions": [WEST, EAST],
            "ground": shapely.geometry.mapping(ground),
            "shares": [{"to": to, "ground": shapely.geometry.mapping(ground)}],
        }
        for ground, to in ((FACE, EAST), (second, WEST))
    ]
    order = {"kind": "settle", "effective_on": "1400-01-01", "faces": faces}
    effect = plan_change(read_order(order), show_register(OVERLAPPING))
    assert tell_areas(OVERLAPPING, effect) == {WEST: -0.76, EAST: -0.04, "010101": -0.76, "010102": -0.04}


@pytest.mark.parametrize("way", [adopt_line, follow_medial])
def test_a_written_settlement_is_read_as_it_was(way: Any) -> None:
    drawn = {key: one.boundary for key, one in OVERLAPPING.items() if one.boundary is not None}
    sheet = Sheet(drawn, {key: one.parent for key, one in OVERLAPPING.items()}, {})
    face = lay_face(sheet, FACE, [key_of(WEST), key_of(EAST)])
    option = way(face, key_of(EAST)) if way is adopt_line else way(face)
    named = name_face(face, option, {key_of(WEST): WEST, key_of(EAST): EAST})
    order = read_order(write_settlement(date(2021, 3, 21), [named]))
    assert all(
        shapely.equals_identical(read.ground, given.ground)
        for read, given in zip(order.faces[0].shares, option.shares, strict=True)
    )
    assert not order.faces[0].gap


@pytest.mark.parametrize(("states", "gap", "rule"), [(OVERLAPPING, True, "settle_no_gap"), (TORN, False, "settle_gap")])
def test_a_gap_must_be_called_one(states: Any, gap: bool, rule: str) -> None:
    with pytest.raises(ChangeRefused) as caught:
        settle(states, FACE, (WEST, FACE), gap=gap)
    assert [problem.rule for problem in caught.value.params["problems"]] == [rule]


def test_refusals_name_divisions_by_code() -> None:
    both = claim_ground(OVERLAPPING, "0101010002", FACE)
    with pytest.raises(ChangeRefused) as caught:
        settle(both, FACE, (WEST, FACE))
    (problem,) = caught.value.params["problems"]
    assert dict(problem.reason.params)["divisions"] == ("0101010002",)
