"""Test changes on the real boundaries of Algeria: ground stays tiled on every level, and replay and undo hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy.orm import Session

from geo.coverage import FindingKind, Parents, audit_coverage
from geo.register.changes import DivisionState
from services.access.roles import Caller, RoleGrant
from services.lookups import list_matching
from services.queries import RegisterState, get_register, load_boundaries
from services.register.change_records import ChangeRecord
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.register.replays import replay_changes
from services.tables.register import Standing

DAY = date(2024, 2, 1)
FIRST, SECOND = (Caller(number, name, (RoleGrant("admin"),)) for number, name in ((1, "first"), (2, "second")))
LEVELS = (("commune", "daira"), ("daira", "wilaya"), ("wilaya", None))
NEIGHBOURS = ("16", "09")
"""Two wilayas, the capital and one beside it."""


@pytest.fixture
def algeria(demo_session: Session) -> RegisterState:
    """Give the register of the demonstration."""
    return get_register(demo_session, "dz")


def carry_out(session: Session, order: dict[str, Any]) -> ChangeRecord:
    register = get_register(session, "dz")
    text = DecreeText(f"{order['kind']} {register.version}", "invented", date(2024, 1, 10), DAY)
    decree = record_decree(session, register, text, caller=FIRST)
    body = {"effective_on": DAY.isoformat(), **order}
    key = draft_change(session, register, body, decree_id=decree.id, caller=FIRST).id
    check_change(session, register, key, based_on=1, caller=FIRST)
    approve_change(session, register, key, based_on=2, caller=SECOND)
    return apply_change(session, register, key, based_on=3, caller=SECOND)


def list_defects(session: Session, register: RegisterState, day: date) -> list[tuple[str, str, float]]:
    """List overlaps, gaps, unmatched vertices and misfits of every level, to a hundredth of a square metre."""
    found = []
    for level, above in LEVELS:
        children, grounds = load_level(session, register, level, day)
        parents, wholes = load_level(session, register, above, day) if above else ([], {})
        nest = Parents(
            [str(one.id) for one in parents],
            [wholes[one.id] for one in parents],
            [str(one.parent) for one in children],
        )
        keys, shapes = [str(one.id) for one in children], [grounds[one.id] for one in children]
        audit = audit_coverage(shapes, keys, parents=nest if above else None)
        assert audit.certified
        kept = [one for one in audit.findings if one.kind is not FindingKind.DETACHED_PART]
        found += [(level, str(one.kind), round(one.area_m2 or 0.0, 2)) for one in kept]
    return sorted(found)


def load_level(
    session: Session, register: RegisterState, level: str, day: date
) -> tuple[list[DivisionState], dict[int, Any]]:
    grounds = load_boundaries(session, register, day, Standing.level == level)
    divisions = list_matching(session, register, day, Standing.level == level)
    return [DivisionState(one.id, level, one.parent_id) for one in divisions if one.id in grounds], grounds


def pick_below(session: Session, register: RegisterState, code: str) -> list[str]:
    """List the codes of the dairas of a wilaya."""
    (wilaya,) = [one for one in list_matching(session, register, DAY, Standing.level == "wilaya") if one.code == code]
    return [one.code for one in list_matching(session, register, DAY, Standing.parent_id == wilaya.id)]


def test_a_daira_goes_to_another_wilaya_and_back(demo_session: Session, algeria: RegisterState):
    before = list_defects(demo_session, algeria, date(2024, 1, 31))
    (first, second) = (pick_below(demo_session, algeria, code) for code in NEIGHBOURS)
    carry_out(demo_session, {"kind": "transfer", "divisions": first[:1], "to": "wilaya:09"})
    assert list_defects(demo_session, algeria, DAY) == before
    assert set(pick_below(demo_session, algeria, "09")) == {*second, first[0]}
    assert replay_changes(demo_session, algeria).differences == ()


def test_wilayas_merge_and_the_merger_is_taken_back(demo_session: Session, algeria: RegisterState):
    before = list_defects(demo_session, algeria, DAY)
    merged = carry_out(demo_session, {"kind": "merge", "divisions": ["wilaya:09"], "to": "wilaya:16"})
    assert len(list_defects(demo_session, algeria, DAY)) <= len(before)
    carry_out(demo_session, {"kind": "undo", "change": merged.id})
    assert list_defects(demo_session, algeria, DAY) == before


def test_a_line_through_a_commune_moves_ground_on_every_level(demo_session: Session, algeria: RegisterState):
    before = list_defects(demo_session, algeria, DAY)
    source, target = find_border_pair(demo_session, algeria)
    ground = shapely.geometry.mapping(source[1])
    move = {"from": f"commune:{source[0]}", "to": f"commune:{target}", "ground": ground}
    record = carry_out(demo_session, {"kind": "rebound", "moves": [move]})
    assert list_defects(demo_session, algeria, DAY) == before
    assert len(record.predecessors) == 2


def find_border_pair(session: Session, register: RegisterState) -> tuple[tuple[str, Any], str]:
    """Find two communes of different wilayas that touch, with half of the first one's box as ground to move."""
    divisions = {one.id: one for one in list_matching(session, register, DAY, Standing.level.in_(("commune", "daira")))}
    grounds = load_boundaries(session, register, DAY, Standing.level == "commune")
    keys = sorted(grounds)
    tree = shapely.STRtree([grounds[key] for key in keys])
    for one, other in tree.query([grounds[key] for key in keys], predicate="touches").T.tolist():
        first, second = divisions[keys[one]], divisions[keys[other]]
        wilayas = {divisions[division.parent_id].parent_id for division in (first, second)}
        shape = grounds[first.id]
        shared = shapely.intersection(shape, grounds[second.id])
        if len(wilayas) == 2 and shared.length > 0.05 and len(shape.geoms) == 1:
            middle = shared.interpolate(0.5, normalized=True) if shared.geom_type == "LineString" else shared.centroid
            return (first.code, shapely.intersection(shape, middle.buffer(0.01)).buffer(0)), second.code
    raise AssertionError("no such pair")
