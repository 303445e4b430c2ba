"""Find the ground that one division claims from another, by a line it draws or by the ground itself."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_GROUND, Chain, make_chain, match_edges
from geo.coverage.containment import Tract
from geo.coverage.cuts import cut_ground
from geo.coverage.drawings import check_ground, draw_grounds
from geo.coverage.edges import POLYGONAL
from geo.coverage.measures import measure_area
from geo.coverage.sheets import Sheet
from geo.errors import InvalidGeometry, because

LEAST_M2 = 0.1
"""Less than this, which no audit reports, is not worth a claim."""


def find_claimed(
    sheet: Sheet, drawn: BaseGeometry, *, claimant: int, holder: int, taken: BaseGeometry = NO_GROUND
) -> tuple[Polygon, ...]:
    """Give the ground of the holder that a claim puts on the claimant's side, from the south-west.

    A line claims what it cuts off between the present boundary and itself; the largest piece stays with the holder.
    Ground claims what of it the holder has. What the claimant has already, or what is `taken`, is left out, so a
    claim may add nothing; one that reaches nothing of the holder's is refused.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 1, 1), 2: shapely.box(1, 0, 4, 1)}, {1: None, 2: None}, {1: "a", 2: "a"})
    >>> line = shapely.LineString([(1.5, -1), (1.5, 2)])
    >>> [piece.bounds for piece in find_claimed(sheet, line, claimant=1, holder=2)]
    [(1.0, 0.0, 1.5, 1.0)]
    """
    _check_sides(sheet, claimant, holder)
    pieces = _cut_off(sheet, drawn, claimant, holder) if _is_line(drawn) else _take_ground(sheet, drawn, holder)
    if not _list_polygons(pieces):
        raise InvalidGeometry(reason=because("claim_takes_nothing"))
    held = shapely.union(sheet.shapes[claimant], taken)
    free = _list_polygons(shapely.difference(piece, held) for piece in pieces)
    return tuple(found for part in sorted(free, key=lambda part: part.bounds) for found in _node(sheet, part))


def _check_sides(sheet: Sheet, *sides: int) -> None:
    if any(side not in sheet.shapes or sheet.shapes[side].is_empty for side in sides):
        raise InvalidGeometry(reason=because("ground_no_boundary"))


def _is_line(drawn: BaseGeometry) -> bool:
    return bool(shapely.get_type_id(drawn) == shapely.GeometryType.LINESTRING)


def _cut_off(sheet: Sheet, line: BaseGeometry, claimant: int, holder: int) -> list[BaseGeometry]:
    """List the pieces between the claimant's border and a line through the holder."""
    cut = cut_ground(sheet, holder, line)
    border = Tract(cut.sheet.shapes[claimant]).chain
    largest = max(cut.faces, key=lambda face: (measure_area(face), face.bounds))
    rest = [face for face in cut.faces if face is not largest]
    return [face for face in rest if _touches(face, border, sheet.shapes[claimant])]


def _touches(face: BaseGeometry, border: Chain, claimant: BaseGeometry) -> bool:
    """Tell whether a piece lies along the claimant's border, or on ground that both have."""
    match = match_edges(make_chain(face), border)
    return bool((match.along | match.against).any() or shapely.intersects(face, claimant))


def _take_ground(sheet: Sheet, ground: BaseGeometry, holder: int) -> list[BaseGeometry]:
    return [shapely.intersection(check_ground(ground), sheet.shapes[holder])]


def _list_polygons(shapes: Iterable[BaseGeometry]) -> list[Polygon]:
    parts = (part for shape in shapes for part in shapely.get_parts(shape).tolist())
    whole = (part for part in parts if shapely.get_type_id(part) in POLYGONAL and not part.is_empty)
    return [part for part in whole if measure_area(part) >= LEAST_M2]


def _node(sheet: Sheet, part: Polygon) -> list[Polygon]:
    """Set the vertices of the boundaries in the ground, so that it lies on them exactly."""
    _, (tract,) = draw_grounds(sheet, [part], tolerance_m=0.0)
    return _list_polygons([tract.shape])
