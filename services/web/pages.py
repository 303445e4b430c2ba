"""Show the pages: what people read, from the same use cases as the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import shapely
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError
from geo.register.digits import from_digits
from geo.register.divisions import Division
from geo.register.periods import Period
from maps import Delivery, Page
from services.boundaries.findings import FindingFilter, count_findings, list_findings, list_runs
from services.civic.density import DensityAnswer, complaint_density
from services.civic.seats import list_councils
from services.elections.answers import BranchAnswer
from services.elections.find import find_branch
from services.elections.plan_answers import PlanAnswer
from services.elections.plans import get_plan, list_plans
from services.messages import explain, say
from services.pictures import attribute, picture_branches, picture_density, picture_findings, picture_plan
from services.queries import RegisterState, get_register, list_registers
from services.register.divisions import (
    DivisionFilter,
    count_levels,
    describe_division,
    get_division,
    list_divisions,
)
from services.web import contexts as c
from services.web.language import language_of, read_reader
from services.web.scope import Language, choose_year, today
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

MOST_LINES = 200
"""Lines of a table on a page; the API has them all."""

PRIVATE = {"Cache-Control": "private, no-store"}

RegisterQuery = Annotated[str | None, Query(alias="register", max_length=100)]
LevelQuery = Annotated[str | None, Query(alias="level", max_length=100)]


def _answer(request: Request, page: c.Context, headers: dict[str, str] | None = None) -> HTMLResponse:
    rendered = request.app.state.pages.render(page, read_reader(request))
    sent = {"Content-Security-Policy": rendered.policy, "Content-Language": language_of(request), **(headers or {})}
    return HTMLResponse(rendered.html, headers=sent)


def _answer_map(request: Request, session: Session, draw: Callable[[], Page]) -> HTMLResponse:
    """Answer a map page, drawn once for its address and language."""

    def write() -> str:
        return draw().html(Delivery.SERVED, request.app.state.assets)

    key = (request.url.path, request.url.query, language_of(request))
    return HTMLResponse(request.app.state.memory.recall(session, key, write))


def _choose_register(session: Session, name: str | None) -> RegisterState | None:
    """Take the register asked for, else the first there is."""
    if name:
        return get_register(session, name)
    return next(iter(list_registers(session)), None)


def _list_registers(session: Session, chosen: RegisterState | None, language: str) -> tuple[c.Choice, ...]:
    own = chosen.name if chosen else ""
    return tuple(
        c.Choice(one.name, f"{one.pack.names.choose(language)} ({one.name})", one.name == own)
        for one in list_registers(session)
    )


def _to_link(division: Division, register: RegisterState, language: str) -> c.DivisionLink:
    level = register.pack.level(division.level).names.choose(language)
    return c.DivisionLink(division.code, division.name_in(language, *register.pack.languages), level, register.name)


@router.get("/")
def show_home(request: Request, session: RequestSession, language: Language) -> HTMLResponse:
    """Show what is loaded and where to go."""
    registers = list_registers(session)
    cards = tuple(
        c.RegisterCard(
            name=one.name,
            title=f"{one.pack.names.choose(language)} ({one.name})",
            levels=tuple(
                (one.pack.level(level).names.choose(language), count)
                for level, count in count_levels(session, one, day=today()).items()
            ),
            attribution=attribute(one),
        )
        for one in registers
    )
    plans = tuple(
        c.Choice(f"{one.name}/{plan.name}", f"{plan.name} ({one.name})")
        for one in registers
        for plan in list_plans(session, one)
    )
    return _answer(request, c.HomePage(cards, plans))


@router.get("/find")
def ask_find(
    request: Request, session: RequestSession, language: Language, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the form of the voter."""
    chosen = _choose_register(session, register)
    return _answer(request, c.FindPage(registers=_list_registers(session, chosen, language)), PRIVATE)


@router.post("/find")
def answer_find(
    request: Request,
    session: RequestSession,
    language: Language,
    register_name: Annotated[str, Form(alias="register", max_length=100)] = "",
    asked: Annotated[str, Form(max_length=200)] = "",
    latitude: Annotated[str, Form(max_length=40)] = "",
    longitude: Annotated[str, Form(max_length=40)] = "",
) -> HTMLResponse:
    """Answer the voter; what was asked is repeated in the form and kept nowhere."""
    chosen = _choose_register(session, register_name or None)
    page = c.FindPage(
        asked=asked, latitude=latitude, longitude=longitude, registers=_list_registers(session, chosen, language)
    )
    return _answer(request, _fill_find(session, chosen, page, language), PRIVATE)


