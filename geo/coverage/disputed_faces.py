"""Lay a disputed face into the boundaries around it, and tell whose border each of its edges is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, match_edges
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.cuts import Cut, cut_ground
from geo.coverage.drawings import draw_grounds
from geo.coverage.edges import Flags
from geo.coverage.sheets import Sheet
from geo.errors import Infeasible, InvalidValue, because


@dataclass(frozen=True)
class DisputedFace:
    """Hold ground that several divisions have, or that none has, noded with every boundary around it."""

    sheet: Sheet
    """The boundaries, with every vertex of the face."""
    tract: Tract
    """The ground, with every vertex of the boundaries."""
    candidates: tuple[int, ...]
    """The divisions it may go to: for an overlap those that have it, for a gap those beside it."""
    is_gap: bool
    """Whether nobody has it."""
    given: Sheet
    """The boundaries as they came."""
    added: int
    """How many vertices old edges got, an edge that several divisions share counted once."""

    @property
    def ground(self) -> BaseGeometry:
        """Give the ground."""
        return self.tract.shape

    @cached_property
    def sides(self) -> tuple[Flags, Flags]:
        """Mark the edges that are the first candidate's border alone, and the second's."""
        first, second = self.mark_sides(self.tract.chain, self.sheet)
        if not first.any() or not second.any():
            raise Infeasible(reason=because("option_one_border"))
        return first, second

    def mark_sides(self, chain: Chain, sheet: Sheet) -> tuple[Flags, Flags]:
        """Mark for each of two candidates the edges that are its border alone; refuse more candidates, or fewer."""
        if len(self.candidates) != 2:
            raise Infeasible(reason=because("option_two_parties", parties=len(self.candidates)))
        first, second = (self._mark(chain, Tract(sheet.shapes[key]).chain) for key in self.candidates)
        return first & ~second, second & ~first

    def _mark(self, chain: Chain, border: Chain) -> Flags:
        match = match_edges(chain, border)
        return match.against if self.is_gap else match.along

    def find_taker(self, side: int) -> int:
        """Give the candidate that ground along a side goes to: of an overlap the other one, of a gap the same."""
        return self.candidates[side if self.is_gap else 1 - side]


def lay_face(sheet: Sheet, ground: BaseGeometry, candidates: Sequence[int]) -> DisputedFace:
    """Node a face with the boundaries of a sheet; it must be ground that all of its candidates have, or none.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 2, 1), 2: shapely.box(1, 0, 3, 1)}, {1: None, 2: None}, {1: "a", 2: "a"})
    >>> face = lay_face(sheet, shapely.box(1, 0, 2, 1), [1, 2])
    >>> face.is_gap, face.candidates
    (False, (1, 2))
    """
    for key in candidates:
        if key not in sheet.shapes or sheet.shapes[key].is_empty:
            raise InvalidValue(field="candidates", value=key, reason=because("ground_no_boundary"))
    drawing, (tract,) = draw_grounds(sheet, [ground], tolerance_m=0.0)
    parties = tuple(sorted(set(candidates)))
    relations = {relate_ground(tract, Tract(drawing.sheet.shapes[key])) for key in parties}
    if relations not in ({Relation.WITHIN}, {Relation.APART}):
        raise Infeasible(reason=because("option_not_one_face"))
    is_gap = relations == {Relation.APART}
    return DisputedFace(drawing.sheet, tract, parties, is_gap, sheet, drawing.added)


def cut_face(face: DisputedFace, line: BaseGeometry, *, tolerance_m: float) -> Cut:
    """Cut a face along a line, and set the line's vertices in the candidates' boundaries."""
    own = min((0, *face.sheet.shapes)) - 1
    shapes = {own: face.ground, **{key: face.sheet.shapes[key] for key in face.candidates}}
    return cut_ground(Sheet(shapes, {}, {}), own, line, tolerance_m=tolerance_m)


def list_switches(face: DisputedFace) -> list[tuple[float, float]]:
    """List the points where the border of one candidate passes into that of the other."""
    ends = [_list_ends(face.tract.chain.select(side)) for side in face.sides]
    return sorted(ends[0] & ends[1])


def _list_ends(chain: Chain) -> set[tuple[float, float]]:
    xy = np.concatenate([chain.tail, chain.head])
    return set(map(tuple, xy.tolist()))


def locate_spot(shape: BaseGeometry) -> tuple[float, float]:
    """Give the longitude and latitude of a point of a shape, for a message."""
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0].round(6).tolist()
    return x, y
