"""Show the register through time: the life of a division, its days, and what a point belonged to."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import shapely
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import ConflictError, InputError, NotFoundError
from geo.register.digits import from_digits
from geo.register.spans import choose_day, parse_span
from maps.thumbnails import draw_thumbnails
from services.messages import explain, say
from services.queries import RegisterState
from services.register.divisions import list_divisions_at
from services.register.history import DivisionHistory, GroundSpan, describe_history, list_grounds
from services.register.lineages import Kin, LineageAnswer, trace_lineage
from services.register.timelines import DayLine, list_days
from services.web import time_contexts as t
from services.web.pages.frame import (
    MOST_LINES,
    LevelQuery,
    RegisterQuery,
    answer_page,
    choose_register,
    list_choices,
    to_link,
)
from services.web.pages.telling import tell_counts, write_change, write_event
from services.web.scope import Day, Language, today
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

PRIVATE = {"Cache-Control": "private, no-store"}


@router.get("/history")
def show_days(
    request: Request, session: RequestSession, language: Language, day: Day, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the days on which something changed, and the questions that can be asked."""
    return _answer_days(request, session, choose_register(session, register), language)


def _answer_days(
    request: Request, session: Session, register: RegisterState | None, language: str, message: str = ""
) -> HTMLResponse:
    page = t.HistoryPage(registers=list_choices(session, register, language), message=message)
    if register is None:
        return answer_page(request, page)
    found = list_days(session, register, limit=MOST_LINES)
    rows = tuple(_write_day(line, language) for line in found.days)
    return answer_page(request, replace(page, register=register.name, days=rows, total=found.total))


def _write_day(line: DayLine, language: str) -> t.DayRow:
    mark = "؛ " if language == "fa" else "; "
    return t.DayRow(line.day, line.divisions, line.changes, mark.join(tell_counts(line.counts, language)))


@router.get("/history/life")
def ask_life(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    code: Annotated[str, Query(max_length=64)],
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show the life of a division whose code was typed; what is wrong with it is said beside the form."""
    chosen = choose_register(session, register)
    try:
        return show_life(from_digits(code.strip()), request, session, language, day, register, level)
    except (InputError, NotFoundError, ConflictError) as error:
        return _answer_days(request, session, chosen, language, explain(error, language))


@router.get("/divisions/{code}/history")
def show_life(
    code: str,
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show the life of a division, what became of it and what it came from."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, t.HistoryPage())
    last = not request.query_params.get("as_of")
    life = describe_history(session, chosen, code, day=day, level=level, last=last)
    kin = trace_lineage(session, chosen, code, day=life.day, until=max(today(), life.day), level=level)
    grounds = list_grounds(session, life.division)
    return answer_page(request, _to_life_page(code, chosen, (life, kin), grounds, language))


def _to_life_page(
    code: str,
    register: RegisterState,
    told: tuple[DivisionHistory, LineageAnswer],
    grounds: tuple[GroundSpan, ...],
    language: str,
) -> t.LifePage:
    life, kin = told
    return t.LifePage(
        code=code,
        register=register.name,
        name=life.division.name_in(language, *register.pack.languages),
        level=register.pack.level(life.division.level).names.choose(language),
        day=life.day,
        stands=any(period.contains(today()) for period in life.periods),
        events=tuple(write_event(event, register, language) for event in life.events),
        grounds=_draw_grounds(grounds),
        successors=tuple(_write_kin(one, register, language) for one in kin.successors),
        later=tuple(write_change(one, register, language) for one in kin.later),
        origins=tuple(_write_kin(one, register, language) for one in kin.origins),
        earlier=tuple(write_change(one, register, language) for one in kin.earlier),
    )


def _write_kin(kin: Kin, register: RegisterState, language: str) -> t.KinRow:
    return t.KinRow(to_link(kin.division, register, language), kin.day, kin.area_share, kin.people_share)


def _draw_grounds(grounds: tuple[GroundSpan, ...]) -> tuple[t.GroundRow, ...]:
    paths = draw_thumbnails([one.shape for one in grounds])
    return tuple(
        t.GroundRow(one.period.start, one.period.end, one.area_m2, path, paths[at - 1] if at else "")
        for at, (one, path) in enumerate(zip(grounds, paths, strict=True))
    )


@router.get("/history/where")
def ask_where(
    request: Request, session: RequestSession, language: Language, day: Day, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the form that asks what a point belonged to."""
    chosen = choose_register(session, register)
    asked = request.query_params.get("as_of", "")
    return answer_page(request, t.WherePage(list_choices(session, chosen, language), asked=asked), PRIVATE)


@router.post("/history/where")
def answer_where(
    request: Request,
    session: RequestSession,
    language: Language,
    chosen_day: Day,
    register_name: Annotated[str, Form(alias="register", max_length=100)] = "",
    latitude: Annotated[str, Form(max_length=40)] = "",
    longitude: Annotated[str, Form(max_length=40)] = "",
    asked: Annotated[str, Form(alias="day", max_length=32)] = "",
) -> HTMLResponse:
    """Answer what a point belonged to on a day; the point is repeated in the form and kept nowhere."""
    chosen = choose_register(session, register_name or None)
    page = t.WherePage(list_choices(session, chosen, language), latitude, longitude, asked)
    if chosen is None:
        return answer_page(request, replace(page, message=say("page.home.no_registers", language)), PRIVATE)
    try:
        day = choose_day(parse_span(asked), today()) if asked.strip() else chosen_day
        found = list_divisions_at(session, chosen, _read_point(page), day=day)
    except InputError as error:
        return answer_page(request, replace(page, message=explain(error, language)), PRIVATE)
    except ValueError:
        return answer_page(request, replace(page, message=say("page.find.not_numbers", language)), PRIVATE)
    links = tuple(to_link(one, chosen, language) for one in found)
    return answer_page(request, replace(page, day=day, divisions=links), PRIVATE)


def _read_point(page: t.WherePage) -> shapely.Point:
    """Read a point on the earth from what was typed; ValueError where it is none."""
    lon, lat = (float(from_digits(text).replace("٫", ".").strip()) for text in (page.longitude, page.latitude))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError
    return shapely.Point(lon, lat)
