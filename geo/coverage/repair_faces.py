"""Look at small faces all at once: whose border each of their edges is, what lies in them, how far boundaries move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.disputed_faces import lay_face
from geo.coverage.edges import Flags, Floats, Ints, unfold_rings
from geo.coverage.findings import Finding, FindingKind
from geo.coverage.measures import Earth
from geo.coverage.options import follow_medial
from geo.coverage.sheets import Sheet
from geo.errors import GroundNotExact, Infeasible, InvalidGeometry, Reason, because

_EARTH = Earth()
_BESIDE = 2e-9
"""An edge half-way along which a border is no farther than this, in degrees, runs on that border."""
_OUTSIDE_M = 0.01
"""How far beside an edge is looked for whoever is there."""
_DENSIFY = 0.1
_LEAST_PARTED_M = 2.0
"""Ground narrower than this goes to one division whole: half of it would be less than any survey tells."""


@dataclass(frozen=True)
class RepairShare:
    """Give ground to a division."""

    taker: int
    """The division."""
    ground: BaseGeometry
    """The ground, EPSG:4326."""


@dataclass(frozen=True)
class Sides:
    """Hold the edges of one face with whose border each is."""

    keys: tuple[int, ...]
    """The candidates."""
    tail: Floats
    """Where each edge begins."""
    head: Floats
    """Where each edge ends."""
    on: Flags
    """Whether each edge runs on the border of each candidate."""
    metres: Floats
    """How long each edge is on the ground."""

    def select_alone(self, place: int) -> Flags:
        """Mark the edges that are on the border of one candidate and of no other."""
        return np.asarray(self.on[:, place] & (self.on.sum(axis=1) == 1))

    def draw(self, chosen: Flags, scale: Floats) -> BaseGeometry:
        """Draw edges in metres."""
        ends = np.stack([self.tail[chosen] * scale, self.head[chosen] * scale], axis=1)
        lines: BaseGeometry = shapely.multilinestrings(np.asarray(shapely.linestrings(ends)))  # type: ignore[assignment]
        return lines


@dataclass(frozen=True)
class FaceWork:
    """Hold faces with what was found out about them."""

    findings: Sequence[Finding]
    """The findings the faces come from."""
    sheet: Sheet
    """The boundaries."""
    sides: Sequence[Sides]
    """The edges of each face."""
    places: Ints
    """How many places and centres lie in each."""
    outside: Flags
    """Whether beside an edge of the face lies nobody's ground."""

    def find_obstacle(self, row: int) -> Reason | None:
        """Say what forbids that a face is given away."""
        sides, is_gap = self.sides[row], self._is_gap(row)
        if self.places[row]:
            return because("repair_place", places=int(self.places[row]))
        if self.outside[row]:
            return because("repair_outer")
        lone = sides.on.sum(axis=1)
        if (lone == 0).any():
            return because("repair_tangled")
        if not is_gap and not all(sides.select_alone(place).any() for place in range(len(sides.keys))):
            return because("repair_contained")
        return None

    def give_face(self, row: int) -> tuple[RepairShare, ...]:
        """Give a face to the candidate it has the longest border with; of equals to the one that came first."""
        sides = self.sides[row]
        lengths = [float(sides.metres[sides.select_alone(place)].sum()) for place in range(len(sides.keys))]
        # beyond the border of one candidate of an overlap lies the ground of the other
        weights = lengths if self._is_gap(row) else lengths[::-1]
        taker = max(range(len(weights)), key=lambda place: (round(weights[place], 6), -place))
        return (RepairShare(sides.keys[taker], self._ground(row)),)

    def part_face(self, row: int) -> tuple[RepairShare, ...] | None:
        """Part a face half-way between two candidates; None where that is not defined, or would not be seen."""
        keys = self.sides[row].keys
        if len(keys) != 2 or (self.findings[row].width_m or 0.0) < _LEAST_PARTED_M:
            return None
        own = Sheet({key: self.sheet.shapes[key] for key in keys}, {}, {})
        try:
            option = follow_medial(lay_face(own, self._ground(row), keys))
        except (Infeasible, InvalidGeometry, GroundNotExact):
            return None
        return tuple(RepairShare(share.taker, share.ground) for share in option.shares if share.taker is not None)

    def measure_displacement(self, row: int, shares: Sequence[RepairShare]) -> float:
        """Measure in metres how far a boundary moves: from where it ran to where it will run."""
        sides = self.sides[row]
        scale = _EARTH.find_scale(sides.tail.mean(axis=0)[None])[0]
        if len(shares) > 1:
            first, second = (shapely.transform(one.ground, lambda xy: xy * scale) for one in shares[:2])
            line = shapely.intersection(first, second)
            moved = [sides.draw(sides.select_alone(place), scale) for place in range(len(sides.keys))]
            return max(float(shapely.hausdorff_distance(line, one, densify=_DENSIFY)) for one in moved)
        taker = sides.keys.index(shares[0].taker)
        mine = np.asarray(sides.on[:, taker])
        if mine.all() or not mine.any():
            return self.findings[row].width_m or 0.0
        ends = sides.draw(mine, scale), sides.draw(~mine, scale)
        return float(shapely.hausdorff_distance(*ends, densify=_DENSIFY))

    def _is_gap(self, row: int) -> bool:
        return self.findings[row].kind is FindingKind.GAP

    def _ground(self, row: int) -> BaseGeometry:
        ground = self.findings[row].geometry
        assert ground is not None
        return ground


