"""Show what a code means, and which code is free next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import TaqsimatError
from geo.register.periods import Period
from geo.register.resolving import LONGEST
from services.messages import explain, say
from services.queries import RegisterState
from services.register.code_issue import CodeWish, find_next_code
from services.register.codes import CodeHolding, Tense, resolve_code
from services.web import code_contexts as c
from services.web.pages.frame import (
    LevelQuery,
    RegisterQuery,
    answer_page,
    choose_register,
    list_choices,
    list_level_choices,
    to_link,
)
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@router.get("/codes")
def show_codes(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    code: Annotated[str, Query(max_length=LONGEST)] = "",
    parent: Annotated[str, Query(max_length=LONGEST)] = "",
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show the two forms, and what was asked by one of them."""
    chosen = choose_register(session, register)
    page = c.CodesPage(
        asked=code.strip(), parent=parent.strip(), day=day, registers=list_choices(session, chosen, language)
    )
    if chosen is None:
        return answer_page(request, page)
    levels = list_level_choices(chosen, list(chosen.pack.level_keys), level, language)
    page = replace(page, levels=levels, register=chosen.name, schemes=_list_schemes(chosen, language))
    if page.asked:
        page = _resolve(session, chosen, page, language, day=day)
    if level:
        page = _find_next(session, chosen, page, language, level=level)
    return answer_page(request, page)


def _list_schemes(register: RegisterState, language: str) -> tuple[c.SchemeLine, ...]:
    return tuple(
        c.SchemeLine(one.names.choose(language), one.word, one.period.start, _find_last(one.period))
        for one in register.pack.schemes
    )


def _find_last(period: Period) -> date | None:
    """Find the last day of a period, which people say rather than the first day after it."""
    return period.end - timedelta(days=1) if period.end else None


def _resolve(session: Session, register: RegisterState, page: c.CodesPage, language: str, *, day: date) -> c.CodesPage:
    try:
        answer = resolve_code(session, register, page.asked, day=day, with_chain=True)
    except TaqsimatError as error:
        return replace(page, message=explain(error, language))
    lines = [_to_line(one, register, language, day=day) for one in answer.holdings]
    return replace(
        page,
        meanings=tuple(line for line in lines if line.tense == Tense.HOLDS),
        others=tuple(line for line in lines if line.tense != Tense.HOLDS),
        kept=tuple(c.KeptLine(f"{one.scheme}/{one.version}", one.code, one.state) for one in answer.kept),
        notes=tuple(say(f"reason.{note.key}", language, **dict(note.params)) for note in answer.notes),
    )


def _to_line(one: CodeHolding, register: RegisterState, language: str, *, day: date) -> c.MeaningLine:
    scheme = register.pack.scheme(one.scheme, one.version)
    last = _find_last(one.period)
    return c.MeaningLine(
        scheme=scheme.names.choose(language),
        word=scheme.word,
        code=one.code,
        division=to_link(one.division, register, language),
        on=day if one.tense is Tense.HOLDS else last if one.tense is Tense.HELD and last else one.period.start or day,
        chain=tuple(to_link(each, register, language) for each in one.chain),
        tense=str(one.tense),
        start=one.period.start,
        last=last,
    )


def _find_next(
    session: Session, register: RegisterState, page: c.CodesPage, language: str, *, level: str
) -> c.CodesPage:
    try:
        answer = find_next_code(session, register, CodeWish(level, page.parent or None))
    except TaqsimatError as error:
        return replace(page, refusal=explain(error, language))
    reasons = tuple(say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in answer.reasons)
    return replace(page, free=c.NextLine(answer.scheme, answer.code, reasons))
