"""Audit anew only the surroundings of what has changed, with the same answer as an audit of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.alterations import Former, list_moved
from geo.coverage.audit import DEFAULT_TOLERANCES, Inspection, audit_coverage, inspect_coverage
from geo.coverage.edges import Boundaries, Flags, Floats, Ints, Shapes
from geo.coverage.examination import join_balances
from geo.coverage.findings import Audit, Balance, Finding, Tolerances
from geo.coverage.fingerprints import name_findings
from geo.coverage.intake import take_in
from geo.coverage.measures import Earth
from geo.coverage.nesting import Parents

_NO_BOXES: Floats = np.empty((0, 4))
_DEGREES_PER_METRE = 1e-5


@dataclass(frozen=True)
class LevelGround:
    """Hold the divisions of a level as they are now, read when they are needed, and those that changed as they were."""

    keys: Sequence[str]
    """The key of each division."""
    boxes: Floats
    """West, south, east and north of each boundary in EPSG:4326; not-a-number without one."""
    read: Callable[[Sequence[int]], Boundaries]
    """How to read the boundaries of some rows."""
    former: Mapping[str, Former]
    """What each division was that is new, gone, drawn anew or under another parent."""
    parent_of: Sequence[str | None] = ()
    """The parent's key of each division; empty where nobody asks for it."""

    def mark_keys(self, keys: set[str]) -> Flags:
        """Mark the divisions of some keys."""
        return np.fromiter((str(key) in keys for key in self.keys), dtype=np.bool_, count=len(self.keys))

    def mark_meeting(self, boxes: Floats) -> Flags:
        """Mark the divisions whose boxes meet any of some boxes."""
        return _mark_meeting(self.boxes, boxes)

    def read_changed(self) -> dict[str, BaseGeometry | None]:
        """Read the boundaries that the changed divisions have now; a division that is gone has none."""
        rows = np.flatnonzero(self.mark_keys(set(self.former))).tolist()
        now = {str(self.keys[row]): shape for row, shape in zip(rows, self.read(rows), strict=True)}
        return {key: now.get(key) for key in sorted(self.former)}


NO_LEVEL = LevelGround((), _NO_BOXES, lambda _: [], {})
"""A level without divisions."""


@dataclass(frozen=True)
class Renewal:
    """Hold an audit brought up to date."""

    audit: Audit
    """The answer of an audit of everything; its balance counts edges and faces of the part examined last."""
    examined: int
    """How many divisions were looked at."""
    is_whole: bool
    """Whether everything had to be looked at."""


def renew_audit(
    earlier: Audit,
    ground: LevelGround,
    *,
    parents: LevelGround | None = None,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
) -> Renewal:
    """Bring an audit of boundaries in EPSG:4326 up to date after changes.

    What the changes touch is audited with everything around it, and with the findings that touch it, until nothing
    more comes in; what is farther away stays as it was found. Where the earlier audit or the part is not certain, where
    keys stand twice, or where the part cannot tell a gap from the ground beyond the outer border, all is audited.
    """
    family = _Family(ground, parents or NO_LEVEL, has_parents=parents is not None, tolerances=tolerances)
    if _is_sure(earlier.balance) and earlier.certified and family.has_lone_keys():
        renewal = _renew_part(earlier, family)
        if renewal is not None:
            return renewal
    every = _Rows(np.arange(len(family.children.keys)), np.arange(len(family.parents.keys)))
    polygons, above = family.read(every)
    audit = audit_coverage(polygons, family.children.keys, tolerances=tolerances, parents=above)
    return Renewal(audit, len(family.children.keys), True)


def _is_sure(balance: Balance) -> bool:
    return balance.is_certain and balance.is_plain


@dataclass(frozen=True)
class _Rows:
    """Say which children and which parents are looked at."""

    children: Ints
    parents: Ints

    def is_within(self, other: _Rows) -> bool:
        """Tell whether another choice holds all of this one."""
        return set(self.children.tolist()) <= set(other.children.tolist()) and set(self.parents.tolist()) <= set(
            other.parents.tolist()
        )


@dataclass(frozen=True)
class _Family:
    """Hold a level and the level above it."""

    children: LevelGround
    parents: LevelGround
    has_parents: bool
    tolerances: Tolerances

    def has_lone_keys(self) -> bool:
        """Tell whether no key of a level stands twice."""
        return all(len(set(map(str, level.keys))) == len(level.keys) for level in (self.children, self.parents))

    def list_rehung(self) -> list[str]:
        """List the children that stand under another parent than before."""
        level = self.children
        now = {str(key): above for key, above in zip(level.keys, level.parent_of, strict=False)}
        return [key for key, was in sorted(level.former.items()) if key in now and now[key] != was.parent]

    def read(self, rows: _Rows) -> tuple[Boundaries, Parents | None]:
        """Read the boundaries of some children and parents."""
        polygons = self.children.read(rows.children.tolist())
        if not self.has_parents:
            return polygons, None
        keys = [self.parents.keys[row] for row in rows.parents.tolist()]
        above = [self.children.parent_of[row] for row in rows.children.tolist()]
        return polygons, Parents(keys, self.parents.read(rows.parents.tolist()), above)

    def choose_rows(self, region: Floats) -> _Rows:
        """Choose everything that a region meets, and the families of the parents it meets or that changed."""
        changed = set(self.parents.former)
        above = [None if key is None else str(key) for key in self.children.parent_of]
        focus = self.parents.mark_meeting(region) | self.parents.mark_keys(changed)
        children = self.children.mark_meeting(region) | self.children.mark_keys(set(self.children.former) | changed)
        children |= self.children.mark_meeting(self.parents.boxes[focus])
        if above:
            children |= np.array([key in changed for key in above])
        homes = {key for row in np.flatnonzero(children).tolist() if above and (key := above[row]) is not None}
        wanted = focus | self.parents.mark_keys(homes | set(self.children.former))
        return _Rows(np.flatnonzero(children), np.flatnonzero(wanted))

    def inspect(self, rows: _Rows) -> Inspection:
        """Audit some children and parents by themselves."""
        polygons, above = self.read(rows)
        keys = [str(self.children.keys[row]) for row in rows.children.tolist()]
        return inspect_coverage(polygons, keys, tolerances=self.tolerances, parents=above)