def gather_faces(findings: Sequence[Finding], sheet: Sheet, points: Floats) -> FaceWork:
    """Find out about faces what their repair depends on."""
    grounds = np.array([finding.geometry for finding in findings], dtype=object)
    places = np.zeros(len(findings), dtype=np.int64)
    if not len(findings):
        return FaceWork(findings, sheet, (), places, places.astype(np.bool_))
    if len(points):
        face, _ = shapely.STRtree(np.asarray(shapely.points(points))).query(grounds, predicate="intersects")
        places = np.bincount(face, minlength=len(findings))
    sides = _lay_sides(findings, grounds, sheet)
    return FaceWork(findings, sheet, sides, places, _find_outside(findings, sides, sheet))


def _lay_sides(findings: Sequence[Finding], grounds: Floats, sheet: Sheet) -> list[Sides]:
    """Cut faces into edges, and hold each edge against the borders of the face's candidates, border by border."""
    keys = [tuple(sorted({int(word) for word in finding.divisions})) for finding in findings]
    tail, head, face = _cut_faces(grounds)
    middle = np.asarray(shapely.points((tail + head) / 2))
    rows_of: dict[int, list[int]] = {}
    starts = np.searchsorted(face, np.arange(len(findings) + 1))
    for row, some in enumerate(keys):
        for key in some:
            rows_of.setdefault(key, []).append(row)
    on: list[list[Flags]] = [[] for _ in findings]
    for key in sorted(rows_of):
        edges = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows_of[key]])
        border = shapely.boundary(sheet.shapes[key])
        shapely.prepare(border)
        near = np.asarray(shapely.dwithin(border, middle[edges], _BESIDE))
        ends = np.cumsum([starts[row + 1] - starts[row] for row in rows_of[key]])[:-1]
        for row, part in zip(rows_of[key], np.split(near, ends), strict=True):
            on[row].append(part)
    scale = _EARTH.find_scale((tail + head) / 2)
    metres = np.hypot(*((head - tail) * scale).T)
    spans = [slice(int(starts[row]), int(starts[row + 1])) for row in range(len(findings))]
    marks = [np.stack(some, axis=1) for some in on]
    return [Sides(keys[row], tail[span], head[span], marks[row], metres[span]) for row, span in enumerate(spans)]


def _cut_faces(grounds: Floats) -> tuple[Floats, Floats, Ints]:
    """Cut faces into directed edges with the ground on their left."""
    rings = unfold_rings(np.asarray(shapely.orient_polygons(grounds)))
    real = (rings.xy[:-1] != rings.xy[1:]).any(axis=1)
    real[rings.start[1:-1] - 1] = False
    owner = np.repeat(rings.owner, np.diff(rings.start))[:-1]
    return rings.xy[:-1][real], rings.xy[1:][real], owner[real]


def _find_outside(findings: Sequence[Finding], sides: Sequence[Sides], sheet: Sheet) -> Flags:
    """Tell which faces have nobody's ground beside them: they lie on the outer border.

    A gap is enclosed by its neighbours, and beside an edge that is one owner's border alone lies the other owner; so
    only the edges have to be looked at where all owners of an overlap end.
    """
    spots, rows = [], []
    for row, (finding, side) in enumerate(zip(findings, sides, strict=True)):
        chosen = side.on.all(axis=1) & (finding.kind is FindingKind.OVERLAP)
        if chosen.any():
            spots.append(_step_aside(side.tail[chosen], side.head[chosen]))
            rows += [row] * int(chosen.sum())
    lone = np.zeros(len(findings), dtype=np.bool_)
    if spots:
        lone[np.array(rows)[~_is_covered(np.concatenate(spots), sheet)]] = True
    return lone


def _step_aside(tail: Floats, head: Floats) -> Floats:
    """Give a point a little to the right of the middle of each edge, which is outside the face."""
    middle = (tail + head) / 2
    scale = _EARTH.find_scale(middle)
    step = (head - tail) * scale
    across = np.stack([step[:, 1], -step[:, 0]], axis=1) / np.hypot(step[:, 0], step[:, 1])[:, None]
    return np.asarray(middle + _OUTSIDE_M * across / scale)


def _is_covered(spots: Floats, sheet: Sheet) -> Flags:
    keys = sorted(sheet.shapes)
    shapes = np.array([sheet.shapes[key] for key in keys], dtype=object)
    spot, shape = shapely.STRtree(shapes).query(shapely.points(spots))
    covered = np.zeros(len(spots), dtype=np.bool_)
    for row in np.unique(shape).tolist():
        asked = spot[shape == row]
        shapely.prepare(shapes[row])
        covered[asked] |= shapely.contains_xy(shapes[row], spots[asked, 0], spots[asked, 1])
    return covered
