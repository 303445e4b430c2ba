"""Give back what decrees say of boundaries: lines, markers and places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.queries import RegisterState
from services.tables.changes import Decree
from services.tables.described import BoundaryMarker, DecreedPlace, DescribedLine, MapSheet

GRAPHIC_M = 0.0005
"""What can be told apart on a printed map: half a millimetre."""


@dataclass(frozen=True)
class Line:
    """Hold a described line between two divisions, or along the border of one."""

    id: int
    """Its key."""
    decree: int
    """The decree."""
    first: int
    """A division."""
    second: int | None
    """The division across the line; None for whatever is there."""
    lines: tuple[LineString, ...]
    """The line in its parts; empty where only a map sheet is named."""
    accuracy_m: float | None
    """How far it may be off: what the row says, else what can be told apart at the scale of its sheet."""
    source: str
    """Where it was taken from."""
    sheet: tuple[str, str, str] | None
    """Series, sheet and edition of the map it refers to."""
    scale: int | None
    """The scale of that sheet; None for one that nobody has recorded."""


@dataclass(frozen=True)
class Marker:
    """Hold a boundary marker."""

    id: int
    """Its key."""
    decree: int
    """The decree."""
    number: str
    """Its number."""
    monument: str
    """What stands there."""
    first: int
    """A division."""
    second: int | None
    """The division across the boundary."""
    point: Point
    """Where it stands."""
    accuracy_m: float
    """How exactly that is known."""
    source: str
    """Who says so."""
    surveyed_on: date | None
    """When it was surveyed."""


@dataclass(frozen=True)
class NamedPlace:
    """Say in which division a decree counts a place."""

    decree: int
    """The decree."""
    place: int
    """The place."""
    division: int
    """The division."""


def list_lines(session: Session, register: RegisterState, divisions: Collection[int] | None = None) -> tuple[Line, ...]:
    """List the described lines between divisions of which each has to be one, or all of a register.

    A line between two divisions is given only when both are asked for; one along the border of a single division when
    that one is.
    """
    sheet = (MapSheet.series == DescribedLine.series) & (MapSheet.sheet == DescribedLine.sheet)
    edition = MapSheet.edition == func.coalesce(DescribedLine.edition, "")
    query = (
        select(DescribedLine, func.ST_AsBinary(DescribedLine.geom), MapSheet.scale)
        .join(Decree, Decree.id == DescribedLine.decree_id)
        .join(MapSheet, sheet & edition & (MapSheet.register_id == register.id), isouter=True)
        .where(Decree.register_id == register.id)
        .order_by(DescribedLine.id)
    )
    if divisions is not None:
        asked = sorted(set(divisions))
        is_there = or_(DescribedLine.second_id.is_(None), DescribedLine.second_id.in_(asked))
        query = query.where(DescribedLine.first_id.in_(asked), is_there)
    return tuple(_to_line(row, wkb, scale) for row, wkb, scale in session.execute(query))


def _to_line(row: DescribedLine, wkb: bytes | None, scale: int | None) -> Line:
    parts = [] if wkb is None else shapely.get_parts(shapely.from_wkb(bytes(wkb))).tolist()
    accuracy = row.accuracy_m if row.accuracy_m is not None else None if scale is None else GRAPHIC_M * scale
    named = None if row.series is None else (row.series, row.sheet or "", row.edition or "")
    return Line(
        *(row.id, row.decree_id, row.first_id, row.second_id, tuple(parts)),
        *(accuracy, row.source, named, scale),
    )


def list_markers(session: Session, register: RegisterState) -> tuple[Marker, ...]:
    """List the boundary markers of a register."""
    query = (
        select(BoundaryMarker, func.ST_AsBinary(BoundaryMarker.geom))
        .join(Decree, Decree.id == BoundaryMarker.decree_id)
        .where(Decree.register_id == register.id)
        .order_by(BoundaryMarker.id)
    )
    return tuple(_to_marker(row, shapely.from_wkb(bytes(wkb))) for row, wkb in session.execute(query))


def _to_marker(row: BoundaryMarker, point: BaseGeometry) -> Marker:
    assert isinstance(point, Point)
    return Marker(
        *(row.id, row.decree_id, row.number, row.monument, row.first_id, row.second_id, point),
        *(row.accuracy_m, row.source, row.surveyed_on),
    )


def list_places(session: Session, register: RegisterState) -> tuple[NamedPlace, ...]:
    """List the places that the decrees of a register name."""
    query = (
        select(DecreedPlace.decree_id, DecreedPlace.place_id, DecreedPlace.division_id)
        .join(Decree, Decree.id == DecreedPlace.decree_id)
        .where(Decree.register_id == register.id)
        .order_by(DecreedPlace.id)
    )
    return tuple(NamedPlace(*row) for row in session.execute(query))
