"""Show complaints beside the councils in charge."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.register.calendars import find_year
from services.civic.density import DensityAnswer
from services.messages import say
from services.pictures import picture_density
from services.queries import RegisterState, get_register
from services.web import contexts as c
from services.web.pages.frame import (
    MOST_LINES,
    LevelQuery,
    RegisterQuery,
    answer_map,
    answer_page,
    choose_register,
    list_choices,
    list_level_choices,
    to_link,
)
from services.web.remembering import recall_density, recall_levels
from services.web.scope import Day, Language, choose_year, today
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@router.get("/complaints")
def show_complaints(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
    category: Annotated[str | None, Query(max_length=100)] = None,
) -> HTMLResponse:
    """Show complaints by division beside the councils in charge."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, c.ComplaintsPage())
    present = recall_levels(request, session, chosen, day=day)
    levels = [one for one in present if not chosen.pack.level(one).is_place]
    shown = level if level in levels else levels[0] if levels else None
    if shown is None:
        return answer_page(request, c.ComplaintsPage(registers=list_choices(session, chosen, language)))
    answer = _measure(request, session, chosen, shown, category or None, day=day)
    address = f"/maps/{chosen.name}/complaints?level={shown}&category={category or ''}"
    page = c.ComplaintsPage(
        lines=_list_complaints(answer, chosen, language) if answer.total != 0 else (),
        threshold=answer.threshold,
        map_address=f"{address}&as_of={day}&lang={language}",
        registers=list_choices(session, chosen, language),
        levels=list_level_choices(chosen, levels, shown, language),
        categories=_list_categories(chosen, category, language),
        synthetic=answer.synthetic,
    )
    return answer_page(request, page)


def _measure(
    request: Request, session: Session, register: RegisterState, level: str, category: str | None, *, day: date
) -> DensityAnswer:
    """Measure complaints in the year of the day, or in the last one that is over."""
    calendar = register.pack.calendar
    year = min(find_year(day, calendar), find_year(today(), calendar) - 1)
    return recall_density(request, session, register, choose_year(register, year), level=level, category=category)


def _list_complaints(answer: DensityAnswer, register: RegisterState, language: str) -> tuple[c.ComplaintLine, ...]:
    ranked = sorted(answer.rows, key=lambda row: (-(row.density.per_1000 or 0.0), row.division.code))
    return tuple(
        c.ComplaintLine(
            to_link(row.division, register, language),
            row.density.count,
            row.density.per_1000,
            row.density.is_hidden,
            row.council.name if row.council else "",
        )
        for row in ranked[:MOST_LINES]
    )


def _list_categories(register: RegisterState, chosen: str | None, language: str) -> tuple[c.Choice, ...]:
    every = c.Choice("", say("page.complaints.every_category", language), not chosen)
    return (
        every,
        *(c.Choice(one.code, one.names.choose(language), one.code == chosen) for one in register.pack.categories),
    )


@router.get("/maps/{register}/complaints")
def show_complaints_map(
    register: str,
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    level: Annotated[str, Query(max_length=100)],
    category: Annotated[str | None, Query(max_length=100)] = None,
) -> HTMLResponse:
    """Show the map of complaint density."""
    asked = get_register(session, register)
    answer = _measure(request, session, asked, level, category or None, day=day)
    return answer_map(request, session, lambda: picture_density(session, asked, answer, language=language))
