"""Propose how small defects could be mended, each within stated limits, and say why the others are left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from geo.coverage.edges import Floats
from geo.coverage.findings import Finding, FindingKind
from geo.coverage.insertions import InsertedVertex, insert_vertices
from geo.coverage.repair_faces import FaceWork, RepairShare, gather_faces
from geo.coverage.repair_spots import gather_spots
from geo.coverage.sheets import Sheet
from geo.errors import Reason, because

HECTARE_M2 = 10_000.0
"""No proposal may move more ground than this at one place."""


class RepairWay(StrEnum):
    """Name the ways of a repair, as they are stored and exchanged."""

    BORDER = "border"
    """The ground goes to the division it has the longest border with."""
    MEDIAL = "medial"
    """The ground is parted half-way between the two lines."""
    VERTEX = "vertex"
    """A neighbour's vertex is inserted; no ground changes hands."""


@dataclass(frozen=True)
class RepairLimits:
    """Say how far a repair may go; nothing may be set above what stands here."""

    most_area_m2: float = HECTARE_M2
    """The largest ground that changes hands at one place."""
    most_width_m: float = 50.0
    """The widest ground, as the diameter of the largest circle in it."""
    most_displacement_m: float = 50.0
    """How far a boundary may move."""
    vertex_width_m: float = 0.002
    """How far beside an edge a vertex may lie that is inserted into it."""


@dataclass(frozen=True)
class RepairMove:
    """Propose how one defect is mended."""

    finding: Finding
    """The defect."""
    way: RepairWay
    """How it is mended."""
    divisions: tuple[int, ...]
    """The divisions concerned."""
    shares: tuple[RepairShare, ...]
    """Who gets which ground; for a vertex none."""
    points: tuple[tuple[float, float], ...]
    """The vertices that are inserted."""
    area_m2: float
    """The ground that changes hands."""
    displacement_m: float
    """How far a boundary moves at most."""


@dataclass(frozen=True)
class LeftFinding:
    """Hold a defect that no repair is proposed for."""

    finding: Finding
    """The defect."""
    reason: Reason
    """Why."""


@dataclass(frozen=True)
class RepairPlan:
    """Hold what is proposed and what is left."""

    moves: tuple[RepairMove, ...]
    """The repairs, in the order of the findings."""
    left: tuple[LeftFinding, ...]
    """The rest, in the order of the findings."""


NO_POINTS: Floats = np.empty((0, 2))
STANDARD = RepairLimits()


@dataclass(frozen=True)
class RepairGround:
    """Hold what repairs are worked out on."""

    sheet: Sheet
    """The boundaries of the audited levels; findings name divisions by these keys."""
    points: Floats
    """Longitude and latitude of every place and centre."""
    parents: Collection[int] = ()
    """The divisions that have others with ground below them."""
    excepted: Collection[str] = ()
    """The fingerprints of lawful exceptions."""


def plan_repairs(
    findings: Sequence[Finding],
    ground: RepairGround,
    *,
    limits: RepairLimits = STANDARD,
    first: RepairWay = RepairWay.BORDER,
) -> RepairPlan:
    """Propose a repair for every finding within the limits, and give the reason for every other.

    Never touched are twins, detached and contained parts, ground over a hectare, with a place in it or on the outer
    border, and divisions that have others with ground below: those have to be mended first. `first` says whether
    ground between two divisions is parted half-way where that is defined, or goes to one of them.

    Examples
    --------
    >>> import shapely
    >>> from geo.coverage.audit import audit_coverage
    >>> shapes = {1: shapely.box(0, 0, 0.01, 0.02), 2: shapely.box(0.00999, 0.005, 0.02, 0.01)}
    >>> found = audit_coverage(list(shapes.values()), ["1", "2"]).findings
    >>> plan = plan_repairs(found, RepairGround(Sheet(shapes, {}, {}), NO_POINTS))
    >>> [(move.way.value, move.shares[0].taker, round(move.displacement_m, 1)) for move in plan.moves]
    [('border', 1, 1.1)]
    """
    reasons: dict[int, Reason] = {}
    moves: dict[int, RepairMove] = {}
    for row, finding in enumerate(findings):
        reason = _refuse_finding(finding, ground, limits)
        if reason is not None:
            reasons[row] = reason
    open_rows = [row for row in range(len(findings)) if row not in reasons]
    vertices = [row for row in open_rows if findings[row].kind is FindingKind.UNMATCHED_VERTEX]
    for row, mended in zip(vertices, _mend_vertices([findings[row] for row in vertices], ground, limits), strict=True):
        _sort_in(row, mended, moves, reasons)
    faces = [row for row in open_rows if findings[row].kind is not FindingKind.UNMATCHED_VERTEX]
    work = gather_faces([findings[row] for row in faces], ground.sheet, ground.points)
    for place, row in enumerate(faces):
        _sort_in(row, _mend_face(findings[row], work, place, terms=(limits, first)), moves, reasons)
    _put_off(vertices, moves, reasons)
    left = tuple(LeftFinding(findings[row], reasons[row]) for row in sorted(reasons))
    return RepairPlan(tuple(moves[row] for row in sorted(moves)), left)


