"""List what the latest audits of a register have found, or one run, and tell new cases from old ones and those gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from geo.errors import FindingNotFound, InvalidValue, because
from geo.register.divisions import Division
from services.boundaries.excepted import find_exception
from services.queries import RegisterState, select_divisions, to_division
from services.tables.boundaries import AuditRun, FindingDivision
from services.tables.boundaries import Finding as FindingRow
from services.tables.register import Standing

STATUSES = ("new", "still", "gone", "excepted")
"""How a case stands: first found by its run, found before as well, found by the run before only, or lawful."""


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
    places: int | None = None
    """The places on its ground; None where the register keeps none."""
    people: int | None = None
    """The people of those places."""
    status: str = "new"
    """One of `STATUSES`."""
    first_seen: datetime | None = None
    """When the case was found first, by runs that followed each other."""
    last_seen: datetime | None = None
    """When it was found last."""
    exception: int | None = None
    """The lawful exception that covers it."""


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
    run: int | None = None
    """Only of this run; without it, of the latest run of each set of levels in the whole register."""
    status: str | None = None
    """Only of this status; without it, all defects, that is what is new or still there and no exception covers."""


def list_runs(session: Session, register: RegisterState, *, level: str | None = None) -> tuple[RunState, ...]:
    """List the latest audit run of each set of levels in the whole register, as they were audited."""
    rows = session.execute(
        select(AuditRun.id, AuditRun.levels, AuditRun.as_of, AuditRun.based_on, AuditRun.certified, AuditRun.counts)
        .where(AuditRun.register_id == register.id, AuditRun.within_id.is_(None))
        .ext(distinct_on(AuditRun.levels))
        .order_by(AuditRun.levels, AuditRun.id.desc())
    )
    runs = [RunState(row.id, tuple(row.levels), *row[2:]) for row in rows]
    return tuple(sorted((run for run in runs if level is None or level in run.levels), key=lambda run: run.id))


def list_findings(
    session: Session, register: RegisterState, wanted: FindingFilter, *, limit: int = 100, offset: int = 0
) -> tuple[FoundDefect, ...]:
    """List findings of the latest runs or of one, the largest first; those without an area come last."""
    chosen = (
        _narrow(session, register, wanted, _select_findings())
        .order_by(FindingRow.area_m2.desc().nulls_last(), FindingRow.id)
        .limit(limit)
        .offset(offset)
    )
    found = _to_defects(session, register, session.execute(chosen).all())
    return tuple(replace(one, status="gone") for one in found) if wanted.status == "gone" else found


def count_findings(session: Session, register: RegisterState, wanted: FindingFilter) -> dict[str, int]:
    """Count the findings of the latest runs, or of one, by kind."""
    every: Any = select(FindingRow.kind, func.count()).join(AuditRun, AuditRun.id == FindingRow.run_id)
    narrowed = _narrow(session, register, wanted, every)
    counts = narrowed.group_by(FindingRow.kind).order_by(FindingRow.kind)
    return {kind: count for kind, count in session.execute(counts)}


def get_finding(session: Session, register: RegisterState, finding: int) -> FoundDefect:
    """Give one finding, of whatever run, or raise FindingNotFound."""
    own = (FindingRow.id == finding, AuditRun.register_id == register.id)
    rows = session.execute(_select_findings().where(*own)).all()
    if not rows:
        raise FindingNotFound(finding=finding)
    return _to_defects(session, register, rows)[0]


def _select_findings() -> Select[Any]:
    first = aliased(AuditRun)
    seen = (first.audited_at.label("first_seen"), AuditRun.audited_at.label("last_seen"))
    chosen: Any = select(FindingRow, func.ST_AsBinary(FindingRow.geom), find_exception(), *seen)
    joined: Select[Any] = chosen.join(AuditRun, AuditRun.id == FindingRow.run_id).join(
        first, first.id == FindingRow.first_run_id, isouter=True
    )
    return joined


def _narrow(session: Session, register: RegisterState, wanted: FindingFilter, query: Select[Any]) -> Select[Any]:
    latest = [run.id for run in list_runs(session, register, level=wanted.level)] if wanted.run is None else []
    runs = latest if wanted.run is None else [wanted.run]
    query = query.where(AuditRun.register_id == register.id, *_has_status(runs, wanted.status))
    if wanted.kind is not None:
        query = query.where(FindingRow.kind == wanted.kind.replace("\0", ""))
    if wanted.division is not None:
        concerned = select(FindingDivision.finding_id).where(FindingDivision.division_id == wanted.division)
        query = query.where(FindingRow.id.in_(concerned))
    return query


def _has_status(runs: Sequence[int], status: str | None) -> tuple[ColumnElement[bool], ...]:
    """Say that a finding is of the runs, or of those before them, and has a status."""
    if status not in (None, *STATUSES):
        raise InvalidValue(
            field="status", value=str(status)[:100], reason=because("change_unknown_word", known=STATUSES)
        )
    if status == "gone":
        return (_is_gone(runs),)
    covered = find_exception().element
    own = FindingRow.run_id.in_(runs)
    if status == "excepted":
        return own, covered.is_not(None)
    is_new = FindingRow.first_run_id == FindingRow.run_id
    aged = {"new": (is_new,), "still": (~is_new,)}.get(status or "", ())
    return own, covered.is_(None), *aged


def _is_gone(runs: Sequence[int]) -> ColumnElement[bool]:
    """Say that a finding is of the run before one of the runs, which has not found it again."""
    now, same = aliased(AuditRun), aliased(FindingRow)
    found = select(same.id).where(same.run_id == now.id, same.fingerprint == FindingRow.fingerprint)
    # said, for the statement in between does not name the findings itself
    again = found.correlate(now, FindingRow).exists()
    before = select(now.id).where(now.id.in_(runs), now.previous_id == FindingRow.run_id, ~again)
    return before.correlate(FindingRow).exists()


def _to_defects(session: Session, register: RegisterState, rows: Sequence[Any]) -> tuple[FoundDefect, ...]:
    concerned = _load_concerned(session, register, [row[0].id for row in rows])
    return tuple(_to_defect(row, concerned.get(row[0].id, ())) for row in rows)


def _to_defect(row: Any, divisions: tuple[Division, ...]) -> FoundDefect:  # noqa: ANN401 - a row of `_select_findings`
    finding, wkb, exception, first_seen, last_seen = row
    status = "new" if finding.first_run_id in (None, finding.run_id) else "still"
    return FoundDefect(
        id=finding.id,
        run=finding.run_id,
        kind=finding.kind,
        severity=finding.severity,
        fingerprint=finding.fingerprint,
        divisions=divisions,
        geometry=None if wkb is None else shapely.from_wkb(bytes(wkb)),
        point=None if finding.lon is None or finding.lat is None else (finding.lon, finding.lat),
        area_m2=finding.area_m2,
        length_m=finding.length_m,
        width_m=finding.width_m,
        detail=finding.detail,
        places=finding.places,
        people=finding.people,
        status=status if exception is None else "excepted",
        first_seen=first_seen or last_seen,
        last_seen=last_seen,
        exception=exception,
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
