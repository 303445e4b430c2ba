"""Bring the latest audit runs up to date after changes, by looking only at the surroundings of what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

import numpy as np
from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from geo.coverage import Audit, Balance, Finding, FindingKind, Tolerances
from geo.coverage.renewals import Renewal, renew_audit
from services.access.log import record_write
from services.access.roles import Action, Caller
from services.boundaries.audit_grounds import AuditScope, Ground, load_codes, load_settlements
from services.boundaries.moved_grounds import MovedGround, load_moved
from services.boundaries.record_audits import RECORD_KINDS, list_record_findings
from services.boundaries.run_records import RunEntry, keep_earlier_names, load_findings, record_findings, record_run
from services.queries import RegisterState
from services.tables.boundaries import AuditRun


@dataclass(frozen=True)
class RenewedRun:
    """Say how a run was brought up to date."""

    run: int
    """The key of the new run."""
    renewed: int
    """The run it brings up to date."""
    levels: tuple[str, ...]
    """The levels that were audited as one coverage."""
    as_of: date
    """The day whose boundaries were audited."""
    certified: bool
    """Whether the balance proves that nothing was missed."""
    polygons: int
    """How many divisions the levels have."""
    examined: int
    """How many of them were looked at."""
    is_whole: bool
    """Whether all of them had to be."""
    counts: dict[str, int]
    """Findings by kind."""


def audit_surroundings(
    session: Session, register: RegisterState, *, day: date, caller: Caller
) -> tuple[RenewedRun, ...]:
    """Bring the latest run of each set of levels up to date, where a boundary or a parent has changed since.

    Each gives a new run with the findings that an audit of everything would give; its certificate says which run it
    renews and how many divisions it looked at. Runs within one division are left to be made anew.
    """
    done = [
        renewed
        for run in _load_latest(session, register)
        if (renewed := _renew(session, register, run, day=day, caller=caller)) is not None
    ]
    for one in done:
        detail = {"run": one.run, "levels": list(one.levels), "certified": one.certified, "counts": one.counts}
        detail |= {"renews": one.renewed}
        record_write(session, caller=caller, action=Action.RUN_AUDIT, subject=register.name, detail=detail)
    return tuple(done)


def _load_latest(session: Session, register: RegisterState) -> Sequence[AuditRun]:
    latest = select(func.max(AuditRun.id)).where(AuditRun.register_id == register.id, AuditRun.within_id.is_(None))
    chosen = select(AuditRun).where(AuditRun.id.in_(latest.group_by(AuditRun.levels))).order_by(AuditRun.id)
    return session.scalars(chosen).all()


def _renew(session: Session, register: RegisterState, run: AuditRun, *, day: date, caller: Caller) -> RenewedRun | None:
    ground = load_moved(session, register, run, day=day)
    if not ground.children.former and not (ground.parents and ground.parents.former):
        return None
    scope = AuditScope(tuple(run.levels), day)
    tolerances = Tolerances(**asdict(register.pack.tolerances))
    earlier = _read_audit(session, run)
    if not ground.is_alike or run.tolerances != asdict(register.pack.tolerances):
        earlier = replace(earlier, certified=False)
    renewal = renew_audit(earlier, ground.children, parents=ground.parents, tolerances=tolerances)
    audit = _complete(session, register, scope, ground=ground, audit=renewal.audit)
    return _keep(session, register, run, entry=RunEntry(scope, audit, caller.name), renewal=renewal)


def _read_audit(session: Session, run: AuditRun) -> Audit:
    """Read what a run found, apart from what the records of divisions told it."""
    findings = [finding for finding in load_findings(session, run.id) if not _is_of_record(finding)]
    known = {field.name for field in fields(Balance)}
    figures = {name: value for name, value in run.certificate.items() if name in known}
    # A run without all figures, or with one that was no number, proves nothing to build on.
    is_sure = run.certified and set(figures) == known and None not in figures.values()
    balance = Balance(**figures) if is_sure else Balance()
    return Audit(is_sure, tuple(findings), run.divisions, run.vertices, balance)


def _is_of_record(finding: Finding) -> bool:
    """Tell whether a finding comes from records; an orphan that the audit of boundaries found gives no reason."""
    return finding.kind in RECORD_KINDS and (finding.kind is not FindingKind.ORPHAN or "reason" in finding.detail)


def _complete(
    session: Session, register: RegisterState, scope: AuditScope, *, ground: MovedGround, audit: Audit
) -> Audit:
    """Add what the records tell, and give every case the name it had in the run before."""
    parents = ground.parents.keys if ground.parents else ()
    above = Ground((), tuple(int(key) for key in parents), np.empty(0, dtype=object))
    codes = load_codes(session, register, above, scope.day)
    findings = [_tell_code(finding, codes) for finding in audit.findings]
    known = {finding.fingerprint for finding in findings}
    records = list_record_findings(session, register, scope.levels, day=scope.day)
    findings += [finding for finding in records if finding.fingerprint not in known]
    return replace(audit, findings=keep_earlier_names(session, register, scope, findings))


def _tell_code(finding: Finding, codes: Mapping[str, str]) -> Finding:
    """Write the code of the parent that holds the ground of a misfit; those of the run before have it already."""
    if "child" not in finding.detail or finding.detail.get("elsewhere") is None:
        return finding
    return replace(finding, detail={**finding.detail, "elsewhere": codes[str(finding.detail["elsewhere"])]})


def _keep(session: Session, register: RegisterState, run: AuditRun, *, entry: RunEntry, renewal: Renewal) -> RenewedRun:
    key = record_run(session, register, entry)
    findings = entry.audit.findings
    # Codes stand in the findings already.
    codes = {str(finding.detail.get("elsewhere")): str(finding.detail.get("elsewhere")) for finding in findings}
    settlements = load_settlements(session, register, entry.scope.day) if findings else None
    tally = record_findings(session, key, findings, codes=codes, settlements=settlements)
    told = literal({"renews": run.id, "examined": renewal.examined}, JSONB)
    mark = update(AuditRun).where(AuditRun.id == key).values(certificate=AuditRun.certificate.op("||")(told))
    session.execute(mark)
    return RenewedRun(
        run=key,
        renewed=run.id,
        levels=entry.scope.levels,
        as_of=entry.scope.day,
        certified=entry.audit.certified,
        polygons=entry.audit.polygons,
        examined=renewal.examined,
        is_whole=renewal.is_whole,
        counts=tally.counts,
    )
