"""Answer about audit runs: their certificates, their findings beside those of the run before, and their files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import Field

from services.access.roles import Action
from services.audit_reports import FORMATS, render_run
from services.boundaries.audit_grounds import AuditScope
from services.boundaries.audits import submit_audit
from services.boundaries.findings import STATUSES, FindingFilter, count_findings, list_findings
from services.boundaries.runs import RunRecord, compare_runs, get_audit_run, list_audit_runs
from services.web.access import WriteScope, allow
from services.web.models import Link, Model, Text
from services.web.paging import Limit, Offset, link_pages
from services.web.remembering import Memory
from services.web.routes.boundaries import FindingOut, find_within, to_finding_out
from services.web.routes.jobs import JobOut, to_job_out
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["boundaries"])

RunKey = Annotated[int, Path(ge=1, lt=2**63, description="The key of the run.", examples=[1])]
StatusQuery = Annotated[
    str | None, Query(pattern=f"^({'|'.join(STATUSES)})$", description="Only of this status; all defects by default.")
]


class AuditRunOut(Model):
    """An audit run with its certificate."""

    id: int = Field(examples=[1])
    levels: list[str] = Field(examples=[["commune"]])
    """What was audited as one coverage."""
    within: str | None
    """The code of the division under which was audited; null means the whole register."""
    as_of: date
    based_on: int
    """The version of the register it saw."""
    certified: bool
    """Whether it is proven that nothing was missed."""
    certificate: dict[str, Any]
    """The figures behind that: sums of areas in square degrees, the difference and what of it is allowed."""
    tolerances: dict[str, Any]
    """From what size on a defect was reported, in metres on the ground."""
    divisions: int
    """How many divisions were audited."""
    vertices: int
    """How many vertices they have."""
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    """Defects by kind, as counted when it was audited."""
    excepted: dict[str, int] = Field(examples=[{}])
    """Findings by kind that lawful exceptions covered then."""
    previous: int | None
    """The run before of the same scope."""
    group: int | None
    """The first run of the audit of the whole country it is a part of."""
    actor: str
    audited_at: datetime


class RunFindingsOut(Model):
    """A page of the findings of one run."""

    run: AuditRunOut
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    """All findings asked about, by kind."""
    total: int = Field(examples=[3])
    items: list[FindingOut]
    """The findings of this page, the largest first."""
    links: list[Link] = Field(default_factory=list)


class CaseOut(Model):
    """What became of a case between two runs."""

    status: str = Field(examples=["gone"])
    """`new`, `still` or `gone`."""
    finding: int = Field(examples=[1])
    kind: str = Field(examples=["gap"])
    fingerprint: str
    area_m2: float | None
    area_before_m2: float | None


class ComparisonOut(Model):
    """Two runs of one scope side by side."""

    run: AuditRunOut
    earlier: AuditRunOut | None
    counts: dict[str, int] = Field(examples=[{"new": 1, "still": 2, "gone": 0}])
    cases: list[CaseOut]
    """The cases: new, still there, gone; the largest first."""


class AuditJobIn(Model):
    """Order an audit."""

    levels: list[Text] = Field(default_factory=list, max_length=20, examples=[["commune"]])
    """The levels that tile their parents together; none means all partitions and levels of the country."""
    within: Text | None = None
    """The code of a division: only what stands under it is audited."""


@router.get("/audit-runs")
def list_all(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    level: Annotated[str | None, Query(max_length=100, description="Only runs that audited this level.")] = None,
    group: Annotated[int | None, Query(ge=1, lt=2**63, description="Only parts of one audit of the country.")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[AuditRunOut]:
    """List the audit runs, the latest first."""
    found = list_audit_runs(session, asked, level=level, group=group, limit=limit, offset=offset)
    return [to_run_out(run) for run in found]


@router.get("/audit-runs/{run}")
def show_run(register: RegisterName, asked: AskedRegister, session: RequestSession, run: RunKey) -> AuditRunOut:
    """Show one run with its certificate."""
    return to_run_out(get_audit_run(session, asked, run))


@router.get("/audit-runs/{run}/findings")
def list_run_findings(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    run: RunKey,
    language: Language,
    status: StatusQuery = None,
    kind: Annotated[str | None, Query(max_length=100, description="Only of this kind.")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> RunFindingsOut:
    """List what one run has found, or what the run before had found and it has not."""
    record = get_audit_run(session, asked, run)
    wanted = FindingFilter(kind, run=run, status=status)
    counts = count_findings(session, asked, wanted)
    total = sum(counts.values())
    found = list_findings(session, asked, wanted, limit=limit, offset=offset)
    return RunFindingsOut(
        run=to_run_out(record),
        counts=counts,
        total=total,
        items=[to_finding_out(one, asked, language) for one in found],
        links=link_pages(request, response, total=total, limit=limit, offset=offset),
    )


@router.get("/audit-runs/{run}/comparison")
def compare(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    run: RunKey,
    earlier: Annotated[int | None, Query(ge=1, lt=2**63, description="The run before by default.")] = None,
) -> ComparisonOut:
    """Compare a run with an earlier one of the same scope, case by case."""
    found = compare_runs(session, asked, run, earlier=earlier)
    return ComparisonOut(
        run=to_run_out(found.run),
        earlier=None if found.earlier is None else to_run_out(found.earlier),
        counts=found.counts,
        cases=[CaseOut.model_validate(case) for case in found.cases],
    )


@router.get("/audit-runs/{run}/export", response_class=Response)
def export(
    request: Request,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    run: RunKey,
    language: Language,
    ending: Annotated[
        str, Query(alias="format", max_length=20, description="`csv`, `geojson`, `gpkg`, `pdf` or `xlsx`.")
    ] = "csv",
) -> Response:
    """Send a run as a table, as a layer for maps, or as a printed report with maps."""

    def render() -> bytes:
        return render_run(session, asked, run, ending=ending, language=language)

    # printing takes seconds, so a report is printed once until something is written
    memory: Memory = request.app.state.memory
    key = ("audit-run", asked.id, run, language)
    body = memory.recall(session, key, render) if ending == "pdf" else render()
    name = f"audit-{run}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(body, media_type=FORMATS[ending], headers=headers)


@router.post("/audit-jobs", status_code=202)
def order_audit(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RUN_AUDIT, named_in_body=True)],
    wanted: Annotated[AuditJobIn, Body()],
    day: Day,
    language: Language,
) -> JobOut:
    """Queue an audit of some levels, or of the whole country; the job tells how far it is."""
    within = find_within(writer.session, register, wanted.within, day)
    state = writer.enter(register, division_id=within)
    scope = AuditScope(tuple(wanted.levels), day, within)
    return to_job_out(submit_audit(writer.session, state, scope, caller=writer.caller), language)


def to_run_out(run: RunRecord) -> AuditRunOut:
    """Write a run for the API."""
    return AuditRunOut.model_validate({**vars(run), "levels": list(run.levels)})
