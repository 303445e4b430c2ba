"""Show one polling station: a sheet to print with its code to scan, and a calendar file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services.elections.station_views import StationView, get_station, write_calendar
from services.messages import say
from services.queries import RegisterState, get_register
from services.web.pages.frame import answer_page, to_link
from services.web.scope import Day, Language
from services.web.sessions import RequestSession
from services.web.station_contexts import StationPage
from services.web.station_words import list_facts, tell_closure

router = APIRouter(include_in_schema=False)


@router.get("/stations/{register}/{code}.ics")
def give_calendar(register: str, code: str, session: RequestSession, day: Day) -> Response:
    """Give the hours of a station on the next day of voting as a calendar file."""
    asked = get_register(session, register)
    content = write_calendar(get_station(session, asked, code, day=day), asked, written_at=datetime.now(UTC))
    name = f"attachment; filename*=UTF-8''{quote(code, safe='')}.ics"
    return Response(content, media_type="text/calendar", headers={"Content-Disposition": name})


@router.get("/stations/{register}/{code}")
def show_station(
    register: str, code: str, request: Request, session: RequestSession, language: Language, day: Day
) -> HTMLResponse:
    """Show a station as a sheet that can be printed."""
    asked = get_register(session, register)
    view = get_station(session, asked, code, day=day)
    address = str(request.url.replace(query="", fragment=""))
    return answer_page(request, _to_page(view, asked, language, address=address))


def _to_page(view: StationView, register: RegisterState, language: str, *, address: str) -> StationPage:
    line = view.line
    return StationPage(
        register=register.name,
        code=line.code,
        name=line.name,
        division=to_link(view.division, register, language) if view.division else None,
        facts=list_facts(line, language),
        warning=tell_closure(line, (line,), language),
        branches=tuple((one.number, say(f"page.station.{one.sex}", language)) for one in line.branches),
        position=None if line.lon is None or line.lat is None else (line.lon, line.lat),
        elections=tuple((one.name, one.held_on) for one in view.elections),
        picture=segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True),
        described=_describe(view),
        synthetic=line.synthetic,
    )


def _describe(view: StationView) -> str:
    """Describe a station in the words of schema.org; a closing tag in a name must not end the script it stands in."""
    line = view.line
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "CivicStructure",
        "name": line.name,
        "identifier": line.code,
        "publicAccess": line.status == "open",
    }
    if line.lon is not None:
        described["geo"] = {"@type": "GeoCoordinates", "latitude": line.lat, "longitude": line.lon}
    return json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
