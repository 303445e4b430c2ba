"""Audit the boundaries of a register, part by part or as a whole, and keep each run with its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import fsum
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.coverage import Audit, Finding, Tolerances, audit_coverage
from geo.errors import InvalidValue, StaleVersion, because
from geo.register.calendars import parse_date
from services.access.log import record_write
from services.access.roles import Action, Caller
from services.boundaries.audit_grounds import (
    AuditScope,
    Ground,
    list_parts,
    load_codes,
    load_ground,
    load_parents,
    load_settlements,
)
from services.boundaries.excepted import find_exception
from services.boundaries.record_audits import list_record_findings
from services.boundaries.run_records import RunEntry, Tally, keep_earlier_names, record_findings, record_run
from services.jobs import JobState, RunningJob, job_kind, submit_job
from services.queries import RegisterState, get_register
from services.tables.boundaries import AuditRun
from services.tables.boundaries import Finding as FindingRow

KIND = "audit"
"""The kind of job that audits."""

MOST_READINGS = 3
"""How often boundaries are read again when the register moves on meanwhile."""


@dataclass(frozen=True)
class AuditSummary:
    """Say how an audit went."""

    run: int
    """The key of the run."""
    register: str
    """The register."""
    levels: tuple[str, ...]
    """The levels that were audited as one coverage."""
    as_of: date
    """The day whose boundaries were audited."""
    certified: bool
    """Whether the balance proves that nothing was missed."""
    polygons: int
    """How many divisions were audited."""
    vertices: int
    """How many vertices they have."""
    counts: dict[str, int]
    """Findings by kind."""
    area_m2: dict[str, float]
    """Area by kind."""
    excepted: dict[str, int]
    """Findings by kind that lawful exceptions cover; they are not among the others."""


@dataclass(frozen=True)
class CountryAudit:
    """Say how an audit of all partitions and levels went."""

    register: str
    """The register."""
    group: int
    """The first run, under whose key the others are found."""
    certified: bool
    """Whether nothing was missed in any part."""
    parts: tuple[AuditSummary, ...]
    """The runs, from the top."""


class Steps(Protocol):
    """Hear how far an audit is, and say when it shall end."""

    def report(self, done: int, total: int, word: str = "") -> None:
        """Hear that so many parts are behind."""

    def check_cancelled(self) -> None:
        """Raise JobCancelled when the audit shall end."""


class NoSteps:
    """Hear nothing, and let the audit go on to its end."""

    def report(self, done: int, total: int, word: str = "") -> None:
        """Pass over how far it is."""

    def check_cancelled(self) -> None:
        """Let it go on."""


def audit_levels(
    session: Session,
    register: RegisterState,
    levels: Sequence[str],
    *,
    day: date,
    caller: Caller,
    within: int | None = None,
) -> AuditSummary:
    """Audit the divisions of `levels` as one coverage, against the level above where that has boundaries.

    Keeps the run and its findings; `within` audits only what stands under a division. Raises UnknownLevel, and
    InvalidValue when no division has a boundary.
    """
    for level in levels:
        register.pack.level(level)
    summary = _audit(session, register, AuditScope(tuple(levels), day, within), caller=caller)
    _record(session, register, [summary], caller=caller)
    return summary


def audit_country(
    session: Session,
    register: RegisterState,
    *,
    day: date,
    caller: Caller,
    within: int | None = None,
    steps: Steps | None = None,
) -> CountryAudit:
    """Audit all partitions and levels of a register, or what of them stands under a division, each as one run.

    Raises InvalidValue when no division has a boundary.
    """
    steps = steps or NoSteps()
    parts = list_parts(session, register, day)
    done: list[AuditSummary] = []
    for number, levels in enumerate(parts):
        steps.check_cancelled()
        steps.report(number, len(parts), "auditing")
        scope = AuditScope(levels, day, within)
        if within is None or not load_ground(session, register, scope).is_bare:
            done.append(_audit(session, register, scope, caller=caller, group=done[0].run if done else None))
    if not done:
        raise InvalidValue(field="level", value="", reason=because("level_without_boundaries"))
    session.execute(update(AuditRun).where(AuditRun.id == done[0].run).values(group_id=done[0].run))
    steps.report(len(parts), len(parts), "keeping")
    _record(session, register, done, caller=caller)
    return CountryAudit(register.name, done[0].run, all(one.certified for one in done), tuple(done))


def submit_audit(session: Session, register: RegisterState, scope: AuditScope, *, caller: Caller) -> JobState:
    """Queue an audit of some levels as one coverage, or of the whole country when none is named."""
    for level in scope.levels:
        register.pack.level(level)
    parameters = {"levels": list(scope.levels), "as_of": scope.day.isoformat(), "within": scope.within}
    return submit_job(session, register, KIND, parameters, caller=caller, division_id=scope.within)


@job_kind(KIND, Action.RUN_AUDIT)
def run_audit_job(session: Session, job: RunningJob) -> Mapping[str, Any]:
    """Do a queued audit."""
    wanted = job.parameters
    day, within = parse_date(wanted["as_of"]), wanted["within"]
    if not wanted["levels"]:
        whole = audit_country(session, job.register, day=day, caller=job.caller, within=within, steps=job)
        return {"group": whole.group, "certified": whole.certified, "runs": [one.run for one in whole.parts]}
    job.report(0, 1, "auditing")
    summary = audit_levels(session, job.register, wanted["levels"], day=day, caller=job.caller, within=within)
    job.report(1, 1, "keeping")
    return {"group": summary.run, "certified": summary.certified, "runs": [summary.run]}


def _audit(
    session: Session, register: RegisterState, scope: AuditScope, *, caller: Caller, group: int | None = None
) -> AuditSummary:
    register, ground = _read_still(session, register, scope)
    if ground.is_bare:
        level = ", ".join(scope.levels)
        raise InvalidValue(field="level", value=level, reason=because("level_without_boundaries"))
    audit = audit_coverage(
        ground.polygons,
        [str(division) for division in ground.divisions],
        tolerances=Tolerances(**asdict(register.pack.tolerances)),
        parents=load_parents(session, register, ground, scope.day),
    )
    findings = _join(audit, _list_records(session, register, scope, ground))
    audit = replace(audit, findings=keep_earlier_names(session, register, scope, findings))
    run = record_run(session, register, RunEntry(scope, audit, caller.name, group))
    codes = load_codes(session, register, ground, scope.day)
    settlements = load_settlements(session, register, scope.day) if audit.findings else None
    tally = record_findings(session, run, audit.findings, codes=codes, settlements=settlements)
    return _summarise(session, register, scope, audit=audit, kept=(run, tally))


def _read_still(session: Session, register: RegisterState, scope: AuditScope) -> tuple[RegisterState, Ground]:
    """Read boundaries all of one version of the register, so that the run can say which it saw."""
    now = register
    for _ in range(MOST_READINGS):
        register = now
        ground = load_ground(session, register, scope)
        now = get_register(session, register.name)
        if now.version == register.version:
            return register, ground
    raise StaleVersion(based_on=register.version, current=now.version)


def _list_records(session: Session, register: RegisterState, scope: AuditScope, ground: Ground) -> Sequence[Finding]:
    """List what is wrong with what the register says of the audited divisions beside their boundaries."""
    boundaries = dict(zip(ground.divisions, ground.polygons, strict=True))
    found = list_record_findings(session, register, scope.levels, day=scope.day, boundaries=boundaries)
    if scope.within is None:
        return found
    own = {str(division) for division in ground.divisions}
    return [finding for finding in found if own.intersection(finding.divisions)]


def _join(audit: Audit, others: Sequence[Finding]) -> tuple[Finding, ...]:
    known = {finding.fingerprint for finding in audit.findings}
    return (*audit.findings, *(finding for finding in others if finding.fingerprint not in known))


def _summarise(
    session: Session, register: RegisterState, scope: AuditScope, *, audit: Audit, kept: tuple[int, Tally]
) -> AuditSummary:
    run, tally = kept
    return AuditSummary(
        run=run,
        register=register.name,
        levels=scope.levels,
        as_of=scope.day,
        certified=audit.certified,
        polygons=audit.polygons,
        vertices=audit.vertices,
        counts=tally.counts,
        area_m2=_sum_areas(session, run, audit, tally),
        excepted=tally.excepted,
    )


def _sum_areas(session: Session, run: int, audit: Audit, tally: Tally) -> dict[str, float]:
    """Sum the area of the defects of each kind."""
    if not tally.excepted:
        return audit.area_m2
    defects = select(FindingRow.kind, FindingRow.area_m2).join(AuditRun, AuditRun.id == FindingRow.run_id)
    chosen = defects.where(AuditRun.id == run, find_exception().element.is_(None), FindingRow.area_m2.is_not(None))
    areas: dict[str, list[float]] = {}
    for kind, area in session.execute(chosen):
        areas.setdefault(kind, []).append(area or 0.0)
    return {kind: fsum(areas[kind]) for kind in sorted(areas)}


def _record(session: Session, register: RegisterState, runs: Sequence[AuditSummary], *, caller: Caller) -> None:
    """Enter what was audited into the log; last of all, for others wait from here to the commit."""
    for one in runs:
        detail = {"run": one.run, "levels": list(one.levels), "certified": one.certified, "counts": one.counts}
        record_write(session, caller=caller, action=Action.RUN_AUDIT, subject=register.name, detail=detail)
