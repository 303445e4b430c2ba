"""Test that disputed ground is settled in the register by a decree, on all levels, and given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fixtures.registers import CELL, ORIGIN, claim_ground, invent_register
from geo.errors import ChangeRefused
from services.access.roles import Caller, RoleGrant
from services.lookups import get_coded
from services.queries import RegisterState, get_register
from services.register.change_records import ChangeRecord
from services.register.changes import apply_change, approve_change, check_change, draft_change, preview_change
from services.register.decrees import DecreeText, record_decree
from services.register.replays import replay_changes
from services.tables.changes import Change
from services.tables.register import Boundary, Code, Standing

DAY = date(2021, 3, 21)
FIRST = Caller(1, "first", (RoleGrant("national_officer"),))
SECOND = Caller(2, "second", (RoleGrant("national_officer"),))
WEST, EAST = "0101010001", "0101020001"
VILLAGE = "0101020001000002"


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    corners = (ORIGIN[0] + west * CELL, ORIGIN[1] + south * CELL, ORIGIN[0] + east * CELL, ORIGIN[1] + north * CELL)
    return shapely.transform(shapely.box(*corners), lambda xy: xy.round(9))


FACE = box(2, 2.2, 3, 3)
"""Ground of the western dehestan that the eastern one has as well."""
CLAIMED = box(3, 2.2, 4.8, 3.5)
"""Ground of the eastern dehestan, with its village, that the western one claims."""


@pytest.fixture
def overlapping(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store a register whose two dehestans, of two bakhshes, overlap."""
    return store_states(session, claim_ground(invent_register(), EAST, FACE))


def settle(ground: shapely.Geometry, *shares: tuple[str | None, shapely.Geometry], gap: bool = False) -> dict[str, Any]:
    shared = [{"to": to, "ground": shapely.geometry.mapping(part)} for to, part in shares]
    whole = {"divisions": [WEST, EAST], "ground": shapely.geometry.mapping(ground), "gap": gap, "shares": shared}
    return {"kind": "settle", "effective_on": "1400-01-01", **whole}


def carry_out(session: Session, register: RegisterState, body: dict[str, Any]) -> ChangeRecord:
    number = str(session.scalar(select(func.count()).select_from(Change)))
    text = DecreeText(number, "هیئت وزیران", date(2021, 3, 1), DAY)
    decree = record_decree(session, register, text, caller=FIRST)
    key = draft_change(session, register, body, decree_id=decree.id, caller=FIRST).id
    check_change(session, register, key, based_on=1, caller=FIRST)
    approve_change(session, register, key, based_on=2, caller=SECOND)
    return apply_change(session, get_register(session, register.name), key, based_on=3, caller=SECOND)


def tell(session: Session) -> list[tuple[Any, ...]]:
    """Tell all that the register says today of boundaries, standings and codes."""
    found: list[tuple[Any, ...]] = []
    for table, columns in ((Standing, ("level", "parent_id")), (Boundary, ("digest", "area_m2")), (Code, ("code",))):
        query = select(table.division_id, table.valid, *(getattr(table, name) for name in columns))
        found += map(tuple, session.execute(query.where(func.upper_inf(table.recorded))))
    return sorted(found, key=str)


def measure(session: Session, register: RegisterState, code: str) -> float:
    return round((get_coded(session, register, code, day=DAY).area_m2 or 0.0) / 10_124.4, 1)


@pytest.mark.parametrize(
    "shares",
    [[(WEST, FACE)], [(EAST, FACE)], [(None, FACE)], [(WEST, box(2, 2.2, 2.5, 3)), (EAST, box(2.5, 2.2, 3, 3))]],
    ids=["west", "east", "nobody", "parted"],
)
def test_settled_ground_is_given_back_by_an_undo(
    session: Session, overlapping: RegisterState, shares: list[tuple[str | None, shapely.Geometry]]
) -> None:
    before = tell(session)
    record = carry_out(session, overlapping, settle(FACE, *shares))
    assert tell(session) != before
    assert replay_changes(session, overlapping).differences == ()
    carry_out(session, overlapping, {"kind": "undo", "effective_on": "1400-01-01", "change": record.id})
    assert tell(session) == before
    assert replay_changes(session, overlapping).differences == ()


def test_bakhshes_lose_and_gain_with_their_dehestans(session: Session, overlapping: RegisterState) -> None:
    was = {code: measure(session, overlapping, code) for code in (WEST, EAST, "010101", "010102", "0101")}
    carry_out(session, overlapping, settle(FACE, (WEST, FACE)))
    changed = {code: round(measure(session, overlapping, code) - area, 1) for code, area in was.items()}
    assert changed == {WEST: 0.0, EAST: -80.0, "010101": 0.0, "010102": -80.0, "0101": 0.0}


def test_a_village_goes_with_its_ground_and_gets_its_code(session: Session, drawn: RegisterState) -> None:
    record = carry_out(session, drawn, settle(CLAIMED, (WEST, CLAIMED)))
    village = get_coded(session, drawn, "0101010001000002", day=DAY)
    assert village.parent_id == get_coded(session, drawn, WEST, day=DAY).id
    assert record.body["codes"] == {str(village.id): {"sci/1399": "0101010001000002"}}


def test_a_preview_writes_nothing(session: Session, overlapping: RegisterState) -> None:
    before = tell(session)
    effect = preview_change(session, overlapping, settle(FACE, (EAST, FACE)))
    assert effect is not None
    assert round(effect.moved_m2) == 809952
    assert tell(session) == before


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (settle(FACE, (WEST, FACE), gap=True), "settle_no_gap"),
        (settle(FACE, (WEST, box(2, 2.2, 2.5, 3))), "infeasible"),
        (settle(box(2, 1.5, 3, 3), (WEST, box(2, 1.5, 3, 3))), "infeasible"),
        ({**settle(FACE, (WEST, FACE)), "divisions": [WEST, "010102"]}, "infeasible"),
        ({**settle(FACE, (WEST, FACE)), "divisions": [WEST, EAST, "010102"]}, "invalid_value"),
    ],
    ids=["no gap", "not the whole", "not one face", "other level", "above another"],
)
def test_what_is_no_settlement_is_refused(
    session: Session, overlapping: RegisterState, order: dict[str, Any], rule: str
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        preview_change(session, overlapping, order)
    assert [problem.rule for problem in refused.value.params["problems"]] == [rule]  # type: ignore[attr-defined]
