"""Show the control against decrees."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.boundary_pictures import picture_control
from services.control.exports import name_decree, tell_finding
from services.control.findings import DecreeFinding
from services.control.report import DecreeReport, check_decrees
from services.messages import say
from services.queries import RegisterState, get_register
from services.web import repair_contexts as c
from services.web.pages.frame import (
    MOST_LINES,
    RegisterQuery,
    answer_map,
    answer_page,
    choose_register,
    list_choices,
    to_link,
)
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@router.get("/decrees/control")
def show_control(
    request: Request, session: RequestSession, language: Language, day: Day, register: RegisterQuery = None
) -> HTMLResponse:
    """Show where the register and its decrees differ."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, c.ControlPage())
    report = check_decrees(session, chosen, day=day)
    is_drawn = report.checked["lines"] or report.checked["markers"] or report.checked["places"]
    address = f"/maps/{chosen.name}/control?as_of={day.isoformat()}&lang={language}"
    page = c.ControlPage(
        register=chosen.name,
        registers=list_choices(session, chosen, language),
        checked=tuple(report.checked.items()),
        counts=tuple((say(f"decree_finding.{kind}", language), count) for kind, count in report.counts.items()),
        findings=tuple(_to_line(report, one, chosen, language) for one in report.findings[:MOST_LINES]),
        map_address=address if is_drawn else "",
    )
    return answer_page(request, page)


@router.get("/maps/{register}/control")
def show_control_map(
    register: str, request: Request, session: RequestSession, language: Language, day: Day
) -> HTMLResponse:
    """Show lines, markers and places on a map."""
    asked = get_register(session, register)
    report = check_decrees(session, asked, day=day)
    return answer_map(request, session, lambda: picture_control(session, asked, report, language=language))


def _to_line(report: DecreeReport, one: DecreeFinding, register: RegisterState, language: str) -> c.ControlLine:
    return c.ControlLine(
        fingerprint=one.fingerprint,
        is_placed=one.geometry is not None and not one.geometry.is_empty,
        kind=say(f"decree_finding.{one.kind}", language),
        severity=str(one.severity),
        decree=name_decree(report, one),
        divisions=tuple(to_link(division, register, language) for division in one.divisions),
        distance_m=one.distance_m,
        accuracy_m=one.accuracy_m,
        text=tell_finding(one, language),
    )
