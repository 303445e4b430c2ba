"""Audit a coverage: find every overlap, gap, unmatched vertex and misfit, with a certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.coverage.cover import Cover
from geo.coverage.edges import Boundaries, Flags, Floats, Shapes
from geo.coverage.examination import Examination, examine, join_balances
from geo.coverage.findings import Audit, Balance, Finding, FindingKind, Tolerances, rank_kind
from geo.coverage.fingerprints import name_findings
from geo.coverage.intake import Intake, take_in
from geo.coverage.measures import Earth, ToLonLat
from geo.coverage.misfits import audit_nesting
from geo.coverage.neighbours import find_neighbours
from geo.coverage.nesting import Parents
from geo.coverage.parts import find_twins, list_clashes, list_detached
from geo.coverage.reports import Reporter, join_faces
from geo.coverage.vertices import Unmatched, find_unmatched

DEFAULT_TOLERANCES = Tolerances()
"""The tolerances where no country pack says otherwise."""


def audit_coverage(
    polygons: Boundaries,
    keys: Sequence[str],
    *,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
    parents: Parents | None = None,
    to_lonlat: ToLonLat | None = None,
) -> Audit:
    """Audit polygons as they come, broken ones included, each under its key.

    Defects are sought in the polygons' own coordinates: longitude and latitude, or any plane system for which
    `to_lonlat` leads there. Only what was found is moved, to be measured on the ellipsoid.

    Examples
    --------
    >>> audit = audit_coverage([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], ["A", "B"])
    >>> audit.certified, audit.counts
    (True, {'overlap': 1})
    """
    return inspect_coverage(polygons, keys, tolerances=tolerances, parents=parents, to_lonlat=to_lonlat).to_audit()


@dataclass(frozen=True)
class Inspection:
    """Hold what an audit saw."""

    findings: list[Finding]
    """What was found, not named yet."""
    balance: Balance
    """The certificate."""
    polygons: int
    """How many rows were audited."""
    vertices: int
    """How many vertices their rings have."""
    faces: Shapes
    """The faces that the borders without an answer enclose; beyond all of them lies nobody's ground without end."""

    def to_audit(self) -> Audit:
        """Name the findings."""
        certified, findings = self.balance.is_certain, name_findings(self.findings)
        return Audit(certified, findings, self.polygons, self.vertices, self.balance)


# Coordinates at the edge of what a number can hold overflow in the geometry engine; the balance then tells.
@np.errstate(all="ignore")
def inspect_coverage(
    polygons: Boundaries,
    keys: Sequence[str],
    *,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
    parents: Parents | None = None,
    to_lonlat: ToLonLat | None = None,
) -> Inspection:
    """Audit a coverage as `audit_coverage` does, for whoever puts the answer together with others."""
    intake = take_in(polygons, earth=Earth(to_lonlat))
    reporter = Reporter([str(keys[row]) for row in intake.row], Earth(to_lonlat), tolerances)
    cover = Cover(intake.polygons)
    findings = _report_rows(intake, [str(key) for key in keys], reporter)
    found, balance, faces = _audit_cover(intake, cover, reporter)
    balances, undecided = [balance], intake.undecided
    if parents is not None:
        nesting = audit_nesting(intake, cover, reporter, parents)
        findings, undecided = findings + nesting.findings, undecided + nesting.undecided
        balances.append(nesting.balance)
    total = join_balances(balances, undecided=undecided)
    vertices = int(shapely.get_num_coordinates(cover.polygons).sum())
    return Inspection(findings + found, total, len(keys), vertices, faces)


def _report_rows(intake: Intake, keys: Sequence[str], reporter: Reporter) -> list[Finding]:
    """Report what is wrong with single rows and their keys."""
    findings = [reporter.report_fault(fault, keys[fault.row], "child") for fault in intake.faults]
    clash = FindingKind.CODE_CLASH
    return findings + [Finding(clash, rank_kind(clash), (key,), None) for key in list_clashes(keys)]


def _audit_cover(intake: Intake, cover: Cover, reporter: Reporter) -> tuple[list[Finding], Balance, Shapes]:
    """Report what is wrong between the polygons of one coverage."""
    if len(cover.polygons) == 0:
        return [], Balance(), cover.polygons
    examination = examine(cover, floor=reporter.find_floor(cover.polygons))
    ground = [*_report_overlaps(cover, examination, reporter), *_report_gaps(cover, examination, reporter)]
    shapes = [finding.geometry for finding in ground if finding.geometry is not None]
    width = reporter.tolerances.vertex_width_m
    unmatched = _drop_crossings(find_unmatched(examination.runs, earth=reporter.earth, width_m=width), intake)
    detached = _report_detached(intake, reporter)
    return (
        [*ground, *reporter.report_unmatched(unmatched, shapes), *detached],
        examination.balance,
        examination.faces.shapes,
    )


def _report_overlaps(cover: Cover, examination: Examination, reporter: Reporter) -> Iterator[Finding]:
    groups = cover.group_overlaps(examination.faces)
    shapes = {owners: examination.faces.shapes[rows] for owners, rows in groups.items()}
    twins = find_twins({owners: float(shapely.area(part).sum()) for owners, part in shapes.items()}, cover.areas)
    for owners in sorted(twins):
        yield from reporter.report_whole(FindingKind.TWIN, reporter.name_owners(owners), shapes[owners])
    pieces = [(owners, piece) for owners in shapes if owners not in twins for piece in join_faces(shapes[owners])]
    ground = np.array([piece for _, piece in pieces], dtype=object)
    yield from reporter.report_pieces(FindingKind.OVERLAP, [owners for owners, _ in pieces], ground)


def _report_gaps(cover: Cover, examination: Examination, reporter: Reporter) -> Iterator[Finding]:
    """Report gaps with the divisions around them: the candidates for the ground."""
    faces = examination.faces.shapes[cover.list_gaps(examination.faces)]
    pieces = join_faces(faces)
    pieces = pieces[reporter.find_large(pieces)]
    yield from reporter.report_pieces(FindingKind.GAP, find_neighbours(examination.runs, pieces), pieces)


def _report_detached(intake: Intake, reporter: Reporter) -> Iterator[Finding]:
    """Report detached parts, unless only reading broken rings by the even-odd rule made them."""
    detached = [(row, part) for row, part in list_detached(intake.polygons) if not intake.mended[row]]
    parts = np.array([part for _, part in detached], dtype=object)
    yield from reporter.report_pieces(FindingKind.DETACHED_PART, [(row,) for row, _ in detached], parts)


def _drop_crossings(unmatched: Unmatched, intake: Intake) -> Unmatched:
    """Leave out the vertices that reading broken rings by the even-odd rule put where they cross."""
    drawn = shapely.get_coordinates(intake.given[intake.mended])
    made: Flags = intake.mended[unmatched.owner] & ~_is_among(unmatched.xy, drawn)
    return Unmatched(unmatched.xy[~made], unmatched.owner[~made], unmatched.neighbour[~made])


def _is_among(xy: Floats, known: Floats) -> Flags:
    return np.isin(xy[:, 0] + 1j * xy[:, 1], known[:, 0] + 1j * known[:, 1])
