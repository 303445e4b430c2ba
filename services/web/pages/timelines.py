"""Show what changed between two dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from geo.errors import ConflictError, InputError, NotFoundError
from geo.register.digits import from_digits
from geo.register.spans import parse_range
from services.messages import explain
from services.queries import RegisterState
from services.register.timelines import Between, list_between
from services.web import time_contexts as t
from services.web.pages.frame import RegisterQuery, answer_page, choose_register, list_choices, to_link
from services.web.pages.telling import tell_counts, write_change, write_event
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

LINES = 100
"""So many divisions a page tells of, each counted once a day."""


@router.get("/history/between")
def show_between(
    request: Request,
    session: RequestSession,
    language: Language,
    first: Annotated[str, Query(alias="from", max_length=32)] = "",
    last: Annotated[str, Query(alias="to", max_length=32)] = "",
    within: Annotated[str, Query(max_length=64)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    register: RegisterQuery = None,
) -> HTMLResponse:
    """Show all that changed between two dates, both included, in one division or everywhere."""
    chosen = choose_register(session, register)
    page = t.BetweenPage(list_choices(session, chosen, language), first, last, within, offset=offset, limit=LINES)
    if chosen is None or not (first.strip() or last.strip()):
        return answer_page(request, page)
    try:
        code = from_digits(within.strip()) or None
        found = list_between(session, chosen, parse_range(first, last), code=code, limit=LINES, offset=offset)
    except (InputError, NotFoundError, ConflictError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    return answer_page(request, _fill(page, found, chosen, language))


def _fill(page: t.BetweenPage, found: Between, register: RegisterState, language: str) -> t.BetweenPage:
    assert found.window.end is not None
    return replace(
        page,
        since=found.window.start,
        until=found.window.end - timedelta(days=1),
        inside=to_link(found.within, register, language) if found.within else None,
        changes=tuple(write_change(one, register, language) for one in found.changes),
        counts=tell_counts(found.counts, language),
        events=tuple(write_event(one, register, language) for one in found.events),
        total=found.total,
    )
