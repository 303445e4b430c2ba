"""Keep an audit run with its findings, and tie each case to the run before of the same scope."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from geo.coverage import Audit, Balance, Finding, FindingKind, Severity
from geo.coverage.fingerprints import keep_names
from services.boundaries.audit_grounds import AuditScope, Settlements
from services.boundaries.excepted import find_exception
from services.queries import RegisterState
from services.tables.boundaries import AuditRun, FindingDivision
from services.tables.boundaries import Finding as FindingRow

GROUND = 2
"""The dimension of what places can lie in."""


@dataclass(frozen=True)
class RunEntry:
    """Say what was audited, for the record of a run."""

    scope: AuditScope
    """What was audited."""
    audit: Audit
    """What came of it."""
    actor: str
    """Who audited."""
    group: int | None = None
    """The first run of the audit of a whole country that this one is a part of."""


@dataclass(frozen=True)
class Tally:
    """Count the findings of a run by kind."""

    counts: dict[str, int]
    """The defects."""
    excepted: dict[str, int]
    """What lawful exceptions cover."""


def find_previous(session: Session, register: RegisterState, scope: AuditScope) -> int | None:
    """Find the latest run of the same levels within the same division."""
    same = (
        AuditRun.register_id == register.id,
        AuditRun.levels == literal(list(scope.levels), JSONB),
        AuditRun.within_id.is_not_distinct_from(scope.within),
    )
    return session.scalar(select(func.max(AuditRun.id)).where(*same))


def keep_earlier_names(
    session: Session, register: RegisterState, scope: AuditScope, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Give findings the fingerprints that the same cases had in the run before of the same scope."""
    previous = find_previous(session, register, scope)
    return tuple(findings) if previous is None else keep_names(findings, load_findings(session, previous))


def load_findings(session: Session, run: int) -> tuple[Finding, ...]:
    """Load the findings of a run as the audit had them, with divisions by their keys."""
    rows = session.execute(
        select(FindingRow, func.ST_AsBinary(FindingRow.geom), func.array_agg(FindingDivision.division_id))
        .join(FindingDivision, FindingDivision.finding_id == FindingRow.id, isouter=True)
        .where(FindingRow.run_id == run)
        .group_by(FindingRow.id)
        .order_by(FindingRow.id)
    )
    return tuple(_to_finding(row, wkb, divisions) for row, wkb, divisions in rows)


def _to_finding(row: FindingRow, wkb: bytes | None, divisions: Sequence[int | None]) -> Finding:
    return Finding(
        FindingKind(row.kind),
        Severity(row.severity),
        tuple(sorted(str(division) for division in divisions if division is not None)),
        None if wkb is None else shapely.from_wkb(bytes(wkb)),
        area_m2=row.area_m2,
        length_m=row.length_m,
        width_m=row.width_m,
        point=None if row.lon is None or row.lat is None else (row.lon, row.lat),
        fingerprint=row.fingerprint,
        detail=row.detail,
    )


def record_run(session: Session, register: RegisterState, entry: RunEntry) -> int:
    """Keep a run, still without its findings, and give its key."""
    previous = find_previous(session, register, entry.scope)
    values = {
        "register_id": register.id,
        "levels": list(entry.scope.levels),
        "within_id": entry.scope.within,
        "as_of": entry.scope.day,
        "based_on": register.version,
        "tolerances": asdict(register.pack.tolerances),
        "certified": entry.audit.certified,
        "certificate": to_certificate(entry.audit.balance),
        "divisions": entry.audit.polygons,
        "vertices": entry.audit.vertices,
        "counts": entry.audit.counts,
        "previous_id": previous,
        "group_id": entry.group,
        "actor": entry.actor,
    }
    return session.scalars(insert(AuditRun).values(**values).returning(AuditRun.id)).one()


