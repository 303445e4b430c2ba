"""Audit some levels and propose repairs for what can be mended within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from geo.coverage import Finding, Sheet, Tolerances, audit_coverage
from geo.coverage.edges import Floats
from geo.coverage.repairs import STANDARD, LeftFinding, RepairGround, RepairLimits, RepairPlan, RepairWay, plan_repairs
from geo.coverage.repairs import RepairMove as Move
from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.boundaries.exceptions import ExceptionText, list_exceptions
from services.queries import RegisterState, analyse_tables, holds_on, load_boundaries
from services.repairs.records import Proposal, get_proposal
from services.tables.register import Boundary, Division, Position, Standing
from services.tables.repairs import RepairMove, RepairProposal

MANY_MOVES = 1000
"""From so many rows on, the planner is told of them at once."""


def propose_repairs(
    session: Session,
    register: RegisterState,
    levels: Sequence[str],
    *,
    day: date,
    caller: Caller,
    limits: RepairLimits = STANDARD,
    first: RepairWay = RepairWay.BORDER,
) -> Proposal:
    """Audit the divisions of levels as one coverage, and keep a proposal with every repair and every defect left.

    Nothing of the register changes. Raises UnknownLevel, InvalidValue for limits beyond what any proposal may have
    and when no division has a boundary, NotPermitted unless the caller may draft changes in the whole register.
    """
    check_permitted(session, caller, Action.DRAFT_CHANGE, register)
    _check_limits(limits, first)
    for level in levels:
        register.pack.level(level)
    shapes = load_boundaries(session, register, day, Standing.level.in_(levels))
    if not shapes:
        raise InvalidValue(field="level", value=", ".join(levels), reason=because("level_without_boundaries"))
    tolerances = Tolerances(**asdict(register.pack.tolerances))
    audit = audit_coverage(list(shapes.values()), [str(key) for key in shapes], tolerances=tolerances)
    ground = _gather_ground(session, register, shapes, day, findings=audit.findings)
    plan = plan_repairs(audit.findings, ground, limits=limits, first=first)
    values = {"levels": list(levels), "as_of": day, "certified": audit.certified, "limits": asdict(limits)}
    key = _keep(session, register, plan, values=values, caller=caller)
    detail = {"repair": key, "step": "propose", "moves": len(plan.moves), "left": len(plan.left)}
    record_write(session, caller=caller, action=Action.DRAFT_CHANGE, subject=register.name, detail=detail)
    return get_proposal(session, register, key)


def _check_limits(limits: RepairLimits, first: RepairWay) -> None:
    """Refuse limits that are wider than what stands in law and in reason, or that are no sizes."""
    for name, most in asdict(STANDARD).items():
        value = getattr(limits, name)
        # comparing this way round refuses what is not a number as well
        if not 0 < value <= most:
            raise InvalidValue(field=name, value=value, reason=because("repair_limit", most=most))
    if first is RepairWay.VERTEX:
        raise InvalidValue(field="first", value=str(first), reason=because("repair_way"))


def _gather_ground(
    session: Session,
    register: RegisterState,
    shapes: dict[int, BaseGeometry],
    day: date,
    *,
    findings: Sequence[Finding],
) -> RepairGround:
    points, parents = _load_points(session, register, day), _load_parents(session, register, day)
    lawful = [one.text for one in list_exceptions(session, register, day=day)]
    excepted = {finding.fingerprint for finding in findings if any(_covers(one, finding) for one in lawful)}
    return RepairGround(Sheet(shapes, {}, {}), points, parents, excepted)


def _covers(lawful: ExceptionText, finding: Finding) -> bool:
    """Tell whether a lawful exception covers a finding: the case itself, or the ground it lies on."""
    if lawful.kind != finding.kind:
        return False
    is_placed = lawful.ground is not None and finding.geometry is not None
    is_named = lawful.fingerprint == finding.fingerprint
    return is_named or (is_placed and bool(shapely.covers(lawful.ground, finding.geometry)))


def _load_points(session: Session, register: RegisterState, day: date) -> Floats:
    """Load where every place and every centre is."""
    query = (
        select(func.ST_X(Position.geom), func.ST_Y(Position.geom))
        .join(Division, Division.id == Position.division_id)
        .where(Division.register_id == register.id, holds_on(Position, day))
        .order_by(Position.division_id)
    )
    return np.array([tuple(row) for row in session.execute(query)], dtype=np.float64).reshape(-1, 2)


def _load_parents(session: Session, register: RegisterState, day: date) -> frozenset[int]:
    """Load the divisions that have others with a boundary directly below them."""
    query = (
        select(Standing.parent_id)
        .join(Division, Division.id == Standing.division_id)
        .join(Boundary, Boundary.division_id == Standing.division_id)
        .where(Division.register_id == register.id, holds_on(Standing, day), holds_on(Boundary, day))
        .distinct()
    )
    return frozenset(key for key in session.scalars(query) if key is not None)


def _keep(
    session: Session, register: RegisterState, plan: RepairPlan, *, values: dict[str, Any], caller: Caller
) -> int:
    own = {"register_id": register.id, "based_on": register.version, "proposed_by": caller.name}
    key = session.scalars(insert(RepairProposal).values(**values, **own).returning(RepairProposal.id)).one()
    rows = [_write_move(move) for move in plan.moves] + [_write_left(left) for left in plan.left]
    if rows:
        numbered = [{**row, "proposal_id": key, "number": number} for number, row in enumerate(rows, start=1)]
        session.execute(insert(RepairMove), numbered)
    if len(rows) >= MANY_MOVES:
        analyse_tables(session, RepairMove)
    return key


def _write_move(move: Move) -> dict[str, Any]:
    where = shapely.MultiPoint(move.points) if move.points else move.finding.geometry
    return {
        **_write_finding(move.finding, where),
        "option": str(move.way),
        "shares": [{"to": share.taker, "ground": mapping(share.ground)} for share in move.shares],
        "area_m2": move.area_m2,
        "displacement_m": move.displacement_m,
        "reason": None,
    }


def _write_left(left: LeftFinding) -> dict[str, Any]:
    return {
        **_write_finding(left.finding, left.finding.geometry),
        "option": None,
        "shares": [],
        "area_m2": left.finding.area_m2,
        "displacement_m": None,
        "reason": {"key": left.reason.key, "params": dict(left.reason.params)},
    }


def _write_finding(finding: Finding, where: BaseGeometry | None) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "kind": str(finding.kind),
        "divisions": sorted({int(word) for word in finding.divisions}),
        "geom": None if where is None else f"SRID=4326;{shapely.to_wkt(where, rounding_precision=-1)}",
    }
