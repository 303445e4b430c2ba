"""Audit the boundaries of one level or partition of a register and keep the run with its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import shapely
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from geo.coverage import Audit, Finding, Parents, Tolerances, audit_coverage
from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller
from services.queries import RegisterState, holds_on, select_divisions
from services.tables.boundaries import AuditRun, FindingDivision
from services.tables.boundaries import Finding as FindingRow
from services.tables.register import Boundary, Division, Standing


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


@dataclass(frozen=True)
class _Ground:
    """Hold the boundaries of some levels by division."""

    divisions: tuple[int, ...]
    """The divisions, in order."""
    parents: tuple[int | None, ...]
    """Under which division each stands."""
    polygons: np.ndarray
    """The boundary of each, or None."""


def audit_levels(
    session: Session, register: RegisterState, levels: Sequence[str], *, day: date, caller: Caller
) -> AuditSummary:
    """Audit the divisions of `levels` as one coverage, against the level above where that has boundaries.

    Keeps the run and its findings. Raises UnknownLevel, and InvalidValue when no division has a boundary.
    """
    for level in levels:
        register.pack.level(level)
    ground = _load_ground(session, register, levels, day)
    if all(polygon is None for polygon in ground.polygons):
        raise InvalidValue(field="level", value=", ".join(levels), reason=because("level_without_boundaries"))
    audit = audit_coverage(
        ground.polygons,
        [str(division) for division in ground.divisions],
        tolerances=Tolerances(**asdict(register.pack.tolerances)),
        parents=_load_parents(session, register, ground, day),
    )
    run = _record_run(session, register, audit, levels=levels, day=day, caller=caller)
    _record_findings(session, run, audit.findings, codes=_load_codes(session, register, ground, day))
    return AuditSummary(
        run=run,
        register=register.name,
        levels=tuple(levels),
        as_of=day,
        certified=audit.certified,
        polygons=audit.polygons,
        vertices=audit.vertices,
        counts=audit.counts,
        area_m2=audit.area_m2,
    )


def _load_ground(session: Session, register: RegisterState, levels: Sequence[str], day: date) -> _Ground:
    of_level = Standing.level.in_(levels)
    return _load(session, register, day, of_level)


def _load(session: Session, register: RegisterState, day: date, condition: object) -> _Ground:
    rows = session.execute(
        select(Standing.division_id, Standing.parent_id, func.ST_AsBinary(Boundary.geom))
        .join(Division, Division.id == Standing.division_id)
        .join(Boundary, (Boundary.division_id == Standing.division_id) & holds_on(Boundary, day), isouter=True)
        .where(Division.register_id == register.id, holds_on(Standing, day), condition)  # type: ignore[arg-type]
        .order_by(Standing.division_id)
    ).all()
    polygons = np.array([None if wkb is None else bytes(wkb) for _, _, wkb in rows], dtype=object)
    return _Ground(
        tuple(division for division, _, _ in rows),
        tuple(parent for _, parent, _ in rows),
        np.asarray(shapely.from_wkb(polygons), dtype=object),
    )


def _load_parents(session: Session, register: RegisterState, ground: _Ground, day: date) -> Parents | None:
    """Load the divisions the audited ones stand under; None when no boundary is known of any."""
    wanted = sorted({parent for parent in ground.parents if parent is not None})
    above = _load(session, register, day, Standing.division_id.in_(wanted))
    if all(polygon is None for polygon in above.polygons):
        return None
    parent_of = [None if parent is None else str(parent) for parent in ground.parents]
    return Parents([str(division) for division in above.divisions], above.polygons, parent_of)


def _record_run(
    session: Session, register: RegisterState, audit: Audit, *, levels: Sequence[str], day: date, caller: Caller
) -> int:
    run = session.scalar(
        insert(AuditRun)
        .values(
            register_id=register.id,
            levels=list(levels),
            as_of=day,
            based_on=register.version,
            tolerances=asdict(register.pack.tolerances),
            certified=audit.certified,
            counts=audit.counts,
            actor=caller.name,
        )
        .returning(AuditRun.id)
    )
    detail = {"run": run, "levels": list(levels), "certified": audit.certified, "counts": audit.counts}
    record_write(session, caller=caller, action=Action.RUN_AUDIT, subject=register.name, detail=detail)
    return int(run or 0)


def _load_codes(session: Session, register: RegisterState, ground: _Ground, day: date) -> dict[str, str]:
    """Load the codes of the parents, by the key under which the audit knew them."""
    parents = {parent for parent in ground.parents if parent is not None}
    rows = session.execute(select_divisions(register, day).where(Standing.division_id.in_(parents)))
    return {str(row.division_id): row.code for row in rows}


def _record_findings(session: Session, run: int, findings: Sequence[Finding], *, codes: Mapping[str, str]) -> None:
    if not findings:
        return
    values = [_to_values(run, finding, codes) for finding in findings]
    statement = insert(FindingRow).returning(FindingRow.id, sort_by_parameter_order=True)
    keys = session.scalars(statement, values).all()
    links = {
        (key, int(division)) for key, finding in zip(keys, findings, strict=True) for division in finding.divisions
    }
    if links:
        session.execute(
            insert(FindingDivision), [{"finding_id": key, "division_id": division} for key, division in sorted(links)]
        )


def _to_values(run: int, finding: Finding, codes: Mapping[str, str]) -> Mapping[str, object]:
    # child and parent stand among the divisions of the finding already
    detail = {name: value for name, value in finding.detail.items() if name not in ("child", "parent")}
    if detail.get("elsewhere") is not None:
        detail["elsewhere"] = codes[str(detail["elsewhere"])]
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
        "detail": detail,
    }
