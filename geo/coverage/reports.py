"""Turn faces, vertices and faults into findings with their measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.edges import Flags, Floats, Ints, Shapes
from geo.coverage.findings import NO_DETAIL, Detail, Finding, FindingKind, Tolerances, rank_kind
from geo.coverage.intake import Fault
from geo.coverage.measures import Earth, Measure, measure_ground, measure_many
from geo.coverage.vertices import Unmatched, group_places


@dataclass(frozen=True)
class Reporter:
    """Hold what every report of one audit needs."""

    keys: Sequence[str]
    """The key of each polygon."""
    earth: Earth
    """Where the coordinates lie."""
    tolerances: Tolerances
    """From what size on a defect is reported."""

    def name_owners(self, owners: Iterable[int]) -> tuple[str, ...]:
        """Give the sorted keys of polygon rows."""
        return tuple(sorted(self.keys[owner] for owner in owners))

    def find_floor(self, polygons: Shapes) -> float:
        """Turn the area to report into the polygons' own units, where these are largest."""
        west, south, east, north = shapely.total_bounds(polygons)
        corners = np.array(
            [(x, y) for x in (west, (west + east) / 2, east) for y in (south, (south + north) / 2, north)]
        )
        scale = np.nan_to_num(self.earth.find_scale(corners), nan=1.0).prod(axis=1).max()
        return float(self.tolerances.report_area_m2 / scale)

    def find_large(self, shapes: Shapes) -> Flags:
        """Tell which shapes may reach the area to report."""
        # The quick measure may be off by a little: the exact one decides later.
        return measure_many(self.earth.place(shapes)) >= 0.9 * self.tolerances.report_area_m2

    def report_ground(
        self,
        kind: FindingKind,
        divisions: tuple[str, ...],
        geometry: BaseGeometry,
        detail: Mapping[str, Detail] = NO_DETAIL,
    ) -> Iterator[Finding]:
        """Report a geometry of EPSG:4326 unless it is below the tolerances."""
        measure = measure_ground(shapely.normalize(geometry))
        if measure.area_m2 < self.tolerances.report_area_m2 or measure.width_m <= self.tolerances.vertex_width_m:
            return
        yield Finding(
            kind,
            rank_kind(kind),
            divisions,
            shapely.normalize(geometry),
            area_m2=measure.area_m2,
            length_m=measure.length_m,
            width_m=measure.width_m,
            point=measure.point,
            detail={**detail, "sliver": self._is_sliver(measure)},
        )

    def _is_sliver(self, measure: Measure) -> bool:
        narrow = measure.width_m <= self.tolerances.sliver_width_m
        return narrow or measure.compactness <= self.tolerances.sliver_compactness

    def report_pieces(self, kind: FindingKind, owners: Sequence[Iterable[int]], pieces: Shapes) -> Iterator[Finding]:
        """Report pieces of ground one by one, each with its owners."""
        for row in np.flatnonzero(self.find_large(pieces)).tolist():
            yield from self.report_ground(kind, self.name_owners(owners[row]), self.earth.place(pieces[[row]])[0])

    def report_whole(
        self, kind: FindingKind, divisions: tuple[str, ...], shapes: Shapes, detail: Mapping[str, Detail] = NO_DETAIL
    ) -> Iterator[Finding]:
        """Report faces as one finding, however many pieces they make."""
        pieces = join_faces(shapes)
        pieces = self.earth.place(pieces[self.find_large(pieces)])
        if len(pieces):
            yield from self.report_ground(kind, divisions, _gather(pieces), detail)

    def report_unmatched(self, unmatched: Unmatched, reported: Sequence[BaseGeometry]) -> Iterator[Finding]:
        """Report each place with unmatched vertices once, unless it is a corner of reported ground."""
        place = group_places(unmatched.xy, earth=self.earth, width_m=self.tolerances.vertex_width_m)
        order = np.lexsort((unmatched.xy[:, 1], unmatched.xy[:, 0], place))
        _, first = np.unique(place[order], return_index=True)
        spots = self.earth.locate(unmatched.xy[order[first]])
        corner = _touch(spots, reported, self.tolerances.vertex_width_m)
        for rows, spot, known in zip(np.split(order, first[1:]), spots, corner, strict=bool(len(order))):
            if not known:
                owners = np.unique(np.r_[unmatched.owner[rows], unmatched.neighbour[rows]])
                yield self._report_spot(FindingKind.UNMATCHED_VERTEX, self.name_owners(owners), spot, NO_DETAIL)

    def report_fault(self, fault: Fault, key: str, level: str) -> Finding:
        """Report a boundary that is wrong by itself."""
        detail: dict[str, Detail] = {"reason": fault.reason, "handling": fault.handling, "level": level}
        if fault.place is None:
            return Finding(fault.kind, rank_kind(fault.kind), (key,), None, detail=detail)
        spot = self.earth.locate(np.array([fault.place]))[0]
        return self._report_spot(fault.kind, (key,), spot, detail)

    def _report_spot(
        self, kind: FindingKind, divisions: tuple[str, ...], spot: Floats, detail: Mapping[str, Detail]
    ) -> Finding:
        point = (float(spot[0]), float(spot[1]))
        place = shapely.Point(point) if np.isfinite(spot).all() else None
        return Finding(kind, rank_kind(kind), divisions, place, point=point if place else None, detail=dict(detail))


def join_faces(shapes: Shapes) -> Shapes:
    """Join faces that share an edge; those that only touch in a point stay apart."""
    return shapes if len(shapes) == 1 else np.asarray(shapely.get_parts(shapely.union_all(shapes)))


def _gather(pieces: Shapes) -> BaseGeometry:
    whole: BaseGeometry = pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces.tolist())
    return whole


def _touch(spots: Floats, reported: Sequence[BaseGeometry], width_m: float) -> list[bool]:
    """Tell which spots lie in or on reported ground, to within the width in degrees of latitude."""
    if not reported or len(spots) == 0:
        return [False] * len(spots)
    tree = shapely.STRtree(list(reported))
    hit: Ints = tree.query(shapely.points(spots), predicate="dwithin", distance=width_m / 100_000)[0]
    return np.isin(np.arange(len(spots)), hit).tolist()  # type: ignore[no-any-return]
