"""Bring a change from its draft into the register: drafted, checked, approved by a second officer, applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from geo.errors import SameOfficer
from geo.register.changes import ChangeKind, ChangeOrder, Effect, RegisterView, plan_change, read_order
from geo.register.changes.problems import find_problem, refuse_change
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.queries import RegisterState
from services.register.applying import take_back, write_effect
from services.register.change_records import ChangeRecord, get_change, take_step, write_change
from services.register.decrees import Decree, get_decree
from services.register.held_changes import check_free
from services.register.references import resolve_references
from services.register.surroundings import Promised, load_view
from services.register.writing import Entry, advance_register
from services.tables.changes import Change, ReservedCode

OPEN = ("draft", "checked", "approved")
"""The states from which a change may still go back."""


@dataclass(frozen=True)
class ChangeCheck:
    """Hold a change that can be done, with what it would do."""

    change: ChangeRecord
    """The change."""
    effect: Effect | None
    """What it does; None for a change that takes another back."""


def draft_change(
    session: Session, register: RegisterState, body: Mapping[str, Any], *, decree_id: int, caller: Caller
) -> ChangeRecord:
    """Keep the order of a change as a draft under a decree.

    Raises InvalidChange with the field that cannot be understood, ChangeRefused when its divisions are not there on
    its day or the decree is not in force, NotPermitted when the caller's roles do not cover all of them.
    """
    order = _read_draft(session, register, body, decree_id=decree_id, caller=caller)
    key = session.scalars(
        insert(Change)
        .values(
            register_id=register.id,
            decree_id=decree_id,
            kind=str(order.kind),
            effective_on=order.effective_on,
            body={"order": body},
            drafted_by=caller.name,
            undoes=order.change,
        )
        .returning(Change.id)
    ).one()
    _log(session, register, key, caller=caller, action=Action.DRAFT_CHANGE, step="draft")
    return get_change(session, register, key)


def revise_change(
    session: Session, register: RegisterState, key: int, body: Mapping[str, Any], *, based_on: int, caller: Caller
) -> ChangeRecord:
    """Replace the order of a change that is not yet approved; it is a draft again, drafted by whoever revised it."""
    record = take_step(session, register, key, based_on=based_on, needed=("draft", "checked"))
    order = _read_draft(session, register, body, decree_id=record.decree_id, caller=caller)
    release_codes(session, key)
    values = {"kind": str(order.kind), "effective_on": order.effective_on, "undoes": order.change}
    write_change(session, record, state="draft", body={"order": body}, drafted_by=caller.name, **values)
    _log(session, register, key, caller=caller, action=Action.DRAFT_CHANGE, step="revise")
    return get_change(session, register, key)


def _read_draft(
    session: Session, register: RegisterState, body: Mapping[str, Any], *, decree_id: int, caller: Caller
) -> ChangeOrder:
    order = read_order(body)
    _check_decree(get_decree(session, register, decree_id), order)
    if order.kind is ChangeKind.UNDO:
        find_undone(session, register, order)
    _check_scope(session, register, order, caller=caller, action=Action.DRAFT_CHANGE)
    return order


def _check_decree(decree: Decree, order: ChangeOrder) -> None:
    # what is taken back is of a day before the decree that does so
    if order.kind is not ChangeKind.UNDO and order.effective_on < decree.text.in_force_from:
        start = decree.text.in_force_from.isoformat()
        raise refuse_change(find_problem("before_decree", day=order.effective_on.isoformat(), start=start))


def find_undone(session: Session, register: RegisterState, order: ChangeOrder) -> ChangeRecord:
    """Give the change that an order takes back, which must be in force and of the same day."""
    undone = get_change(session, register, order.change or 0)
    check_free(session, undone.id)
    if undone.state != "applied":
        raise refuse_change(find_problem("undo_state", str(undone.id), change=undone.id, state=undone.state))
    if undone.kind is ChangeKind.UNDO:
        raise refuse_change(find_problem("undo_undo", str(undone.id), change=undone.id))
    if undone.effective_on != order.effective_on:
        day = undone.effective_on.isoformat()
        raise refuse_change(find_problem("undo_day", str(undone.id), change=undone.id, day=day))
    return undone


def _check_scope(
    session: Session, register: RegisterState, order: ChangeOrder, *, caller: Caller, action: Action
) -> dict[str, int]:
    """Refuse a caller whose roles do not cover every division the order names; give what its words mean."""
    references = resolve_references(session, register, order.list_references(), order.effective_on)
    divisions: Iterable[int] = references.values()
    if order.kind is ChangeKind.UNDO:
        undone = find_undone(session, register, order)
        divisions = (*undone.predecessors, *undone.successors)
    for division in sorted(set(divisions)) or (None,):
        check_permitted(session, caller, action, register, division)
    return references


def preview_change(session: Session, register: RegisterState, body: Mapping[str, Any]) -> Effect | None:
    """Work out what an order would do, and write nothing; None for one that takes another change back.

    Raises InvalidChange and ChangeRefused as `draft_change` and `check_change` do.
    """
    return _plan(session, register, read_order(body), {})


def find_effect(session: Session, register: RegisterState, record: ChangeRecord) -> Effect | None:
    """Work out what a change that is not yet applied would do to the register as it is."""
    return _plan(session, register, record.order, record.promised)


def _plan(session: Session, register: RegisterState, order: ChangeOrder, promised: Promised) -> Effect | None:
    if order.kind is ChangeKind.UNDO:
        find_undone(session, register, order)
        return None
    return plan_change(order, load_view(session, register, order, promised=promised))


def check_change(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> ChangeCheck:
    """Work a draft out against the register and set aside the codes it needs.

    Raises ChangeRefused with every rule it breaks; the draft then stays as it is.
    """
    record = take_step(session, register, key, based_on=based_on, needed=("draft", "checked"))
    _check_scope(session, register, record.order, caller=caller, action=Action.DRAFT_CHANGE)
    effect = find_effect(session, register, record)
    release_codes(session, key)
    codes = reserve_codes(session, register, record, effect, caller=caller) if effect else {}
    write_change(session, record, state="checked", body={**record.body, "codes": codes})
    _log(session, register, key, caller=caller, action=Action.DRAFT_CHANGE, step="check")
    return ChangeCheck(get_change(session, register, key), effect)


def reserve_codes(
    session: Session, register: RegisterState, record: ChangeRecord, effect: Effect, *, caller: Caller
) -> dict[str, dict[str, str]]:
    """Set aside the codes that a change gives, by division and `scheme/version`."""
    found: dict[str, dict[str, str]] = {}
    for division, state in sorted(effect.after.items()):
        old = effect.before[division].codes if division in effect.before else {}
        new = {word: code for word, code in sorted(state.codes.items()) if old.get(word) != code}
        if new:
            found[str(division)] = new
    rows = [(*word.split("/"), code) for codes in found.values() for word, code in codes.items()]
    own = {"register_id": register.id, "state": "reserved", "change_id": record.id, "actor": caller.name}
    values = [{"scheme": scheme, "version": version, "code": code, **own} for scheme, version, code in rows]
    if values:
        session.execute(insert(ReservedCode), values)
    return found


def release_codes(session: Session, key: int) -> None:
    """Give back the codes that were set aside for a change."""
    session.execute(delete(ReservedCode).where(ReservedCode.change_id == key, ReservedCode.state == "reserved"))


def approve_change(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller
) -> ChangeRecord:
    """Approve a checked change; whoever drafted it may not (SameOfficer)."""
    record = take_step(session, register, key, based_on=based_on, needed=("checked",))
    _check_scope(session, register, record.order, caller=caller, action=Action.APPROVE_CHANGE)
    if caller.name == record.drafted_by:
        raise SameOfficer(change=key, officer=caller.name)
    write_change(session, record, state="approved", approved_by=caller.name)
    _log(session, register, key, caller=caller, action=Action.APPROVE_CHANGE, step="approve")
    return get_change(session, register, key)


def close_change(
    session: Session,
    register: RegisterState,
    key: int,
    *,
    based_on: int,
    caller: Caller,
    reason: str = "",
) -> ChangeRecord:
    """Withdraw a change, if it is the caller's own draft, or refuse it; its codes are free again."""
    record = take_step(session, register, key, based_on=based_on, needed=OPEN)
    is_own = caller.name == record.drafted_by
    action = Action.DRAFT_CHANGE if is_own else Action.APPROVE_CHANGE
    _check_scope(session, register, record.order, caller=caller, action=action)
    release_codes(session, key)
    state = "withdrawn" if is_own else "refused"
    write_change(session, record, state=state, body={**record.body, "reason": reason[:1000]})
    _log(session, register, key, caller=caller, action=action, step=state)
    return get_change(session, register, key)


