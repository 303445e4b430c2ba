"""Answer about audits and their findings."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from services.access.roles import Action
from services.boundaries.audits import AuditSummary, audit_levels
from services.boundaries.findings import (
    STATUSES,
    FindingFilter,
    FoundDefect,
    RunState,
    count_findings,
    get_finding,
    list_findings,
    list_runs,
)
from services.lookups import get_coded
from services.queries import RegisterState, get_register
from services.register.divisions import get_division
from services.web.access import WriteScope, allow
from services.web.geojson import MEDIA_TYPE, round_shape
from services.web.models import DivisionOut, Link, Model, Text, to_division_out
from services.web.paging import Limit, Offset, link_pages
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["boundaries"])


class RunOut(Model):
    """The latest audit run of some levels."""

    id: int = Field(examples=[1])
    levels: list[str] = Field(examples=[["commune"]])
    """What was audited as one coverage."""
    as_of: date
    based_on: int = Field(examples=[1])
    """The version of the register it saw."""
    certified: bool
    """Whether it is proven that nothing was missed."""
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    """Findings by kind."""


class FindingOut(Model):
    """One defect an audit found."""

    id: int = Field(examples=[1])
    run: int = Field(examples=[1])
    kind: str = Field(examples=["gap"])
    severity: str = Field(examples=["error"])
    fingerprint: str
    """The lasting name of the case, the same when the audit runs again."""
    divisions: list[DivisionOut]
    """The divisions it concerns."""
    point: tuple[float, float] | None
    """Longitude and latitude of a point inside."""
    area_m2: float | None
    length_m: float | None
    width_m: float | None
    detail: dict[str, Any]
    places: int | None = Field(examples=[None])
    """The places on its ground; null where the register keeps none."""
    people: int | None = Field(examples=[None])
    """The people of those places."""
    status: str = Field(examples=["new"])
    """`new`, `still`, `gone` or `excepted`."""
    first_seen: datetime | None
    """When the case was found first, by runs that followed each other."""
    last_seen: datetime | None
    """When it was found last."""
    exception: int | None
    """The lawful exception that covers it."""


class FindingPageOut(Model):
    """A page of findings."""

    register_name: str = Field(alias="register", examples=["dz"])
    runs: list[RunOut]
    """The audit runs the findings are of."""
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    """All findings asked about, by kind."""
    total: int = Field(examples=[3])
    items: list[FindingOut]
    """The findings of this page, the largest first."""
    links: list[Link] = Field(default_factory=list)


def read_filter(
    session: RequestSession,
    asked: AskedRegister,
    day: Day,
    kind: Annotated[str | None, Query(description="Only of this kind.", examples=["gap"])] = None,
    level: Annotated[str | None, Query(description="Only of audits of this level.", examples=["commune"])] = None,
    division: Annotated[str | None, Query(description="Only those that concern the division with this code.")] = None,
    status: Annotated[
        str | None,
        Query(pattern=f"^({'|'.join(STATUSES)})$", description="Only of this status; all defects by default."),
    ] = None,
) -> FindingFilter:
    """Read which findings are wanted."""
    concerned = get_division(session, asked, division, day=day).id if division else None
    return FindingFilter(kind, level, concerned, status=status)


Wanted = Annotated[FindingFilter, Depends(read_filter, scope="function")]


@router.get("/findings")
def list_page(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    wanted: Wanted,
    language: Language,
    limit: Limit = 100,
    offset: Offset = 0,
) -> FindingPageOut:
    """List what the latest audits have found, the largest first, page by page."""
    counts = count_findings(session, asked, wanted)
    total = sum(counts.values())
    found = list_findings(session, asked, wanted, limit=limit, offset=offset)
    return FindingPageOut(
        register=asked.name,
        runs=[_to_run_out(run) for run in list_runs(session, asked, level=wanted.level)],
        counts=counts,
        total=total,
        items=[to_finding_out(one, asked, language) for one in found],
        links=link_pages(request, response, total=total, limit=limit, offset=offset),
    )


@router.get("/findings.geojson", response_class=Response)
def list_features(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    wanted: Wanted,
    language: Language,
    limit: Limit = 1000,
) -> Response:
    """List findings with their ground as GeoJSON (RFC 7946)."""
    found = list_findings(session, asked, wanted, limit=limit)
    features = [_to_feature(one, asked, language) for one in found]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(body, media_type=MEDIA_TYPE)


def _to_feature(finding: FoundDefect, register: RegisterState, language: str) -> dict[str, Any]:
    shape = finding.geometry
    return {
        "type": "Feature",
        "id": finding.id,
        "geometry": None if shape is None else json.loads(shapely.to_geojson(round_shape(shape))),
        "properties": to_finding_out(finding, register, language).model_dump(mode="json"),
    }


@router.get("/findings/{finding}")
def show_finding(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    finding: Annotated[int, Path(ge=1, le=2**62)],
) -> FindingOut:
    """Show one finding."""
    return to_finding_out(get_finding(session, asked, finding), asked, language)


def to_finding_out(finding: FoundDefect, register: RegisterState, language: str) -> FindingOut:
    """Write a finding for the API."""
    return FindingOut(
        id=finding.id,
        run=finding.run,
        kind=finding.kind,
        severity=finding.severity,
        fingerprint=finding.fingerprint,
        divisions=[to_division_out(one, register, language) for one in finding.divisions],
        point=finding.point,
        area_m2=finding.area_m2,
        length_m=finding.length_m,
        width_m=finding.width_m,
        detail=finding.detail,
        places=finding.places,
        people=finding.people,
        status=finding.status,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        exception=finding.exception,
    )


def _to_run_out(run: RunState) -> RunOut:
    return RunOut(
        id=run.id,
        levels=list(run.levels),
        as_of=run.as_of,
        based_on=run.based_on,
        certified=run.certified,
        counts=run.counts,
    )


class AuditIn(Model):
    """Ask for an audit."""

    levels: list[str] = Field(min_length=1, max_length=20, examples=[["commune"]])
    """The levels that tile their parents together."""
    within: Text | None = Field(default=None, examples=[None])
    """The code of a division: only what stands under it is audited."""


class AuditOut(Model):
    """How an audit went."""

    run: int = Field(examples=[2])
    levels: list[str] = Field(examples=[["commune"]])
    as_of: date
    certified: bool
    polygons: int = Field(examples=[1538])
    vertices: int = Field(examples=[229852])
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    area_m2: dict[str, float] = Field(examples=[{"gap": 2.285e9}])
    excepted: dict[str, int] = Field(examples=[{}])
    """Findings by kind that lawful exceptions cover; they are not among the others."""


@router.post("/audits", status_code=201)
def run_audit(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RUN_AUDIT, named_in_body=True)],
    wanted: Annotated[AuditIn, Body()],
    day: Day,
) -> AuditOut:
    """Audit levels of a register, or of one division of it, and keep what is found."""
    within = find_within(writer.session, register, wanted.within, day)
    state = writer.enter(register, division_id=within)
    summary: AuditSummary = audit_levels(
        writer.session, state, wanted.levels, day=day, caller=writer.caller, within=within
    )
    return AuditOut.model_validate(summary)


def find_within(session: Session, register: str, code: str | None, day: date) -> int | None:
    """Give the division that has a code, in whatever scheme; None for none."""
    return None if code is None else get_coded(session, get_register(session, register), code, day=day).id
