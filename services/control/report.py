"""Hold the register against its decrees on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.coverage.departures import measure_departure, measure_distances
from geo.register.divisions import Division
from services.boundaries.described import Line, Marker, NamedPlace, list_lines, list_markers, list_places
from services.control.findings import DecreeFinding, DecreeFindingKind, Detail, sort_findings
from services.control.lineage import list_changes_without, list_unused
from services.lookups import list_matching
from services.queries import RegisterState, holds_on, load_boundaries
from services.register.decrees import Decree, list_decrees
from services.tables.register import Position, Standing

MOST_DECREES = 100_000


@dataclass(frozen=True)
class DecreeReport:
    """Hold what the control found."""

    register: str
    """The register."""
    day: date
    """The day whose divisions and boundaries were looked at."""
    version: int
    """The version of the register."""
    checked: dict[str, int]
    """How many decrees, lines, markers and places were looked at."""
    decrees: dict[int, Decree]
    """The decrees of the findings."""
    findings: tuple[DecreeFinding, ...]
    """What was found, the gravest first."""

    @property
    def counts(self) -> dict[str, int]:
        """Count the findings of each kind."""
        return dict(sorted(Counter(str(one.kind) for one in self.findings).items()))


def check_decrees(session: Session, register: RegisterState, *, day: date) -> DecreeReport:
    """Hold the register against all that its decrees describe, and its changes against its decrees."""
    scene = _Scene(session, register, day)
    found = [
        *(finding for line in scene.lines for finding in _check_line(scene, line)),
        *(finding for marker in scene.markers for finding in _check_marker(scene, marker)),
        *(finding for place in scene.places for finding in _check_place(scene, place)),
        *list_unused(session, register, day),
        *list_changes_without(session, register, day),
    ]
    decrees = list_decrees(session, register, limit=MOST_DECREES)
    named = {one.decree for one in found}
    checked = {
        "decrees": len(decrees),
        "lines": len(scene.lines),
        "markers": len(scene.markers),
        "places": len(scene.places),
    }
    known = {one.id: one for one in decrees if one.id in named}
    return DecreeReport(register.name, day, register.version, checked, known, sort_findings(found))


@dataclass(frozen=True)
class _Scene:
    """Hold what the decrees describe beside what the register says of the same divisions."""

    session: Session
    register: RegisterState
    day: date

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return list_lines(self.session, self.register)

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        return list_markers(self.session, self.register)

    @cached_property
    def places(self) -> tuple[NamedPlace, ...]:
        return list_places(self.session, self.register)

    @cached_property
    def _parties(self) -> set[int]:
        pairs = [*((one.first, one.second) for one in self.lines), *((one.first, one.second) for one in self.markers)]
        found = {key for pair in pairs for key in pair if key is not None}
        return found | {one.division for one in self.places}

    @cached_property
    def shapes(self) -> Mapping[int, BaseGeometry]:
        return load_boundaries(self.session, self.register, self.day, Standing.division_id.in_(self._parties))

    @cached_property
    def divisions(self) -> Mapping[int, Division]:
        keys = self._parties | {one.place for one in self.places}
        found = list_matching(self.session, self.register, self.day, Standing.division_id.in_(keys))
        return {one.id: one for one in found}

    @cached_property
    def parents(self) -> Mapping[int, int | None]:
        query = select(Standing.division_id, Standing.parent_id).where(holds_on(Standing, self.day))
        keys, known = {one.place for one in self.places}, dict[int, int | None]()
        while keys:
            rows = self.session.execute(query.where(Standing.division_id.in_(keys))).all()
            known |= {division: parent for division, parent in rows}
            keys = {parent for _, parent in rows if parent is not None} - known.keys()
        return known

    @cached_property
    def positions(self) -> Mapping[int, Point]:
        keys = sorted({one.place for one in self.places})
        query = select(Position.division_id, func.ST_X(Position.geom), func.ST_Y(Position.geom))
        own = (Position.division_id == func.any(keys), holds_on(Position, self.day))
        return {key: Point(x, y) for key, x, y in self.session.execute(query.where(*own))}

    def pick(self, *keys: int | None) -> tuple[Division, ...]:
        """Give divisions that stand on the day."""
        return tuple(self.divisions[key] for key in keys if key is not None and key in self.divisions)

    def list_above(self, key: int) -> set[int]:
        found: set[int] = set()
        step: int | None = key
        while step is not None and step not in found:
            found.add(step)
            step = self.parents.get(step)
        return found


def _find_borders(scene: _Scene, one: Line | Marker) -> list[BaseGeometry] | None:
    """Give the borders on which a line or a marker has to be; None when a division has none."""
    keys = [key for key in (one.first, one.second) if key is not None]
    return [scene.shapes[key] for key in keys] if all(key in scene.shapes for key in keys) else None


def _check_line(scene: _Scene, line: Line) -> Iterator[DecreeFinding]:
    parties = scene.pick(line.first, line.second)
    if line.sheet is not None and line.scale is None:
        named: Detail = {"sheet": " ".join(part for part in line.sheet if part), "of": line.id}
        yield DecreeFinding(DecreeFindingKind.UNKNOWN_SHEET, line.decree, parties, detail=named)
    borders = _find_borders(scene, line)
    if borders is None:
        yield DecreeFinding(DecreeFindingKind.NO_BOUNDARY, line.decree, parties, detail={"of": line.id})
    elif line.lines and line.accuracy_m is not None:
        away = measure_departure(shapely.MultiLineString(line.lines), borders, accuracy_m=line.accuracy_m)
        if away.farthest_m > line.accuracy_m:
            yield DecreeFinding(
                *(DecreeFindingKind.LINE_OFF, line.decree, parties, away.stretch, away.point),
                *(away.farthest_m, line.accuracy_m, away.stretch_m),
                {"source": line.source, "line_m": round(away.length_m, 2), "error_m": round(away.error_m, 3)},
            )


def _check_marker(scene: _Scene, marker: Marker) -> Iterator[DecreeFinding]:
    parties, borders = scene.pick(marker.first, marker.second), _find_borders(scene, marker)
    told: Detail = {"number": marker.number, "monument": marker.monument, "source": marker.source}
    if borders is None:
        yield DecreeFinding(DecreeFindingKind.NO_BOUNDARY, marker.decree, parties, marker.point, detail=told)
        return
    distance = float(measure_distances(np.array([[marker.point.x, marker.point.y]]), borders)[0][0])
    if distance > marker.accuracy_m:
        spot = (marker.point.x, marker.point.y)
        yield DecreeFinding(
            *(DecreeFindingKind.MARKER_OFF, marker.decree, parties, marker.point, spot),
            *(distance, marker.accuracy_m),
            detail=told,
        )


def _check_place(scene: _Scene, named: NamedPlace) -> Iterator[DecreeFinding]:
    point, ground = scene.positions.get(named.place), scene.shapes.get(named.division)
    is_under = named.division in scene.list_above(named.place)
    is_on = point is None or ground is None or bool(shapely.covers(ground, point))
    if is_under and is_on:
        return
    [name] = [one.name_in("fa", "en") for one in scene.pick(named.place)] or [""]
    detail: Detail = {"place": named.place, "name": name, "stands": "there" if is_under else "elsewhere"}
    distance = None
    if point is not None and ground is not None and not is_on:
        distance = float(measure_distances(np.array([[point.x, point.y]]), [ground])[0][0])
    yield DecreeFinding(
        *(DecreeFindingKind.PLACE_ELSEWHERE, named.decree, scene.pick(named.place, named.division), point),
        *(None if point is None else (point.x, point.y), distance),
        detail={**detail, "lies": "there" if is_on else "elsewhere"},
    )
