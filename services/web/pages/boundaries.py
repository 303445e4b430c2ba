"""Show what audits have found."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.audit_reports import FORMATS
from services.boundaries.findings import (
    STATUSES,
    FindingFilter,
    RunState,
    count_findings,
    list_findings,
    list_runs,
)
from services.disputes.disputed_findings import map_disputed
from services.messages import say
from services.pictures import picture_findings
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
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

StatusQuery = Annotated[str | None, Query(alias="status", max_length=20)]


@router.get("/findings")
def show_findings(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    level: LevelQuery = None,
    status: StatusQuery = None,
) -> HTMLResponse:
    """Show what the last audits have found."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, c.FindingsPage(audited=False))
    runs = list_runs(session, chosen)
    levels = [run.levels[0] for run in runs]
    shown = level if level in levels else levels[-1] if levels else None
    standing = status if status in STATUSES else None
    wanted = FindingFilter(level=shown, status=standing)
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
                say(f"finding_status.{one.status}", language),
                one.people,
                one.first_seen.date() if one.first_seen else None,
            )
            for one in found
        ),
        total=sum(counts.values()),
        counts=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        audited=bool(runs),
        register=chosen.name,
        map_address=_write_map_address(chosen, shown, standing, language) if found else "",
        registers=list_choices(session, chosen, language),
        levels=list_level_choices(chosen, levels, shown, language),
        statuses=_list_statuses(standing, language),
        lawful=0 if standing else sum(count_findings(session, chosen, replace(wanted, status="excepted")).values()),
        run=next((_to_run_line(run, chosen) for run in runs if run.levels[0] == shown), None),
    )
    return answer_page(request, page)


def _write_map_address(register: RegisterState, level: str | None, status: str | None, language: str) -> str:
    asked = {"level": level or "", "status": status or "", "lang": language}
    return f"/maps/{register.name}/findings?{urlencode({name: text for name, text in asked.items() if text})}"


def _list_statuses(chosen: str | None, language: str) -> tuple[c.Choice, ...]:
    every = c.Choice("", say("page.audits.defects", language), chosen is None)
    return (every, *(c.Choice(one, say(f"finding_status.{one}", language), one == chosen) for one in STATUSES))


def _to_run_line(run: RunState, register: RegisterState) -> c.RunLine:
    front = f"/api/v1/registers/{quote(register.name)}/audit-runs/{run.id}/export?format="
    return c.RunLine(run.id, run.certified, run.as_of, tuple((one.upper(), front + one) for one in FORMATS))


@router.get("/maps/{register}/findings")
def show_findings_map(
    register: str,
    request: Request,
    session: RequestSession,
    language: Language,
    level: LevelQuery = None,
    status: StatusQuery = None,
) -> HTMLResponse:
    """Show the map of findings."""
    asked = get_register(session, register)
    wanted = FindingFilter(level=level, status=status or None)
    return answer_map(request, session, lambda: picture_findings(session, asked, wanted, language=language))
