"""Show the search by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError
from services.messages import explain, say
from services.queries import RegisterState
from services.register.search import MOST_TEXT, SearchHit, search_names
from services.web import contexts as c
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

PRIVATE = {"Cache-Control": "private, no-store"}


@router.get("/search")
def show_search(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    text: Annotated[str, Query(max_length=MOST_TEXT)] = "",
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show the form, and what the name in it may mean."""
    chosen = choose_register(session, register)
    page = c.SearchPage(asked=text, registers=list_choices(session, chosen, language))
    if chosen is None:
        return answer_page(request, page, PRIVATE)
    levels = list_level_choices(chosen, list(chosen.pack.level_keys), level, language)
    return answer_page(request, _fill(session, chosen, page, levels, language, day=day), PRIVATE)


def _fill(
    session: Session,
    register: RegisterState,
    page: c.SearchPage,
    levels: tuple[c.Choice, ...],
    language: str,
    *,
    day: date,
) -> c.SearchPage:
    shown = replace(page, levels=(c.Choice("", say("page.search.any_level", language)), *levels))
    if not page.asked.strip():
        return shown
    level = next((one.value for one in levels if one.chosen), None)
    try:
        answer = search_names(session, register, page.asked, day=day, level=level)
    except (InputError, NotFoundError) as error:
        return replace(shown, message=explain(error, language))
    if not answer.total:
        return replace(shown, message=say("page.search.none", language))
    hits = tuple(_to_line(hit, register, language) for hit in answer.hits)
    return replace(shown, hits=hits, total=answer.total, equal=answer.equal)


def _to_line(hit: SearchHit, register: RegisterState, language: str) -> c.HitLine:
    link = to_link(hit.division, register, language)
    return c.HitLine(
        division=link,
        matched="" if hit.name == link.name else hit.name,
        chain=tuple(to_link(one, register, language) for one in hit.chain),
        people=hit.division.people,
        why=tuple(say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in hit.reasons),
    )
