"""Show changes with their decrees, and try orders out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import ChangeRefused, InvalidChange, TaqsimatError, because
from geo.register.changes import Effect
from geo.register.changes.summaries import DivisionSummary, summarise_effect
from services.lookups import list_matching
from services.messages import explain, say
from services.queries import RegisterState, get_register
from services.register.change_records import ChangeRecord, get_change, list_changes
from services.register.changes import find_effect, preview_change
from services.tables.changes import STATES
from services.tables.register import Standing
from services.web import change_contexts as c
from services.web.contexts import Choice, DivisionLink
from services.web.pages.frame import MOST_LINES, RegisterQuery, answer_page, choose_register, list_choices, to_link
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

PRIVATE = {"Cache-Control": "private, no-store"}
MOST_ORDER = 1_000_000
"""Letters of an order that is tried out on the page; the API takes larger ones."""


@router.get("/changes")
def show_changes(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    state: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show the changes of a register, the latest first."""
    chosen = choose_register(session, register)
    wanted = state if state in STATES else None
    states = tuple(Choice(one, say(f"change_state.{one}", language), one == wanted) for one in STATES)
    page = c.ChangesPage(
        register=chosen.name if chosen else "",
        registers=list_choices(session, chosen, language),
        states=(Choice("", say("page.changes.any_state", language)), *states),
    )
    if chosen is None:
        return answer_page(request, page)
    found = list_changes(session, chosen, state=wanted, limit=MOST_LINES)
    return answer_page(request, replace(page, changes=tuple(to_line(one, language) for one in found)))


@router.get("/changes/preview")
def show_preview(
    request: Request, session: RequestSession, language: Language, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the form that tries an order out."""
    chosen = choose_register(session, register)
    return answer_page(request, c.PreviewPage(registers=list_choices(session, chosen, language)))


@router.post("/changes/preview")
def answer_preview(
    request: Request,
    session: RequestSession,
    language: Language,
    register_name: Annotated[str, Form(alias="register", max_length=100)],
    order: Annotated[str, Form(max_length=MOST_ORDER)],
) -> HTMLResponse:
    """Show what an order would do; it is kept nowhere."""
    chosen = get_register(session, register_name)
    page = c.PreviewPage(registers=list_choices(session, chosen, language), order=order)
    try:
        effect = preview_change(session, chosen, _read_json(order))
    except ChangeRefused as error:
        return answer_page(request, replace(page, problems=_list_problems(error, language)), PRIVATE)
    except TaqsimatError as error:
        return answer_page(request, replace(page, message=explain(error, language)), PRIVATE)
    if effect is None:
        return answer_page(request, replace(page, message=say("page.changes.undo_note", language)), PRIVATE)
    shown = replace(page, effect=list_lines(effect, chosen, language), moved_m2=effect.moved_m2)
    return answer_page(request, shown, PRIVATE)


def _read_json(text: str) -> Any:  # noqa: ANN401 - JSON is any of several types
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidChange(field="-", reason=because("order_not_json", detail=str(error)[:200])) from error


def _list_problems(error: ChangeRefused, language: str) -> tuple[str, ...]:
    problems = error.params["problems"]
    return tuple(say("plain.reason", language, reason=one.reason) for one in problems)  # type: ignore[attr-defined]


@router.get("/changes/{change}")
def show_change(
    request: Request,
    session: RequestSession,
    language: Language,
    change: Annotated[int, Path(ge=1, lt=2**63)],
    register: RegisterQuery = None,
) -> HTMLResponse:
    """Show one change and, while it is not applied, what it would do today."""
    chosen = choose_register(session, register)
    asked = chosen or get_register(session, register or "")
    record = get_change(session, asked, change)
    order = json.dumps(record.body["order"], ensure_ascii=False, indent=1)
    page = c.ChangePage(asked.name, to_line(record, language), order=order[:MOST_ORDER])
    if record.applied_at is not None:
        return answer_page(request, replace(page, parties=_list_parties(session, asked, record, language)))
    try:
        effect = find_effect(session, asked, record)
    except TaqsimatError as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    lines = list_lines(effect, asked, language) if effect else ()
    return answer_page(request, replace(page, effect=lines, moved_m2=effect.moved_m2 if effect else None))


def _list_parties(
    session: Session, register: RegisterState, record: ChangeRecord, language: str
) -> tuple[tuple[str, DivisionLink], ...]:
    """Mention the parties as they stand from the change on, or as they last stood."""
    keys = [*record.predecessors, *record.successors]
    found = {
        one.id: to_link(one, register, language)
        for one in list_matching(session, register, record.effective_on, Standing.division_id.in_(keys))
    }
    return tuple(
        (say(f"page.changes.{role}", language), found[key])
        for role, parties in (("predecessor", record.predecessors), ("successor", record.successors))
        for key in parties
        if key in found
    )


def to_line(record: ChangeRecord, language: str) -> c.ChangeLine:
    """Mention a change."""
    return c.ChangeLine(
        id=record.id,
        kind=say(f"change_kind.{record.kind}", language),
        state=say(f"change_state.{record.state}", language),
        day=record.effective_on,
        decree=record.decree,
        drafted_by=record.drafted_by,
        approved_by=record.approved_by or "",
    )


def list_lines(effect: Effect, register: RegisterState, language: str) -> tuple[c.EffectLine, ...]:
    """Tell what a change does, division by division."""
    return tuple(_to_effect_line(one, register, language) for one in summarise_effect(effect, register.pack))


def _to_effect_line(one: DivisionSummary, register: RegisterState, language: str) -> c.EffectLine:
    return c.EffectLine(
        fate=say(f"change_fate.{one.fate}", language),
        level=register.pack.level(one.level).names.choose(language),
        code=one.code,
        name=one.names.get(language) or next(iter(one.names.values()), one.code),
        differences=tuple((told.what, told.before or "—", told.after or "—") for told in one.differences),
    )
