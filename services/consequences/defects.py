"""Find the findings of the latest audits that a change touches."""

from __future__ import annotations

import shapely
from sqlalchemy import func, or_, select

from geo.register.consequences import FindingRow
from services.boundaries.excepted import find_exception
from services.boundaries.findings import list_runs
from services.consequences.scenes import Scene
from services.lookups import list_matching
from services.tables.boundaries import AuditRun, Finding, FindingDivision
from services.tables.register import Standing

MOST_FINDINGS = 1000
"""So many findings are named; a change touches few."""


def list_defects(scene: Scene) -> tuple[FindingRow, ...]:
    """List the findings of the latest audits that concern the divisions of the change or lie on its ground."""
    runs = [run.id for run in list_runs(scene.session, scene.register)]
    grounds = [shift.ground for _, shift in scene.list_grounds()]
    moved = func.ST_GeomFromWKB(shapely.to_wkb(shapely.union_all(grounds)), 4326)
    on_ground = func.coalesce(func.ST_Intersects(Finding.geom, moved), False)
    concerned = select(FindingDivision.finding_id).where(FindingDivision.division_id == func.any(_list_narrow(scene)))
    rows = scene.session.execute(
        select(Finding.id, Finding.kind, Finding.severity, on_ground.label("on_ground"))
        .join(AuditRun, AuditRun.id == Finding.run_id)
        .where(Finding.run_id == func.any(runs), or_(on_ground, Finding.id.in_(concerned)))
        # what is lawful is no defect, whatever changes around it
        .where(find_exception().element.is_(None))
        .order_by(Finding.id)
        .limit(MOST_FINDINGS)
    ).all()
    codes = _load_codes(scene, [row.id for row in rows])
    return tuple(FindingRow(row.id, row.kind, row.severity, codes.get(row.id, ()), row.on_ground) for row in rows)


def _list_narrow(scene: Scene) -> list[int]:
    """List the divisions of the lowest levels that the change touches: those above them have findings elsewhere."""
    sides = {side for shift in scene.book.lowest for side in (shift.source, shift.target)}
    return sorted(side for side in sides if side is not None and side > 0)


def _load_codes(scene: Scene, findings: list[int]) -> dict[int, tuple[str, ...]]:
    pairs = scene.session.execute(
        select(FindingDivision.finding_id, FindingDivision.division_id).where(
            FindingDivision.finding_id == func.any(findings)
        )
    ).all()
    chosen = Standing.division_id == func.any(sorted({pair.division_id for pair in pairs}))
    known = {one.id: one.code for one in list_matching(scene.session, scene.register, scene.day, chosen)}
    found: dict[int, set[str]] = {}
    for finding, division in pairs:
        if division in known:
            found.setdefault(finding, set()).add(known[division])
    return {finding: tuple(sorted(codes)) for finding, codes in found.items()}