def _put_off(vertices: Sequence[int], moves: dict[int, RepairMove], reasons: dict[int, Reason]) -> None:
    """Leave vertices between divisions whose ground is mended to the next proposal.

    A vertex bends an edge by up to its width; where ground is mended along the same edge, the two would add up to a
    new sliver.
    """
    mended = {pair for move in moves.values() if move.shares for pair in combinations(move.divisions, 2)}
    for row in vertices:
        if row in moves and mended.intersection(combinations(moves[row].divisions, 2)):
            del moves[row]
            reasons[row] = because("repair_later")


def _sort_in(row: int, mended: RepairMove | Reason, moves: dict[int, RepairMove], reasons: dict[int, Reason]) -> None:
    if isinstance(mended, Reason):
        reasons[row] = mended
    else:
        moves[row] = mended


def list_keys(finding: Finding) -> tuple[int, ...]:
    """List the divisions of a finding whose keys are those of the register."""
    return tuple(sorted({int(word) for word in finding.divisions}))


def _refuse_finding(finding: Finding, ground: RepairGround, limits: RepairLimits) -> Reason | None:
    """Say what about a finding alone keeps it from being mended."""
    if finding.fingerprint in ground.excepted:
        return because("repair_excepted")
    if finding.kind not in (FindingKind.OVERLAP, FindingKind.GAP, FindingKind.UNMATCHED_VERTEX):
        return because("repair_kind")
    keys = list_keys(finding)
    if any(key in ground.parents for key in keys):
        return because("repair_below")
    if finding.kind is FindingKind.UNMATCHED_VERTEX:
        return None
    if (finding.area_m2 or 0.0) > limits.most_area_m2:
        return because("repair_large", area_m2=round(finding.area_m2 or 0.0), most_m2=round(limits.most_area_m2))
    if (finding.width_m or 0.0) > limits.most_width_m:
        return because("repair_wide", width_m=round(finding.width_m or 0.0, 1), most_m=round(limits.most_width_m, 1))
    if finding.kind is FindingKind.OVERLAP and len(keys) != 2:
        return because("repair_parties", parties=len(keys))
    return None


def _mend_vertices(
    findings: Sequence[Finding], ground: RepairGround, limits: RepairLimits
) -> list[RepairMove | Reason]:
    """Insert every vertex that meets at a finding into the edges that lack it."""
    spots, owner = gather_spots(findings, ground.sheet, width_m=limits.vertex_width_m)
    told = insert_vertices(ground.sheet, spots, width_m=limits.vertex_width_m).vertices
    by_finding: dict[int, list[InsertedVertex]] = {}
    for vertex, row in zip(told, owner, strict=True):
        if vertex.refused is None:
            by_finding.setdefault(row, []).append(vertex)
    return [_tell_vertices(finding, by_finding.get(row, ())) for row, finding in enumerate(findings)]


def _tell_vertices(finding: Finding, vertices: Sequence[InsertedVertex]) -> RepairMove | Reason:
    if not vertices:
        return because("repair_no_edge")
    return RepairMove(
        finding=finding,
        way=RepairWay.VERTEX,
        divisions=list_keys(finding),
        shares=(),
        points=tuple(vertex.spot.point for vertex in vertices),
        area_m2=sum(vertex.area_m2 for vertex in vertices),
        displacement_m=max(vertex.displacement_m for vertex in vertices),
    )


def _mend_face(
    finding: Finding, work: FaceWork, place: int, *, terms: tuple[RepairLimits, RepairWay]
) -> RepairMove | Reason:
    """Give the ground of one finding to whom its border says, or part it, unless something forbids it."""
    limits, first = terms
    reason = work.find_obstacle(place)
    if reason is not None:
        return reason
    shares = work.part_face(place) if first is RepairWay.MEDIAL else None
    way = RepairWay.BORDER if shares is None else RepairWay.MEDIAL
    shares = shares or work.give_face(place)
    displacement = work.measure_displacement(place, shares)
    if displacement > limits.most_displacement_m:
        most = round(limits.most_displacement_m, 1)
        return because("repair_displaced", displacement_m=round(displacement, 1), most_m=most)
    return RepairMove(
        finding=finding,
        way=way,
        divisions=list_keys(finding),
        shares=shares,
        points=(),
        area_m2=finding.area_m2 or 0.0,
        displacement_m=displacement,
    )