def _fill_find(session: Session, register: RegisterState | None, page: c.FindPage, language: str) -> c.FindPage:
    """Add to the form what its question leads to: an answer, a choice or a complaint."""
    from dataclasses import replace

    if register is None:
        return replace(page, message=say("page.home.no_registers", language))
    try:
        point = _read_point(page)
        answer = _ask(session, register, page, point)
    except (InputError, NotFoundError) as error:
        return replace(page, message=explain(error, language))
    except ValueError:
        return replace(page, message=say("page.find.not_numbers", language))
    if answer.is_ambiguous:
        candidates = tuple(_to_link(one, register, language) for one in answer.candidates)
        return replace(page, candidates=candidates)
    picture = picture_branches(session, register, answer, asked=point, language=language)
    return replace(
        page,
        answered=True,
        chain=tuple(_to_link(link.division, register, language) for link in answer.chain),
        stations=_list_stations(answer, language),
        map_page=picture,
    )


def _read_point(page: c.FindPage) -> shapely.Point | None:
    if not page.latitude.strip() and not page.longitude.strip():
        return None
    lon, lat = (float(from_digits(text).replace("٫", ".").strip()) for text in (page.longitude, page.latitude))
    return shapely.Point(lon, lat)


def _ask(session: Session, register: RegisterState, page: c.FindPage, point: shapely.Point | None) -> BranchAnswer:
    """Ask by the point, else by the text as a code, else by the text as a name."""
    if point is not None:
        return find_branch(session, register.name, day=today(), point=point)
    text = page.asked.strip()
    plain = from_digits(text)
    if plain.isascii() and any(letter.isdigit() for letter in plain):
        return find_branch(session, register.name, day=today(), code=plain)
    return find_branch(session, register.name, day=today(), name=text)


def _list_stations(answer: BranchAnswer, language: str) -> tuple[c.StationLine, ...]:
    why = say(f"page.find.basis_{answer.basis}", language) if answer.basis else ""
    return tuple(c.StationLine(line.name, "", len(line.branches), line.distance_m, why) for line in answer.stations)