@dataclass(frozen=True)
class _Region:
    """Hold where findings may have come, gone or changed."""

    keys: frozenset[str]
    """The divisions that changed."""
    boxes: Floats
    """Boxes around all ground that may be concerned."""

    def touches(self, finding: Finding) -> bool:
        """Tell whether a finding is of a changed division or meets the region."""
        if not self.keys.isdisjoint(finding.divisions) or finding.detail.get("parent") in self.keys:
            return True
        return finding.geometry is not None and bool(_mark_meeting(_box(finding.geometry), self.boxes).any())

    def select(self, findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Part findings into those that touch the region and those that do not."""
        near = [self.touches(finding) for finding in findings]
        touched = [finding for finding, is_near in zip(findings, near, strict=True) if is_near]
        return touched, [finding for finding, is_near in zip(findings, near, strict=True) if not is_near]

    def grow(self, findings: Sequence[Finding], margin: float) -> _Region:
        """Take in the ground of findings that touch the region."""
        boxes = [_widen(_box(finding.geometry), margin) for finding in findings if finding.geometry is not None]
        return replace(self, boxes=np.unique(np.concatenate([self.boxes, *boxes]), axis=0))


def _renew_part(earlier: Audit, family: _Family) -> Renewal | None:
    """Audit the surroundings of the changes; None where that cannot tell."""
    # Ten times the width of a vertex's place holds the few vertices that make one place together.
    margin = 100 * family.tolerances.vertex_width_m * _DEGREES_PER_METRE
    now = family.children.read_changed()
    moved = _widen(list_moved(family.children.former, now), margin)
    rehung = [_box(shape) for shape in map(now.get, family.list_rehung()) if shape is not None]
    above = list_moved(family.parents.former, family.parents.read_changed())
    keys = frozenset({*family.children.former, *family.parents.former})
    region = _Region(keys, _widen(np.concatenate([moved, *rehung, above]), margin))
    part, region, rows = _inspect_around(earlier, family, region, margin)
    if not _is_sure(part.balance) or not _is_enclosed(moved, part.faces):
        return None
    fresh, _ = region.select(part.findings)
    _, kept = region.select(earlier.findings)
    change = _Change(family.children.former, now)
    audit = _compose(earlier, part, name_findings([*kept, *fresh]), change, len(family.children.keys))
    return Renewal(audit, len(rows.children), False)


def _inspect_around(
    earlier: Audit, family: _Family, region: _Region, margin: float
) -> tuple[Inspection, _Region, _Rows]:
    """Audit what meets a region, and let findings that touch it widen it, until nothing more comes in."""
    while True:
        rows = family.choose_rows(region.boxes)
        part = family.inspect(rows)
        wider = region
        for findings in (earlier.findings, part.findings):
            wider = wider.grow(region.select(findings)[0], margin)
        if len(wider.boxes) == len(region.boxes):
            return part, region, rows
        region = wider


def _is_enclosed(moved: Floats, faces: Shapes) -> bool:
    """Tell whether ground that moved lies wholly within the borders, so that no gap can be open to the outside."""
    if not len(moved):
        return True
    whole = shapely.union_all(faces)
    shapely.prepare(whole)
    return bool(shapely.contains_properly(whole, shapely.box(*moved.T)).all())


@dataclass(frozen=True)
class _Change:
    """Hold the boundaries of changed divisions, before and after."""

    former: Mapping[str, Former]
    now: Mapping[str, BaseGeometry | None]

    def measure(self) -> tuple[float, int]:
        """Give by how much the ground and the vertices have grown, in the coordinates' own units."""
        old = take_in([self.former[key].boundary for key in sorted(self.former)], earth=Earth()).polygons
        new = take_in([self.now[key] for key in sorted(self.now)], earth=Earth()).polygons
        vertices = int(shapely.get_num_coordinates(new).sum()) - int(shapely.get_num_coordinates(old).sum())
        return fsum(shapely.area(new)) - fsum(shapely.area(old)), vertices


def _compose(earlier: Audit, part: Inspection, findings: tuple[Finding, ...], change: _Change, rows: int) -> Audit:
    """Put the answer together from what stayed and what was found anew."""
    ground, vertices = change.measure()
    balance = replace(
        join_balances([earlier.balance, part.balance], undecided=0),
        polygons=earlier.balance.polygons + ground,
        residual_edges=part.balance.residual_edges,
        faces=part.balance.faces,
    )
    return Audit(balance.is_certain, findings, rows, earlier.vertices + vertices, balance)


def _box(shape: BaseGeometry | None) -> Floats:
    return np.asarray(shapely.bounds(shape), dtype=np.float64).reshape(1, 4)


def _widen(boxes: Floats, margin: float) -> Floats:
    return np.asarray(boxes + np.array([-margin, -margin, margin, margin]))


def _mark_meeting(boxes: Floats, others: Floats) -> Flags:
    """Mark the boxes that meet any of some others; one that is not a number meets none."""
    meets = np.zeros(len(boxes), dtype=np.bool_)
    for other in others:
        meets |= (boxes[:, :2] <= other[2:]).all(axis=1) & (boxes[:, 2:] >= other[:2]).all(axis=1)
    return meets
