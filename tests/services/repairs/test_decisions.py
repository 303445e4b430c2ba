"""Test that accepted repairs come into the register as one change, and out of it again."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.coverage import audit_coverage
from geo.errors import InvalidValue, RepairNotFound, SameRepairOfficer, StaleVersion, WrongRepairState
from services.access.roles import Caller, RoleGrant
from services.boundaries.exceptions import ExceptionText, declare_exception
from services.queries import RegisterState, get_register, load_boundaries
from services.register.change_records import get_change
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.repairs.decisions import accept_repairs, apply_repairs, refuse_repairs
from services.repairs.proposals import propose_repairs
from services.repairs.records import Proposal, list_lines
from services.tables.access import AuditLog
from services.tables.register import Position, Standing

DAY = date(2022, 3, 21)
FIRST = Caller(None, "first", (RoleGrant("national_officer"),))
SECOND = Caller(None, "second", (RoleGrant("national_officer"),))
LEVELS = ("dehestan", "bakhsh", "county", "province")


def propose(session: Session, register: RegisterState) -> Proposal:
    return propose_repairs(session, register, ["dehestan"], day=DAY, caller=FIRST)


def count_defects(session: Session, register: RegisterState, level: str) -> dict[str, int]:
    shapes = load_boundaries(session, register, DAY, Standing.level == level)
    return audit_coverage(list(shapes.values()), [str(key) for key in shapes]).counts


def carry_out(session: Session, register: RegisterState, decree: int, **given: object) -> Proposal:
    proposal = propose(session, register)
    accepted = accept_repairs(
        session, register, proposal.id, based_on=1, decree_id=decree, caller=SECOND, day=DAY, **given
    )
    return apply_repairs(session, register, proposal.id, based_on=accepted.version, caller=SECOND)


@pytest.mark.parametrize("level", LEVELS)
def test_applied_repairs_leave_no_defect_on_any_level(session: Session, torn: RegisterState, decree: int, level: str):
    assert count_defects(session, torn, level)
    assert carry_out(session, torn, decree).state == "applied"
    assert count_defects(session, torn, level) == {}


def test_repairs_are_one_change_with_its_ledger(session: Session, torn: RegisterState, decree: int):
    applied = carry_out(session, torn, decree)
    change = get_change(session, torn, applied.change or 0)
    assert (change.kind.value, change.state, change.drafted_by, change.approved_by) == (
        *("settle", "applied", "first", "second"),
    )
    assert len(change.order.faces) == 2
    assert len(change.order.vertices) == 1


def test_every_other_coordinate_stays(session: Session, torn: RegisterState, decree: int):
    before = load_boundaries(session, torn, DAY, Standing.level.in_(LEVELS))
    carry_out(session, torn, decree)
    after = load_boundaries(session, torn, DAY, Standing.level.in_(LEVELS))
    old, new = (set(map(tuple, shapely.get_coordinates(list(some.values())).tolist())) for some in (before, after))
    assert new <= old


def test_part_of_a_proposal_is_accepted(session: Session, torn: RegisterState, decree: int):
    lines = list_lines(session, torn, propose(session, torn), mended=True)
    gap = next(line.number for line in lines if line.kind == "gap")
    applied = carry_out(session, torn, decree, numbers=[gap])
    assert applied.accepted == 1
    assert count_defects(session, torn, "dehestan") == {"overlap": 1, "unmatched_vertex": 1}


def test_repairs_can_be_taken_back(session: Session, torn: RegisterState, decree: int):
    before = {level: count_defects(session, torn, level) for level in LEVELS}
    applied = carry_out(session, torn, decree)
    text = DecreeText("2", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    other = record_decree(session, torn, text, caller=FIRST).id
    body = {"kind": "undo", "effective_on": DAY.isoformat(), "change": applied.change}
    record = draft_change(session, torn, body, decree_id=other, caller=FIRST)
    check_change(session, torn, record.id, based_on=1, caller=FIRST)
    approve_change(session, torn, record.id, based_on=2, caller=SECOND)
    apply_change(session, get_register(session, torn.name), record.id, based_on=3, caller=SECOND)
    assert {level: count_defects(session, torn, level) for level in LEVELS} == before


def test_who_proposed_may_not_accept(session: Session, torn: RegisterState, decree: int):
    proposal = propose(session, torn)
    with pytest.raises(SameRepairOfficer):
        accept_repairs(session, torn, proposal.id, based_on=1, decree_id=decree, caller=FIRST)


@pytest.mark.parametrize("numbers", [[99], [0], []])
def test_only_moves_of_the_proposal_are_accepted(
    session: Session, torn: RegisterState, decree: int, numbers: list[int]
):
    proposal = propose(session, torn)
    with pytest.raises(InvalidValue):
        accept_repairs(session, torn, proposal.id, based_on=1, decree_id=decree, caller=SECOND, numbers=numbers)


def test_a_proposal_is_decided_once(session: Session, torn: RegisterState, decree: int):
    proposal = propose(session, torn)
    refused = refuse_repairs(session, torn, proposal.id, based_on=1, caller=SECOND, reason="نیاز به بازدید")
    assert (refused.state, refused.reason, refused.decided_by) == ("refused", "نیاز به بازدید", "second")
    with pytest.raises(WrongRepairState):
        accept_repairs(session, torn, proposal.id, based_on=2, decree_id=decree, caller=SECOND)


def test_a_stale_version_is_told(session: Session, torn: RegisterState, decree: int):
    proposal = propose(session, torn)
    with pytest.raises(StaleVersion):
        accept_repairs(session, torn, proposal.id, based_on=7, decree_id=decree, caller=SECOND)


def test_a_register_that_has_moved_wants_a_new_proposal(session: Session, torn: RegisterState, decree: int):
    proposal = propose(session, torn)
    carry_out(session, torn, decree)
    moved = get_register(session, torn.name)
    with pytest.raises(StaleVersion):
        accept_repairs(session, moved, proposal.id, based_on=1, decree_id=decree, caller=SECOND)


@pytest.mark.parametrize("reason", ["", "  ", "a\0b", "x" * 1001])
def test_a_refusal_says_why(session: Session, torn: RegisterState, reason: str):
    proposal = propose(session, torn)
    with pytest.raises(InvalidValue):
        refuse_repairs(session, torn, proposal.id, based_on=1, caller=SECOND, reason=reason)


def test_an_unknown_proposal_is_not_found(session: Session, torn: RegisterState):
    with pytest.raises(RepairNotFound):
        refuse_repairs(session, torn, 4711, based_on=1, caller=SECOND, reason="no")


def test_every_step_is_in_the_log(session: Session, torn: RegisterState, decree: int):
    carry_out(session, torn, decree)
    rows = session.execute(select(AuditLog.actor, AuditLog.detail).order_by(AuditLog.id)).all()
    steps = [(row.actor, row.detail["step"]) for row in rows if "repair" in row.detail]
    assert steps == [("first", "propose"), ("second", "accept"), ("second", "apply")]


def test_a_lawful_exception_is_left(session: Session, torn: RegisterState):
    [gap] = [line for line in list_lines(session, torn, propose(session, torn)) if line.kind == "gap"]
    text = ExceptionText("gap", "a lake", fingerprint=gap.fingerprint)
    declare_exception(session, torn, text, caller=SECOND)
    assert propose(session, torn).left == {"repair_excepted": 1}


def test_a_place_within_a_sliver_keeps_it_as_it_is(session: Session, torn: RegisterState):
    [gap] = [line for line in list_lines(session, torn, propose(session, torn)) if line.kind == "gap"]
    inside = shapely.point_on_surface(gap.geometry)
    village = select(Standing.division_id).where(Standing.level == "village").limit(1).scalar_subquery()
    spot = f"SRID=4326;{inside.wkt}"
    session.execute(update(Position).where(Position.division_id == village).values(geom=spot))
    assert propose(session, torn).left == {"repair_place": 1}


@pytest.mark.parametrize("level", ["bakhsh", "county"])
def test_what_stands_above_others_is_mended_with_them(session: Session, torn: RegisterState, level: str):
    proposal = propose_repairs(session, torn, [level], day=DAY, caller=FIRST)
    assert (proposal.moves, set(proposal.left)) == ({}, {"repair_below"})
