"""Show what audits have found."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.boundaries.findings import FindingFilter, count_findings, list_findings, list_runs
from services.disputes.disputed_findings import map_disputed
from services.pictures import picture_findings
from services.queries import get_register
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
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@router.get("/findings")
def show_findings(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show what the last audits have found."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, c.FindingsPage(audited=False))
    runs = list_runs(session, chosen)
    levels = [run.levels[0] for run in runs]
    shown = level if level in levels else levels[-1] if levels else None
    wanted = FindingFilter(level=shown)
    found = list_findings(session, chosen, wanted, limit=MOST_LINES)
    disputed = map_disputed(session, chosen, [one.fingerprint for one in found])
    counts = count_findings(session, chosen, wanted)
    page = c.FindingsPage(
        findings=tuple(
            c.FindingLine(
                one.fingerprint,
                one.kind,
                tuple(to_link(division, chosen, language) for division in one.divisions),
                one.area_m2 or 0.0,
                one.severity,
                one.id,
                disputed.get(one.fingerprint),
            )
            for one in found
        ),
        total=sum(counts.values()),
        counts=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        audited=bool(runs),
        register=chosen.name,
        map_address=f"/maps/{chosen.name}/findings?level={shown}&lang={language}" if found else "",
        registers=list_choices(session, chosen, language),
        levels=list_level_choices(chosen, levels, shown, language),
    )
    return answer_page(request, page)


@router.get("/maps/{register}/findings")
def show_findings_map(
    register: str, request: Request, session: RequestSession, language: Language, level: LevelQuery = None
) -> HTMLResponse:
    """Show the map of findings."""
    asked = get_register(session, register)
    wanted = FindingFilter(level=level)
    return answer_map(request, session, lambda: picture_findings(session, asked, wanted, language=language))