@router.get("/findings")
def show_findings(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show what the last audits have found."""
    chosen = _choose_register(session, register)
    if chosen is None:
        return _answer(request, c.FindingsPage(audited=False))
    runs = list_runs(session, chosen)
    levels = [run.levels[0] for run in runs]
    shown = level if level in levels else levels[-1] if levels else None
    wanted = FindingFilter(level=shown)
    found = list_findings(session, chosen, wanted, limit=MOST_LINES)
    counts = count_findings(session, chosen, wanted)
    page = c.FindingsPage(
        findings=tuple(
            c.FindingLine(
                one.fingerprint,
                one.kind,
                tuple(_to_link(division, chosen, language) for division in one.divisions),
                one.area_m2 or 0.0,
                one.severity,
            )
            for one in found
        ),
        total=sum(counts.values()),
        counts=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        audited=bool(runs),
        map_address=f"/maps/{chosen.name}/findings?level={shown}&lang={language}" if found else "",
        registers=_list_registers(session, chosen, language),
        levels=_list_levels(chosen, levels, shown, language),
    )
    return _answer(request, page)


def _list_levels(register: RegisterState, levels: list[str], chosen: str | None, language: str) -> tuple[c.Choice, ...]:
    return tuple(
        c.Choice(level, register.pack.level(level).names.choose(language), level == chosen) for level in levels
    )


@router.get("/maps/{register}/findings")
def show_findings_map(
    register: str, request: Request, session: RequestSession, language: Language, level: LevelQuery = None
) -> HTMLResponse:
    """Show the map of findings."""
    asked = get_register(session, register)
    wanted = FindingFilter(level=level)
    return _answer_map(request, session, lambda: picture_findings(session, asked, wanted, language=language))


@router.get("/complaints")
def show_complaints(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    level: LevelQuery = None,
    category: Annotated[str | None, Query(max_length=100)] = None,
) -> HTMLResponse:
    """Show complaints by division beside the councils in charge."""
    chosen = _choose_register(session, register)
    if chosen is None:
        return _answer(request, c.ComplaintsPage())
    present = count_levels(session, chosen, day=today())
    levels = [one for one in present if not chosen.pack.level(one).is_place]
    shown = level if level in levels else levels[0] if levels else None
    if shown is None:
        return _answer(request, c.ComplaintsPage(registers=_list_registers(session, chosen, language)))
    answer = _measure(request, session, chosen, shown, category or None)
    page = c.ComplaintsPage(
        lines=_list_complaints(answer, chosen, language) if answer.total != 0 else (),
        threshold=answer.threshold,
        map_address=f"/maps/{chosen.name}/complaints?level={shown}&category={category or ''}&lang={language}",
        registers=_list_registers(session, chosen, language),
        levels=_list_levels(chosen, levels, shown, language),
        categories=_list_categories(chosen, category, language),
        synthetic=answer.synthetic,
    )
    return _answer(request, page)


def _measure(
    request: Request, session: Session, register: RegisterState, level: str, category: str | None
) -> DensityAnswer:
    """Measure complaints in the last year that is over; table and map share one answer."""
    year = choose_year(register, None)

    def measure() -> DensityAnswer:
        return complaint_density(
            session, register, level=level, period=year.period, day=year.last_day, category=category
        )

    answer: DensityAnswer = request.app.state.memory.recall(session, (register.id, level, category, year), measure)
    return answer


def _list_complaints(answer: DensityAnswer, register: RegisterState, language: str) -> tuple[c.ComplaintLine, ...]:
    ranked = sorted(answer.rows, key=lambda row: (-(row.density.per_1000 or 0.0), row.division.code))
    return tuple(
        c.ComplaintLine(
            _to_link(row.division, register, language),
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
    level: Annotated[str, Query(max_length=100)],
    category: Annotated[str | None, Query(max_length=100)] = None,
) -> HTMLResponse:
    """Show the map of complaint density."""
    asked = get_register(session, register)
    answer = _measure(request, session, asked, level, category or None)
    return _answer_map(request, session, lambda: picture_density(session, asked, answer, language=language))


@router.get("/plans/{register}/{plan}")
def show_plan(register: str, plan: str, request: Request, session: RequestSession, language: Language) -> HTMLResponse:
    """Show a district plan with its balance."""
    asked = get_register(session, register)
    answer = get_plan(session, asked, plan)
    return _answer(request, _to_plan_page(answer, asked, language))


def _to_plan_page(plan: PlanAnswer, register: RegisterState, language: str) -> c.PlanPage:
    facts = [
        (say("page.register", language), register.name),
        (say("page.plan.unit_level", language), plan.unit_level),
        (say("page.plan.tolerance", language), f"{plan.tolerance:.1%}"),
        (say("page.plan.seed", language), str(plan.seed)),
    ]
    if plan.within:
        facts.insert(1, (say("page.plan.within", language), plan.within.name_in(language, *register.pack.languages)))
    return c.PlanPage(
        id=plan.name,
        title=plan.name,
        districts=tuple(
            c.DistrictLine(str(line.district), line.units, line.people, line.deviation) for line in plan.districts
        ),
        facts=tuple(facts),
        map_address=f"/maps/{register.name}/plans/{plan.name}?lang={language}",
    )


@router.get("/maps/{register}/plans/{plan}")
def show_plan_map(
    register: str, plan: str, request: Request, session: RequestSession, language: Language
) -> HTMLResponse:
    """Show the map of a district plan."""
    asked = get_register(session, register)
    answer = get_plan(session, asked, plan)
    return _answer_map(request, session, lambda: picture_plan(session, asked, answer, language=language))


@router.get("/divisions/{code}")
def show_division(
    code: str,
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show one division with all that the register says of it."""
    chosen = _choose_register(session, register)
    if chosen is None:
        return _answer(request, c.HomePage())
    division = get_division(session, chosen, code, day=today(), level=level)
    record = describe_division(session, chosen, division, day=today())
    children = list_divisions(session, chosen, DivisionFilter(parent=division.id), day=today(), limit=MOST_LINES)
    council = list_councils(session, chosen, today()).get(division.id)
    page = c.DivisionPage(
        code=division.code,
        name=division.name_in(language, *chosen.pack.languages),
        level=chosen.pack.level(division.level).names.choose(language),
        names=tuple(c.NameLine(one.text, one.language, one.official) for one in record.names),
        codes=tuple(
            c.CodeLine(one.code, one.scheme, one.version, _write_period(one.period, language)) for one in record.codes
        ),
        parents=tuple(_to_link(one, chosen, language) for one in record.chain),
        children=tuple(_to_link(one, chosen, language) for one in children),
        population=division.people,
        population_source="، ".join(one.source for one in record.population),
        area_m2=division.area_m2,
        councils=(council.name,) if council else (),
    )
    return _answer(request, page)


def _write_period(period: Period, language: str) -> str:
    from geo.register.calendars import format_date

    start, end = (format_date(day, language) if day else "…" for day in (period.start, period.end))
    return f"{start} – {end}"
