"""Find all that follows from a change: before it is done from the register as it is, afterwards as it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from geo.register.changes import ChangeKind, ChangeOrder, Effect, RegisterView, plan_change, read_order
from geo.register.consequences import Book, Ledger, make_turn, read_ledger, settle_keys, turn_round
from services.access.roles import Caller
from services.consequences.complaints import list_complaints
from services.consequences.constituencies import list_constituencies
from services.consequences.councils import list_councils
from services.consequences.defects import list_defects
from services.consequences.disputes import list_touched
from services.consequences.scenes import Scene
from services.consequences.stations import list_catchments, list_plans, list_stations
from services.queries import RegisterState, count_people_in
from services.register.change_records import ChangeRecord, get_change
from services.register.changes import Application, begin_application, finish_application
from services.register.surroundings import Promised, load_view
from services.tables.changes import Change


def find_consequences(session: Session, register: RegisterState, key: int) -> Ledger:
    """Find what follows from a change, or what followed when it was applied.

    Raises ChangeRefused when it cannot be done, and InvalidValue for an applied change of which nothing was kept.
    """
    record = get_change(session, register, key)
    kept = _find_kept(session, key)
    if kept is not None:
        return kept
    if record.kind is ChangeKind.UNDO:
        undone = _find_kept(session, record.undoes or 0)
        if undone is not None:
            return turn_round(undone)
    if record.state == "applied" or record.kind is ChangeKind.UNDO:
        raise InvalidValue(field="change", value=key, reason=because("ledger_not_kept"))
    return preview_consequences(session, register, record.order, promised=record.promised)


def _find_kept(session: Session, key: int) -> Ledger | None:
    kept = session.scalar(select(Change.ledger).where(Change.id == key))
    return None if kept is None else read_ledger(kept)


def find_order_consequences(session: Session, register: RegisterState, body: Mapping[str, Any]) -> Ledger:
    """Find what would follow from an order that nobody has drafted yet, such as a drawn line."""
    order = read_order(body)
    if order.kind is ChangeKind.UNDO:
        raise InvalidValue(field="kind", value=str(order.kind), reason=because("ledger_draft_undo"))
    return preview_consequences(session, register, order)


def preview_consequences(
    session: Session, register: RegisterState, order: ChangeOrder, *, promised: Promised | None = None
) -> Ledger:
    """Find what would follow from an order, in every subject."""
    return _list_all(open_scene(session, register, order, promised=promised))


def _list_all(scene: Scene) -> Ledger:
    return Ledger(
        register=scene.register.name,
        kind=str(scene.order.kind),
        day=scene.day,
        ground=scene.book.list_ground(),
        places=scene.book.list_places(),
        lines=scene.book.list_lines(),
        findings=list_defects(scene),
        disputes=list_touched(scene),
        codes=scene.book.list_codes(),
        stations=list_stations(scene),
        catchments=list_catchments(scene),
        constituencies=list_constituencies(scene),
        plans=list_plans(scene),
        councils=list_councils(scene),
        complaints=list_complaints(scene),
    )


def open_scene(
    session: Session, register: RegisterState, order: ChangeOrder, *, promised: Promised | None = None
) -> Scene:
    """Work an order out, and lay what it does beside the register."""
    view = load_view(session, register, order, promised=promised)
    return _lay_scene(session, register, order, turn=(view, plan_change(order, view)))


def _lay_scene(
    session: Session, register: RegisterState, order: ChangeOrder, *, turn: tuple[RegisterView, Effect]
) -> Scene:
    """Lay what an order does beside the register."""
    view, effect = turn
    people = count_people_in(session, view.divisions, order.effective_on)
    return Scene(session, register, order, effect, Book(make_turn(view, effect), people, effect.successors))


def apply_with_ledger(
    session: Session, register: RegisterState, key: int, *, based_on: int, caller: Caller
) -> ChangeRecord:
    """Apply an approved change, and keep with it what follows; raises what `apply_change` does.

    The change is worked out once: what is kept is told from the very effect that is written.
    """
    application = begin_application(session, register, key, based_on=based_on, caller=caller)
    ledger = _tell_following(session, register, application)
    applied = finish_application(session, application, caller=caller)
    if ledger is not None:
        plain = settle_keys(ledger, applied.founded).to_json()
        session.execute(update(Change).where(Change.id == key).values(ledger=plain))
    return applied


def _tell_following(session: Session, register: RegisterState, application: Application) -> Ledger | None:
    """Tell what follows from a change that is about to be written; None where of one taken back nothing was kept."""
    record = application.record
    if application.view is None or application.effect is None:
        kept = _find_kept(session, record.undoes or 0)
        return None if kept is None else turn_round(kept)
    turn = (application.view, application.effect)
    return _list_all(_lay_scene(session, register, record.order, turn=turn))
