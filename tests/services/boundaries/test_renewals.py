"""Test that audit runs are brought up to date after a change, with the findings of an audit of everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fixtures.registers import CELL, ORIGIN, claim_ground, invent_register
from services.access.roles import Caller, RoleGrant
from services.boundaries.audits import audit_levels
from services.boundaries.renewals import RenewedRun, audit_surroundings
from services.boundaries.run_records import load_findings
from services.queries import RegisterState, get_register
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.tables.boundaries import AuditRun
from services.tables.changes import Change

DAY = date(2021, 3, 21)
FIRST = Caller(1, "first", (RoleGrant("national_officer"),))
SECOND = Caller(2, "second", (RoleGrant("national_officer"),))
WEST, EAST = "0101010001", "0101020001"


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    corners = (ORIGIN[0] + west * CELL, ORIGIN[1] + south * CELL, ORIGIN[0] + east * CELL, ORIGIN[1] + north * CELL)
    return shapely.transform(shapely.box(*corners), lambda xy: xy.round(9))


FACE = box(2, 2.2, 3, 3)
"""Ground of the western dehestan that the eastern one has as well."""


@pytest.fixture
def audited(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store a register whose two dehestans overlap, and audit it."""
    register = store_states(session, claim_ground(invent_register(), EAST, FACE))
    for level in ("dehestan", "bakhsh"):
        audit_levels(session, register, [level], day=DAY, caller=FIRST)
    return register


def settle(session: Session, register: RegisterState, *, undo: int | None = None) -> int:
    number = str(session.scalar(select(func.count()).select_from(Change)))
    decree = record_decree(session, register, DecreeText(number, "هیئت وزیران", DAY, DAY), caller=FIRST)
    ground = shapely.geometry.mapping(FACE)
    body: dict[str, Any] = {"kind": "settle", "divisions": [WEST, EAST], "ground": ground, "gap": False}
    body["shares"] = [{"to": WEST, "ground": ground}]
    if undo is not None:
        body = {"kind": "undo", "change": undo}
    key = draft_change(session, register, {**body, "effective_on": "1400-01-01"}, decree_id=decree.id, caller=FIRST).id
    check_change(session, register, key, based_on=1, caller=FIRST)
    approve_change(session, register, key, based_on=2, caller=SECOND)
    apply_change(session, get_register(session, register.name), key, based_on=3, caller=SECOND)
    return key


def renew(session: Session, register: RegisterState) -> tuple[RenewedRun, ...]:
    return audit_surroundings(session, get_register(session, register.name), day=DAY, caller=FIRST)


def tell(session: Session, run: int) -> list[Any]:
    found = load_findings(session, run)
    return sorted(((f.kind, f.divisions, f.fingerprint, f.geometry, f.area_m2, dict(f.detail)) for f in found), key=str)


def test_nothing_is_renewed_where_nothing_changed(session: Session, audited: RegisterState) -> None:
    assert renew(session, audited) == ()


def test_settled_overlap_is_gone_and_nothing_is_new(session: Session, audited: RegisterState) -> None:
    settle(session, audited)
    counts = {one.levels: one.counts.get("overlap", 0) for one in renew(session, audited)}
    assert counts == {("dehestan",): 0, ("bakhsh",): 0}


def test_only_the_surroundings_are_looked_at(session: Session, audited: RegisterState) -> None:
    settle(session, audited)
    assert not any(one.is_whole for one in renew(session, audited))


@pytest.mark.parametrize("steps", [1, 2])
def test_renewed_findings_are_those_of_a_whole_audit(session: Session, audited: RegisterState, steps: int) -> None:
    key = settle(session, audited)
    renewed = renew(session, audited)
    if steps == 2:
        settle(session, audited, undo=key)
        renewed = renew(session, audited)
    for one in renewed:
        whole = audit_levels(session, audited, one.levels, day=DAY, caller=FIRST)
        assert (tell(session, one.run), one.certified) == (tell(session, whole.run), whole.certified)
        assert (one.polygons, one.counts) == (whole.polygons, whole.counts)


def test_renewed_run_says_what_it_renews(session: Session, audited: RegisterState) -> None:
    settle(session, audited)
    for one in renew(session, audited):
        certificate = session.scalars(select(AuditRun.certificate).where(AuditRun.id == one.run)).one()
        assert (certificate["renews"], certificate["examined"]) == (one.renewed, one.examined)


def test_run_without_all_its_figures_is_made_anew(session: Session, audited: RegisterState) -> None:
    session.execute(update(AuditRun).values(certificate={}))
    settle(session, audited)
    assert [one.is_whole for one in renew(session, audited)] == [True, True]


def test_other_tolerances_ask_for_a_whole_audit(session: Session, audited: RegisterState) -> None:
    session.execute(update(AuditRun).values(tolerances={"report_area_m2": 5.0}))
    settle(session, audited)
    assert all(one.is_whole for one in renew(session, audited))
