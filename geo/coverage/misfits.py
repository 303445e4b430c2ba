"""Report where the children of a level and their parents do not hold the same ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.coverage.cover import Cover
from geo.coverage.edges import Ints
from geo.coverage.examination import examine
from geo.coverage.faces import Faces
from geo.coverage.findings import Balance, Detail, Finding, FindingKind, rank_kind
from geo.coverage.intake import Intake, take_in
from geo.coverage.measures import measure_many
from geo.coverage.nesting import Nest, Parents
from geo.coverage.reports import Reporter


@dataclass(frozen=True)
class NestingAudit:
    """Hold what the parents add to an audit."""

    findings: list[Finding]
    """Orphans, faults of the parents and misfits."""
    balance: Balance
    """The certificate of the misfits."""
    undecided: int
    """How many parents could not be audited."""


def audit_nesting(intake: Intake, cover: Cover, reporter: Reporter, parents: Parents) -> NestingAudit:
    """Hold the polygons of a coverage against those of their parents."""
    old = take_in(parents.polygons, earth=reporter.earth)
    keys = [str(key) for key in parents.keys]
    findings = [reporter.report_fault(fault, keys[fault.row], "parent") for fault in old.faults]
    findings += _report_orphans(intake, parents, keys, reporter)
    if len(old.polygons) == 0 or len(cover.polygons) == 0:
        return NestingAudit(findings, Balance(), old.undecided)
    nest = Nest(cover, Cover(old.polygons), _match_parents(intake, parents, old, keys))
    examination = examine(nest, floor=reporter.find_floor(old.polygons))
    family = _Family(nest, examination.faces, reporter, [keys[row] for row in old.row])
    findings += [*family.report_outside(), *family.report_uncovered()]
    return NestingAudit(findings, examination.balance, old.undecided)


def _match_parents(intake: Intake, parents: Parents, old: Intake, keys: Sequence[str]) -> Ints:
    """Number the parent of each child that has ground among the parents that have ground."""
    # Reversed, so that of two parents with one key the first is taken.
    number = {keys[row]: place for place, row in reversed(list(enumerate(old.row.tolist())))}
    wanted = (parents.parent_of[row] for row in intake.row.tolist())
    return np.array([-1 if key is None else number.get(str(key), -1) for key in wanted], dtype=np.int64)


def _report_orphans(intake: Intake, parents: Parents, keys: Sequence[str], reporter: Reporter) -> list[Finding]:
    known, kind = set(keys), FindingKind.ORPHAN
    orphans = [
        (reporter.keys[place], parents.parent_of[row])
        for place, row in enumerate(intake.row.tolist())
        if parents.parent_of[row] not in known
    ]
    return [Finding(kind, rank_kind(kind), (key,), None, detail={"parent": parent}) for key, parent in orphans]


@dataclass(frozen=True)
class _Family:
    """Hold what the reports on children and parents need."""

    nest: Nest
    faces: Faces
    reporter: Reporter
    parent_keys: Sequence[str]

    def report_outside(self) -> Iterator[Finding]:
        """Report each child that lies partly or wholly outside its parent."""
        for child, faces in sorted(self.nest.find_misfits(self.faces).outside.items()):
            key, parent = self.reporter.keys[child], self.parent_keys[self.nest.parent[child]]
            detail: dict[str, Detail] = {"misfit": "outside", "child": key, "parent": parent}
            detail["elsewhere"] = self._find_elsewhere(faces)
            for finding in self._report(tuple(sorted((key, parent))), faces, detail):
                share = self._measure_inside(child, finding)
                yield replace(finding, detail={**finding.detail, "share_inside": share})

    def _measure_inside(self, child: int, outside: Finding) -> float:
        whole = self.reporter.earth.place(self.nest.children.polygons[[child]])
        areas = measure_many(np.array([whole[0], outside.geometry], dtype=object))
        return float(max(0.0, 1 - areas[1] / areas[0]))

    def report_uncovered(self) -> Iterator[Finding]:
        """Report each parent with ground that none of its children cover."""
        for parent, faces in sorted(self.nest.find_misfits(self.faces).uncovered.items()):
            key = self.parent_keys[parent]
            yield from self._report((key,), faces, {"misfit": "uncovered", "parent": key})

    def _report(self, divisions: tuple[str, ...], faces: list[int], detail: dict[str, Detail]) -> Iterator[Finding]:
        shapes = self.faces.shapes[faces]
        yield from self.reporter.report_whole(FindingKind.MISFIT, divisions, shapes, detail)

    def _find_elsewhere(self, faces: list[int]) -> str | None:
        """Give the parent that holds most of the given faces, if any does."""
        owners, born = self.faces.owners, self.nest.born
        chosen = np.isin(owners.face, faces) & (owners.polygon >= born)
        if not chosen.any():
            return None
        areas = shapely.area(self.faces.shapes[owners.face[chosen]])
        held = np.bincount(owners.polygon[chosen] - born, weights=areas, minlength=self.nest.size)
        return self.parent_keys[int(held.argmax())]
