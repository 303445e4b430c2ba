"""Show what is loaded, and single divisions."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from geo.register.periods import ALWAYS, Period
from services.civic.seats import find_council
from services.elections.plans import list_plans
from services.pictures import attribute
from services.queries import list_registers
from services.register.divisions import (
    DivisionFilter,
    describe_division,
    get_division,
    list_divisions,
)
from services.web import contexts as c
from services.web.pages.frame import MOST_LINES, LevelQuery, RegisterQuery, answer_page, choose_register, to_link
from services.web.remembering import recall_levels
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_home(request: Request, session: RequestSession, language: Language, day: Day) -> HTMLResponse:
    """Show what is loaded and where to go."""
    registers = list_registers(session)
    cards = tuple(
        c.RegisterCard(
            name=one.name,
            title=f"{one.pack.names.choose(language)} ({one.name})",
            levels=tuple(
                (one.pack.level(level).names.choose(language), count)
                for level, count in recall_levels(request, session, one, day=day).items()
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
    return answer_page(request, c.HomePage(cards, plans))


@router.get("/divisions/{code}")
def show_division(
    code: str,
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show one division with all that the register says of it."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, c.HomePage())
    division = get_division(session, chosen, code, day=day, level=level)
    record = describe_division(session, chosen, division, day=day)
    children = list_divisions(session, chosen, DivisionFilter(parent=division.id), day=day, limit=MOST_LINES)
    council = find_council(session, chosen, division.id, day=day)
    page = c.DivisionPage(
        code=division.code,
        name=division.name_in(language, *chosen.pack.languages),
        level=chosen.pack.level(division.level).names.choose(language),
        names=tuple(
            c.NameLine(one.text, one.language, one.official, _write_period(one.period, language, always=""))
            for one in record.names
        ),
        codes=tuple(
            c.CodeLine(one.code, one.scheme, one.version, _write_period(one.period, language)) for one in record.codes
        ),
        parents=tuple(to_link(one, chosen, language) for one in record.chain),
        children=tuple(to_link(one, chosen, language) for one in children),
        population=division.people,
        population_source="، ".join(one.source for one in record.population),
        area_m2=division.area_m2,
        councils=(council.name,) if council else (),
        register=chosen.name,
    )
    return answer_page(request, page)


def _write_period(period: Period, language: str, *, always: str = "—") -> str:
    from geo.register.calendars import format_date

    if period == ALWAYS:
        return always
    start, end = (format_date(day, language) if day else "…" for day in (period.start, period.end))
    return f"{start} – {end}"