@dataclass(frozen=True)
class Application:
    """Hold an approved change that is locked and worked out, and of which nothing is written yet."""

    record: ChangeRecord
    """The change."""
    register: RegisterState
    """The register at its next version."""
    view: RegisterView | None
    """What of the register the change concerns, as it is; None for a change that takes another back."""
    effect: Effect | None
    """What it does; None for a change that takes another back."""


def apply_change(session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller) -> ChangeRecord:
    """Write an approved change into the register, whole or not at all; the register moves to its next version.

    It is worked out anew against the register as it is. Raises ChangeRefused when that has moved so that the change
    can no longer be done, StaleVersion when somebody else writes at the same time.
    """
    application = begin_application(session, register, key, based_on=based_on, caller=caller)
    return finish_application(session, application, caller=caller)


def begin_application(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller
) -> Application:
    """Lock an approved change and the register, and work the change out; raises what `apply_change` does."""
    record = take_step(session, register, key, based_on=based_on, needed=("approved",))
    order = record.order
    references = _check_scope(session, register, order, caller=caller, action=Action.APPROVE_CHANGE)
    current = advance_register(session, register)
    if record.kind is ChangeKind.UNDO:
        return Application(record, current, None, None)
    view = load_view(session, register, order, promised=record.promised, references=references)
    return Application(record, current, view, plan_change(order, view))


def finish_application(session: Session, application: Application, *, caller: Caller) -> ChangeRecord:
    """Write a change that has been worked out; nothing else may have been written in between."""
    record, register = application.record, application.register
    entry = Entry(register, None, record.effective_on, is_dated=True, change_id=record.id)
    found: dict[str, Any] = {}
    if application.view is None or application.effect is None:
        undone = find_undone(session, register, record.order)
        assert undone.applied_at is not None
        writer = take_back(session, entry, change=undone.id, applied_at=undone.applied_at)
    else:
        writer = write_effect(session, application.effect, entry)
        found["references"] = dict(application.view.references)
        found["founded"] = {str(planned): division for planned, division in writer.ids.items()}
    write_change(session, record, state="applied", applied_at=writer.moment, body={**record.body, **found})
    release_codes(session, record.id)  # they are held now, or the change took none
    _log(session, register, record.id, caller=caller, action=Action.APPROVE_CHANGE, step="apply")
    return get_change(session, register, record.id)


def _log(session: Session, register: RegisterState, key: int, *, caller: Caller, action: Action, step: str) -> None:
    detail = {"change": key, "step": step, "version": register.version}
    record_write(session, caller=caller, action=action, subject=register.name, detail=detail)
