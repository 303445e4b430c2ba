"""Show the voter's branch, and district plans."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import shapely
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError
from geo.register.digits import from_digits
from maps.figures import write_digits, write_share
from services.elections.answers import BranchAnswer
from services.elections.find import find_branch
from services.elections.plan_answers import PlanAnswer
from services.elections.plans import get_plan
from services.messages import explain, say
from services.pictures import picture_branches, picture_plan, picture_plan_sheet
from services.queries import RegisterState, get_register
from services.register.search import search_names
from services.web import contexts as c
from services.web.pages.frame import RegisterQuery, answer_map, answer_page, choose_register, list_choices, to_link
from services.web.scope import Day, Language
from services.web.sessions import RequestSession
from services.web.station_contexts import FindPage, StationLine
from services.web.station_words import list_facts, tell_closure

router = APIRouter(include_in_schema=False)

PRIVATE = {"Cache-Control": "private, no-store"}


@router.get("/find")
def ask_find(
    request: Request, session: RequestSession, language: Language, day: Day, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the form of the voter."""
    chosen = choose_register(session, register)
    return answer_page(request, FindPage(registers=list_choices(session, chosen, language)), PRIVATE)


@router.post("/find")
def answer_find(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register_name: Annotated[str, Form(alias="register", max_length=100)] = "",
    asked: Annotated[str, Form(max_length=200)] = "",
    latitude: Annotated[str, Form(max_length=40)] = "",
    longitude: Annotated[str, Form(max_length=40)] = "",
) -> HTMLResponse:
    """Answer the voter; what was asked is repeated in the form and kept nowhere."""
    chosen = choose_register(session, register_name or None)
    page = FindPage(
        asked=asked, latitude=latitude, longitude=longitude, registers=list_choices(session, chosen, language)
    )
    return answer_page(request, _fill_find(session, chosen, page, language, day=day), PRIVATE)


def _fill_find(
    session: Session, register: RegisterState | None, page: FindPage, language: str, *, day: date
) -> FindPage:
    """Add to the form what its question leads to: an answer, a choice or a complaint."""
    from dataclasses import replace

    if register is None:
        return replace(page, message=say("page.home.no_registers", language))
    try:
        point = _read_point(page)
        answer = _ask(session, register, page, point, day=day)
    except (InputError, NotFoundError) as error:
        if alike := _list_alike(session, register, page, language, day=day):
            return replace(page, message=say("page.find_alike.message", language), candidates=alike)
        return replace(page, message=explain(error, language))
    except ValueError:
        return replace(page, message=say("page.find.not_numbers", language))
    if answer.is_ambiguous:
        candidates = tuple(to_link(one, register, language) for one in answer.candidates)
        return replace(page, candidates=candidates)
    picture = picture_branches(session, register, answer, asked=point, language=language)
    return replace(
        page,
        answered=True,
        register=register.name,
        chain=tuple(to_link(link.division, register, language) for link in answer.chain),
        stations=_list_stations(answer, language),
        map_page=picture,
    )


def _list_alike(
    session: Session, register: RegisterState, page: FindPage, language: str, *, day: date
) -> tuple[c.DivisionLink, ...]:
    """List what a name that nothing has may mean; the voter chooses."""
    if page.latitude.strip() or page.longitude.strip() or not page.asked.strip():
        return ()
    answer = search_names(session, register, page.asked.strip(), day=day)
    return tuple(to_link(hit.division, register, language) for hit in answer.hits)


def _read_point(page: FindPage) -> shapely.Point | None:
    if not page.latitude.strip() and not page.longitude.strip():
        return None
    lon, lat = (float(from_digits(text).replace("٫", ".").strip()) for text in (page.longitude, page.latitude))
    return shapely.Point(lon, lat)


def _ask(
    session: Session, register: RegisterState, page: FindPage, point: shapely.Point | None, *, day: date
) -> BranchAnswer:
    """Ask by the point, else by the text as a code, else by the text as a name."""
    if point is not None:
        return find_branch(session, register.name, day=day, point=point)
    text = page.asked.strip()
    plain = from_digits(text)
    if plain.isascii() and any(letter.isdigit() for letter in plain):
        return find_branch(session, register.name, day=day, code=plain)
    return find_branch(session, register.name, day=day, name=text)


def _list_stations(answer: BranchAnswer, language: str) -> tuple[StationLine, ...]:
    why = say(f"page.find.basis_{answer.basis}", language) if answer.basis else ""
    return tuple(
        StationLine(
            line.name,
            "",
            len(line.branches),
            line.distance_m,
            why,
            facts=list_facts(line, language),
            warning=tell_closure(line, answer.stations, language),
            code=line.code,
        )
        for line in answer.stations
    )


@router.get("/plans/{register}/{plan}")
def show_plan(register: str, plan: str, request: Request, session: RequestSession, language: Language) -> HTMLResponse:
    """Show a district plan with its balance."""
    asked = get_register(session, register)
    answer = get_plan(session, asked, plan)
    return answer_page(request, _to_plan_page(answer, asked, language))


def _to_plan_page(plan: PlanAnswer, register: RegisterState, language: str) -> c.PlanPage:
    facts = [
        (say("page.register", language), register.name),
        (say("page.plan.unit_level", language), _name_levels(plan, register, language)),
        (say("page.plan.tolerance", language), write_share(plan.tolerance, language)),
        (say("page.plan.seed", language), write_digits(str(plan.seed), language)),
    ]
    if plan.within:
        facts.insert(1, (say("page.plan.within", language), plan.within.name_in(language, *register.pack.languages)))
    return c.PlanPage(
        id=plan.name,
        title=plan.name,
        districts=tuple(
            c.DistrictLine(str(line.district), line.units, line.people, line.deviation, line.seats)
            for line in plan.districts
        ),
        facts=tuple(facts),
        map_address=f"/maps/{register.name}/plans/{plan.name}?lang={language}",
        sheet_address=f"/maps/{register.name}/plans/{plan.name}/sheet.svg?lang={language}",
    )


@router.get("/maps/{register}/plans/{plan}")
def show_plan_map(
    register: str, plan: str, request: Request, session: RequestSession, language: Language
) -> HTMLResponse:
    """Show the map of a district plan."""
    asked = get_register(session, register)
    answer = get_plan(session, asked, plan)
    return answer_map(request, session, lambda: picture_plan(session, asked, answer, language=language))


@router.get("/maps/{register}/plans/{plan}/sheet.svg")
def show_plan_sheet(register: str, plan: str, session: RequestSession, language: Language) -> Response:
    """Show a district plan as one picture for paper."""
    asked = get_register(session, register)
    sheet = picture_plan_sheet(session, asked, get_plan(session, asked, plan), language=language)
    return Response(sheet, media_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})


def _name_levels(plan: PlanAnswer, register: RegisterState, language: str) -> str:
    """Name the levels of a plan's units, which are joined by `+`."""
    return " + ".join(register.pack.level(key).names.choose(language) for key in plan.unit_level.split("+"))
