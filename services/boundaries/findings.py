"""List what the latest audits of a register have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from geo.errors import FindingNotFound
from geo.register.divisions import Division
from services.queries import RegisterState, select_divisions, to_division
from services.tables.boundaries import AuditRun, FindingDivision
from services.tables.boundaries import Finding as FindingRow
from services.tables.register import Standing


@dataclass(frozen=True)
class FoundDefect:
    """Hold a stored finding with the divisions it concerns."""

    id: int
    """Its key."""
    run: int
    """The audit run that found it."""
    kind: str
    """What is wrong."""
    severity: str
    """How grave it is."""
    fingerprint: str
    """The lasting name of the case."""
    divisions: tuple[Division, ...]
    """The divisions concerned, by code."""
    geometry: BaseGeometry | None
    """Where it is, EPSG:4326."""
    point: tuple[float, float] | None
    """Longitude and latitude of a point inside."""
    area_m2: float | None
    """Geodesic area."""
    length_m: float | None
    """Geodesic length of its border."""
    width_m: float | None
    """Diameter of the largest inscribed circle."""
    detail: dict[str, Any]
    """What explains it."""


@dataclass(frozen=True)
class RunState:
    """Name the latest audit run of some levels."""

    id: int
    """Its key."""
    levels: tuple[str, ...]
    """What was audited as one coverage."""
    as_of: date
    """The day whose boundaries were audited."""
    based_on: int
    """The version of the register it saw."""
    certified: bool
    """Whether it is proven that nothing was missed."""
    counts: dict[str, int]
    """Findings by kind."""


@dataclass(frozen=True)
class FindingFilter:
    """Say which findings are wanted; None leaves a side open."""

    kind: str | None = None
    """Only of this kind."""
    level: str | None = None
    """Only of runs that audited this level."""
    division: int | None = None
    """Only those that concern this division."""


def list_runs(session: Session, register: RegisterState, *, level: str | None = None) -> tuple[RunState, ...]:
    """List the latest audit run of each set of levels, as they were audited."""
    rows = session.execute(
        select(AuditRun.id, AuditRun.levels, AuditRun.as_of, AuditRun.based_on, AuditRun.certified, AuditRun.counts)
        .where(AuditRun.register_id == register.id)
        .ext(distinct_on(AuditRun.levels))
        .order_by(AuditRun.levels, AuditRun.id.desc())
    )
    runs = [RunState(row.id, tuple(row.levels), *row[2:]) for row in rows]
    return tuple(sorted((run for run in runs if level is None or level in run.levels), key=lambda run: run.id))


def list_findings(
    session: Session, register: RegisterState, wanted: FindingFilter, *, limit: int = 100, offset: int = 0
) -> tuple[FoundDefect, ...]:
    """List findings of the latest runs, the largest first; those without an area come last."""
    chosen = (
        _narrow(session, register, wanted, select(FindingRow, func.ST_AsBinary(FindingRow.geom)))
        .order_by(FindingRow.area_m2.desc().nulls_last(), FindingRow.id)
        .limit(limit)
        .offset(offset)
    )
    return _to_defects(session, register, session.execute(chosen).all())


def count_findings(session: Session, register: RegisterState, wanted: FindingFilter) -> dict[str, int]:
    """Count the findings of the latest runs by kind."""
    every: Any = select(FindingRow.kind, func.count())
    narrowed = _narrow(session, register, wanted, every)
    counts = narrowed.group_by(FindingRow.kind).order_by(FindingRow.kind)
    return {kind: count for kind, count in session.execute(counts)}


def get_finding(session: Session, register: RegisterState, finding: int) -> FoundDefect:
    """Give one finding, of whatever run, or raise FindingNotFound."""
    rows = session.execute(
        select(FindingRow, func.ST_AsBinary(FindingRow.geom))
        .join(AuditRun, AuditRun.id == FindingRow.run_id)
        .where(FindingRow.id == finding, AuditRun.register_id == register.id)
    ).all()
    if not rows:
        raise FindingNotFound(finding=finding)
    return _to_defects(session, register, rows)[0]


def _narrow(session: Session, register: RegisterState, wanted: FindingFilter, query: Select[Any]) -> Select[Any]:
    runs = [run.id for run in list_runs(session, register, level=wanted.level)]
    query = query.where(FindingRow.run_id.in_(runs))
    if wanted.kind is not None:
        query = query.where(FindingRow.kind == wanted.kind)
    if wanted.division is not None:
        concerned = select(FindingDivision.finding_id).where(FindingDivision.division_id == wanted.division)
        query = query.where(FindingRow.id.in_(concerned))
    return query


def _to_defects(session: Session, register: RegisterState, rows: Sequence[Any]) -> tuple[FoundDefect, ...]:
    concerned = _load_concerned(session, register, [row[0].id for row in rows])
    return tuple(_to_defect(row, wkb, concerned.get(row.id, ())) for row, wkb in rows)


def _to_defect(row: FindingRow, wkb: bytes | None, divisions: tuple[Division, ...]) -> FoundDefect:
    return FoundDefect(
        id=row.id,
        run=row.run_id,
        kind=row.kind,
        severity=row.severity,
        fingerprint=row.fingerprint,
        divisions=divisions,
        geometry=None if wkb is None else shapely.from_wkb(bytes(wkb)),
        point=None if row.lon is None or row.lat is None else (row.lon, row.lat),
        area_m2=row.area_m2,
        length_m=row.length_m,
        width_m=row.width_m,
        detail=row.detail,
    )


def _load_concerned(
    session: Session, register: RegisterState, findings: Sequence[int]
) -> dict[int, tuple[Division, ...]]:
    """Load the divisions of each finding as of the day its run looked at."""
    links = session.execute(
        select(FindingDivision.finding_id, FindingDivision.division_id, AuditRun.as_of)
        .join(FindingRow, FindingRow.id == FindingDivision.finding_id)
        .join(AuditRun, AuditRun.id == FindingRow.run_id)
        .where(FindingDivision.finding_id.in_(findings))
    ).all()
    concerned: dict[int, list[Division]] = {}
    for day in sorted({link.as_of for link in links}):
        today = [link for link in links if link.as_of == day]
        wanted = Standing.division_id.in_({link.division_id for link in today})
        known = {
            row.division_id: to_division(row) for row in session.execute(select_divisions(register, day).where(wanted))
        }
        for link in today:
            concerned.setdefault(link.finding_id, []).append(known[link.division_id])
    return {key: tuple(sorted(found, key=lambda division: division.code)) for key, found in concerned.items()}
