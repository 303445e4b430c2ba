"""Cut the ground of a division along a drawn line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, join_chains, list_faces, make_chain, match_edges, number_edges, string_lines
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.drawings import Drawing, check_place, draw_lines
from geo.coverage.edges import Flags
from geo.coverage.sheets import Sheet
from geo.errors import GroundCutsChildren, InvalidGeometry, InvalidValue, because


class Side(StrEnum):
    """Name where a face lies, looking along the line."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    """The line runs past the face on either side."""


@dataclass(frozen=True)
class Cut:
    """Hold the faces a line cuts a division into."""

    sheet: Sheet
    """The sheet with the vertices the line needs, in every boundary that has the edge."""
    faces: tuple[shapely.Polygon, ...]
    """The faces, from the south-west; together they are the division's ground."""
    sides: tuple[Side, ...]
    """The side of the line each face lies on."""
    vertices_added: int
    """How many vertices old edges got, an edge that several divisions share counted once."""


def cut_ground(sheet: Sheet, division: int, line: BaseGeometry, *, tolerance_m: float = 0.0) -> Cut:
    """Cut a division along a line; what of the line lies outside, or ends within, cuts nothing and leaves no vertex.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 2, 1)}, {1: None}, {1: "district"})
    >>> cut = cut_ground(sheet, 1, shapely.LineString([(1, -1), (1, 2)]))
    >>> [(face.area, side.value) for face, side in zip(cut.faces, cut.sides)]
    [(1.0, 'left'), (1.0, 'right')]
    """
    _check_line(sheet, division, line)
    # Where else the line runs does not matter, so only the division and what is below it are looked at first.
    own = {key: sheet.shapes[key] for key in (division, *sheet.list_bounded(division))}
    rough = draw_lines(replace(sheet, shapes=own), [shapely.get_coordinates(line)], tolerance_m=tolerance_m)
    cutting = _find_cutting(rough, division)
    if not cutting.size:
        raise InvalidGeometry(reason=because("ground_line_cuts_nothing"))
    lines = [shapely.get_coordinates(part) for part in string_lines(cutting)]
    drawing = draw_lines(sheet, lines, tolerance_m=0.0)
    faces, sides = _sort_faces(drawing, division)
    _check_children(drawing.sheet, division, faces)
    return Cut(drawing.sheet, faces, sides, drawing.added)


def _check_line(sheet: Sheet, division: int, line: BaseGeometry) -> None:
    """Refuse what is no line on the globe, and divisions without ground."""
    if shapely.get_type_id(line) != shapely.GeometryType.LINESTRING or line.is_empty:
        raise InvalidGeometry(reason=because("ground_no_line"))
    check_place(line)
    if division not in sheet.shapes or sheet.shapes[division].is_empty:
        raise InvalidValue(field="division", value=division, reason=because("ground_no_boundary"))


def _find_cutting(drawing: Drawing, division: int) -> Chain:
    """Keep the edges of the lines that part two faces."""
    border, inner = _part_edges(drawing, division)
    faces = list_faces(join_chains([border, inner]))
    between = join_chains([make_chain(face) for face in faces])
    match = match_edges(inner, between)
    return inner.select(match.along & match.against)


def _part_edges(drawing: Drawing, division: int) -> tuple[Chain, Chain]:
    """Give the edges of the division's border, and those of the lines that run inside, each once."""
    whole = Tract(drawing.sheet.shapes[division])
    steps = join_chains([Chain(line[:-1], line[1:]) for line in drawing.lines])
    lone = steps.select(match_edges(steps, whole.chain).lone)
    inner = lone.select(whole.covers(lone))
    ends = [(min(edge), max(edge)) for edge in zip(*number_edges([inner]), strict=True)]
    first = {edge: row for row, edge in reversed(list(enumerate(ends)))}
    return whole.chain, inner.select(np.array(sorted(first.values()), dtype=np.int64))


def _sort_faces(drawing: Drawing, division: int) -> tuple[tuple[shapely.Polygon, ...], tuple[Side, ...]]:
    """List the faces of the division and the side of each."""
    border, inner = _part_edges(drawing, division)
    faces, sides = [], []
    for face in list_faces(join_chains([border, inner])):
        chain = make_chain(face)
        if match_edges(chain, border).against.any():
            continue  # a hole of the division
        faces.append(face)
        sides.append(_name_side(match_edges(chain, inner).along, match_edges(chain, inner).against))
    return tuple(faces), tuple(sides)


def _name_side(along: Flags, against: Flags) -> Side:
    if along.any() and against.any():
        return Side.BOTH
    return Side.LEFT if along.any() else Side.RIGHT


def _check_children(sheet: Sheet, division: int, faces: Sequence[BaseGeometry]) -> None:
    """Refuse a line through divisions below: they have to be cut first."""
    tracts = [Tract(face) for face in faces]
    cut = tuple(
        child
        for child in sheet.list_bounded(division)
        if any(relate_ground(Tract(sheet.shapes[child]), tract) is Relation.ACROSS for tract in tracts)
    )
    if cut:
        raise GroundCutsChildren(divisions=cut)