def to_certificate(balance: Balance) -> dict[str, Any]:
    """Write the figures behind a certificate; JSON has no number for what is infinite or none."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(balance).items()
    }


def record_findings(
    session: Session,
    run: int,
    findings: Sequence[Finding],
    *,
    codes: Mapping[str, str],
    settlements: Settlements | None = None,
) -> Tally:
    """Keep the findings of a run with the places and people on their ground, and count them.

    `codes` are those of divisions that a misfit names by their keys. A case that the run before has found keeps the
    run that found it first.
    """
    if findings:
        held = count_settlements(findings, settlements)
        first = _load_first_runs(session, run)
        values = [
            {**_to_values(run, finding, codes), **held[row], "first_run_id": first.get(finding.fingerprint, run)}
            for row, finding in enumerate(findings)
        ]
        _insert(session, findings, values)
    tally = count_run(session, run)
    session.execute(update(AuditRun).where(AuditRun.id == run).values(counts=tally.counts, excepted=tally.excepted))
    return tally


def count_settlements(findings: Sequence[Finding], settlements: Settlements | None) -> list[dict[str, int | None]]:
    """Count the places, and the people in them, that lie on the ground of findings; None where nothing is known."""
    shapes = np.array([finding.geometry for finding in findings], dtype=object)
    has_ground = shapely.get_dimensions(shapes) == GROUND
    held: list[dict[str, int | None]] = [{"places": None, "people": None} for _ in findings]
    if settlements is None or not has_ground.any():
        return held
    rows = np.flatnonzero(has_ground)
    found, places = shapely.STRtree(settlements.points).query(shapes[rows], predicate="covers")
    for row in rows.tolist():
        held[row] = {"places": 0, "people": 0}
    for row, place in zip(rows[found].tolist(), places.tolist(), strict=True):
        held[row]["places"] = (held[row]["places"] or 0) + 1
        held[row]["people"] = (held[row]["people"] or 0) + (settlements.people[place] or 0)
    return held


def count_run(session: Session, run: int) -> Tally:
    """Count the findings of a run by kind, those apart that lawful exceptions cover."""
    covered = find_exception()
    rows = session.execute(
        select(FindingRow.kind, covered).join(AuditRun, AuditRun.id == FindingRow.run_id).where(AuditRun.id == run)
    )
    tally = Tally({}, {})
    for kind, exception in rows:
        side = tally.counts if exception is None else tally.excepted
        side[kind] = side.get(kind, 0) + 1
    return Tally(dict(sorted(tally.counts.items())), dict(sorted(tally.excepted.items())))


def _load_first_runs(session: Session, run: int) -> dict[str, int]:
    """Load which run found each case of the run before first."""
    previous = select(AuditRun.previous_id).where(AuditRun.id == run).scalar_subquery()
    first = func.coalesce(FindingRow.first_run_id, FindingRow.run_id)
    rows = session.execute(select(FindingRow.fingerprint, first).where(FindingRow.run_id == previous))
    return {fingerprint: key for fingerprint, key in rows}


def _insert(session: Session, findings: Sequence[Finding], values: Sequence[Mapping[str, object]]) -> None:
    statement = insert(FindingRow).returning(FindingRow.id, sort_by_parameter_order=True)
    keys = session.scalars(statement, values).all()
    links = {
        (key, int(division)) for key, finding in zip(keys, findings, strict=True) for division in finding.divisions
    }
    if links:
        pairs = [{"finding_id": key, "division_id": division} for key, division in sorted(links)]
        session.execute(insert(FindingDivision), pairs)


def _to_values(run: int, finding: Finding, codes: Mapping[str, str]) -> dict[str, object]:
    lon, lat = finding.point or (None, None)
    shape = finding.geometry
    return {
        "run_id": run,
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "fingerprint": finding.fingerprint,
        "geom": None if shape is None else f"SRID=4326;{shapely.to_wkt(shape, rounding_precision=-1)}",
        "lon": lon,
        "lat": lat,
        "area_m2": finding.area_m2,
        "length_m": finding.length_m,
        "width_m": finding.width_m,
        "detail": _write_detail(finding, codes),
    }


def _write_detail(finding: Finding, codes: Mapping[str, str]) -> dict[str, object]:
    """Write what explains a finding, with codes for the keys by which the audit of boundaries names divisions."""
    detail: dict[str, object] = dict(finding.detail)
    if finding.kind is FindingKind.MISFIT:
        # child and parent stand among the divisions of the finding already
        detail = {name: value for name, value in detail.items() if name not in ("child", "parent")}
        if detail.get("elsewhere") is not None:
            detail["elsewhere"] = codes[str(detail["elsewhere"])]
    return detail
