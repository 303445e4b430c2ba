"""Accept a proposal of repairs as a whole or in part, apply what was accepted, or refuse it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from shapely import Point
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, SameRepairOfficer, StaleVersion, because
from geo.register.changes import SettledFace, SettledShare, write_settlement
from geo.register.changes.orders import MetVertex
from geo.register.divisions import Division
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.consequences.ledgers import apply_with_ledger
from services.lookups import list_matching
from services.queries import RegisterState
from services.register.change_records import get_change
from services.register.changes import approve_change, check_change, draft_change
from services.repairs.records import Proposal, RepairLine, get_proposal, list_lines, take_proposal, write_proposal
from services.tables.register import Standing
from services.tables.repairs import RepairMove

LONGEST_REASON = 1000
"""Letters of the reason of a refusal."""


def accept_repairs(
    session: Session,
    register: RegisterState,
    key: int,
    *,
    based_on: int,
    decree_id: int,
    caller: Caller,
    numbers: Collection[int] | None = None,
    day: date | None = None,
) -> Proposal:
    """Accept all repairs of a proposal, or those of some numbers, under a decree.

    One change is drafted for them in the proposer's name, checked, and approved in the caller's. Raises
    SameRepairOfficer for the proposer, StaleVersion when the register or the proposal has moved on since,
    ChangeRefused when the change cannot be done.
    """
    proposal = take_proposal(session, register, key, based_on=based_on, needed="proposed")
    if caller.name == proposal.proposed_by:
        raise SameRepairOfficer(proposal=key, officer=caller.name)
    if proposal.based_on != register.version:
        raise StaleVersion(based_on=proposal.based_on, current=register.version)
    chosen = _choose(list_lines(session, register, proposal, mended=True), numbers)
    order = _write_order(session, register, chosen, day or proposal.as_of)
    change = _approve_order(session, register, order, decree_id=decree_id, pair=(proposal.proposed_by, caller))
    _mark(session, proposal, [line.number for line in chosen])
    decided = {"decided_by": caller.name, "decided_at": func.now(), "change_id": change}
    write_proposal(session, proposal, state="accepted", **decided)
    detail = {"change": change, "moves": len(chosen), "not_accepted": sum(proposal.moves.values()) - len(chosen)}
    _log(session, register, key, caller=caller, step="accept", detail=detail)
    return get_proposal(session, register, key)


def _choose(lines: Sequence[RepairLine], numbers: Collection[int] | None) -> list[RepairLine]:
    """Take the repairs of some numbers; refuse a number that the proposal mends nothing under, and an empty choice."""
    known = {line.number for line in lines}
    strange = sorted(set(numbers or ()) - known)
    if strange:
        raise InvalidValue(field="numbers", value=strange[:10], reason=because("repair_no_move"))
    chosen = [line for line in lines if numbers is None or line.number in numbers]
    if not chosen:
        raise InvalidValue(field="numbers", value=[], reason=because("repair_nothing"))
    return chosen


def _write_order(session: Session, register: RegisterState, lines: Sequence[RepairLine], day: date) -> dict[str, Any]:
    """Write one order that settles every face and inserts every vertex."""
    keys = sorted({one.id for line in lines for one in line.divisions})
    there = list_matching(session, register, day, Standing.division_id.in_(keys))
    words = {one.id: f"{one.level}:{one.code}" for one in there}
    missing = sorted(set(keys) - {one.id for one in there if one.code})
    if missing:
        raise InvalidValue(field="effective_on", value=day.isoformat(), reason=because("repair_uncoded"))
    faces = [_name_face(line, words) for line in lines if line.way != "vertex"]
    vertices = [MetVertex(_name(line.divisions, words), Point(point)) for line in lines for point in line.points]
    return write_settlement(day, faces, vertices)


def _name(divisions: Sequence[Division], words: dict[int, str]) -> tuple[str, ...]:
    return tuple(words[one.id] for one in divisions)


def _name_face(line: RepairLine, words: dict[int, str]) -> SettledFace:
    shares = tuple(SettledShare(ground, words[taker]) for taker, ground in zip(line.takers, line.grounds, strict=True))
    assert line.geometry is not None
    return SettledFace(_name(line.divisions, words), line.geometry, shares, line.kind == "gap")


def _approve_order(
    session: Session,
    register: RegisterState,
    order: dict[str, Any],
    *,
    decree_id: int,
    pair: tuple[str, Caller],
) -> int:
    """Draft and check the change in the name of who worked it out, and approve it in that of who accepts it."""
    proposer = Caller(None, pair[0], pair[1].grants)
    record = draft_change(session, register, order, decree_id=decree_id, caller=proposer)
    checked = check_change(session, register, record.id, based_on=record.version, caller=proposer).change
    return approve_change(session, register, record.id, based_on=checked.version, caller=pair[1]).id


def _mark(session: Session, proposal: Proposal, numbers: Sequence[int]) -> None:
    own = (RepairMove.proposal_id == proposal.id, RepairMove.number.in_(numbers))
    session.execute(update(RepairMove).where(*own).values(accepted=True))


def apply_repairs(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> Proposal:
    """Write the accepted repairs into the register, all in one change with its ledger, or none."""
    proposal = take_proposal(session, register, key, based_on=based_on, needed="accepted")
    record = get_change(session, register, proposal.change or 0)
    apply_with_ledger(session, register, record.id, based_on=record.version, caller=caller)
    write_proposal(session, proposal, state="applied")
    _log(session, register, key, caller=caller, step="apply", detail={"change": record.id})
    return get_proposal(session, register, key)


def refuse_repairs(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller, reason: str
) -> Proposal:
    """Refuse a proposal as a whole, with the reason; its defects stay findings."""
    check_permitted(session, caller, Action.APPROVE_CHANGE, register)
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise InvalidValue(field="reason", value=reason[:20], reason=because("change_wants_text", most=LONGEST_REASON))
    proposal = take_proposal(session, register, key, based_on=based_on, needed="proposed")
    decided = {"decided_by": caller.name, "decided_at": func.now(), "reason": reason.strip()}
    write_proposal(session, proposal, state="refused", **decided)
    _log(session, register, key, caller=caller, step="refuse", detail={})
    return get_proposal(session, register, key)


def _log(
    session: Session, register: RegisterState, key: int, *, caller: Caller, step: str, detail: dict[str, Any]
) -> None:
    full = {"repair": key, "step": step, **detail}
    record_write(session, caller=caller, action=Action.APPROVE_CHANGE, subject=register.name, detail=full)
