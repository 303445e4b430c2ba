"""Lay a disputed face into the boundaries around it, and tell whose border each of its edges is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.accounts import Account
from geo.coverage.chains import Chain, add_chains, match_edges, weave_shape
from geo.coverage.containment import Relation, Tract
from geo.coverage.cuts import Cut, cut_ground
from geo.coverage.drawings import draw_grounds
from geo.coverage.edges import Flags
from geo.coverage.sheets import Sheet
from geo.errors import Infeasible, InvalidValue, because


@dataclass(frozen=True)
class DisputedFace:
    """Hold ground that several divisions have or claim, or that none has, noded with every boundary around it."""

    sheet: Sheet
    """The boundaries, with every vertex of the face."""
    tract: Tract
    """The ground, with every vertex of the boundaries."""
    candidates: tuple[int, ...]
    """The divisions it may go to: those that have it or claim it, or those beside it where nobody has it."""
    holders: tuple[int, ...]
    """The candidates that have it; none for a gap."""
    given: Sheet
    """The boundaries as they came."""
    added: int
    """How many vertices old edges got, an edge that several divisions share counted once."""

    @property
    def ground(self) -> BaseGeometry:
        """Give the ground."""
        return self.tract.shape

    @property
    def is_gap(self) -> bool:
        """Tell whether nobody has it."""
        return not self.holders

    @cached_property
    def extents(self) -> Mapping[int, BaseGeometry]:
        """Give the ground of each candidate, with the face where it claims it from those that have it."""
        claimants = set() if self.is_gap else set(self.candidates) - set(self.holders)
        own = {key: self.sheet.shapes[key] for key in self.candidates}
        grown = {key: weave_shape(add_chains(Tract(own[key]).chain, self.tract.chain)) for key in sorted(claimants)}
        return own | grown

    @cached_property
    def sides(self) -> tuple[Flags, Flags]:
        """Mark the edges that are the first candidate's border alone, and the second's."""
        first, second = self.mark_sides(self.tract.chain, self.extents)
        if not first.any() or not second.any():
            raise Infeasible(reason=because("option_one_border"))
        return first, second

    def mark_sides(self, chain: Chain, extents: Mapping[int, BaseGeometry]) -> tuple[Flags, Flags]:
        """Mark for each of two candidates the edges that are its border alone; refuse more candidates, or fewer."""
        if len(self.candidates) != 2:
            raise Infeasible(reason=because("option_two_parties", parties=len(self.candidates)))
        first, second = (self._mark(chain, Tract(extents[key]).chain) for key in self.candidates)
        return first & ~second, second & ~first

    def _mark(self, chain: Chain, border: Chain) -> Flags:
        match = match_edges(chain, border)
        return match.against if self.is_gap else match.along

    def find_taker(self, side: int) -> int:
        """Give the candidate that ground along a side goes to: of an overlap the other one, of a gap the same."""
        return self.candidates[side if self.is_gap else 1 - side]

    def list_strips(self) -> Iterator[DisputedFace]:
        """List the face part by part, each as a face of its own."""
        for part in shapely.get_parts(self.ground).tolist():
            yield replace(self, tract=Tract(part))


def lay_face(sheet: Sheet, ground: BaseGeometry, candidates: Sequence[int]) -> DisputedFace:
    """Node a face with the boundaries of a sheet.

    Each candidate must have the whole of it or nothing of it, and no division beside the candidates may have any.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 2, 1), 2: shapely.box(1, 0, 3, 1)}, {1: None, 2: None}, {1: "a", 2: "a"})
    >>> face = lay_face(sheet, shapely.box(1, 0, 2, 1), [1, 2])
    >>> face.is_gap, face.candidates
    (False, (1, 2))
    """
    parties = tuple(sorted(set(candidates)))
    check_parties(sheet, parties)
    drawing, (tract,) = draw_grounds(sheet, [ground], tolerance_m=0.0)
    holders = find_holders(Account(drawing), parties, tract)
    return DisputedFace(drawing.sheet, tract, parties, holders, sheet, drawing.added)


def find_holders(account: Account, parties: Sequence[int], ground: Tract) -> tuple[int, ...]:
    """Find the candidates that have the ground; refuse what is not one face, or not theirs alone."""
    relations = {key: account.relate(ground, key) for key in parties}
    holders = tuple(key for key in parties if relations[key] is Relation.WITHIN)
    if Relation.ACROSS in relations.values() or len(parties) == len(holders) == 1:
        raise Infeasible(reason=because("option_not_one_face"))
    strangers = list_strangers(account, parties, ground)
    if strangers:
        raise Infeasible(reason=because("option_others_have", divisions=strangers))
    return holders


def check_parties(sheet: Sheet, parties: Sequence[int]) -> None:
    """Refuse candidates without a boundary, and such as stand above each other."""
    if not parties:
        raise Infeasible(reason=because("option_not_one_face"))
    for key in parties:
        if key not in sheet.shapes or sheet.shapes[key].is_empty:
            raise InvalidValue(field="candidates", value=key, reason=because("ground_no_boundary"))
        if set(sheet.list_above(key)[1:]) & set(parties):
            raise InvalidValue(field="candidates", value=key, reason=because("option_above"))


def list_strangers(account: Account, parties: Sequence[int], ground: Tract) -> tuple[int, ...]:
    """List the divisions beside some that have any of the ground: those that tile the same ground as they do."""
    sheet = account.sheet
    homes = {(sheet.find_home(key), _find_rank(sheet, key)) for key in parties}
    near = sheet.find_shapes(*ground.chain.find_box())
    beside = [key for key in near if key not in parties and (sheet.find_home(key), _find_rank(sheet, key)) in homes]
    return tuple(key for key in beside if account.relate(ground, key) is not Relation.APART)


def _find_rank(sheet: Sheet, key: int) -> str | None:
    """Give the level of a division that nothing with a boundary stands above: only its like are beside it."""
    return sheet.levels.get(key) if sheet.find_home(key) is None else None


def cut_face(face: DisputedFace, line: BaseGeometry, *, tolerance_m: float) -> Cut:
    """Cut a face along a line, and set the line's vertices in the candidates' boundaries."""
    own = min((0, *face.sheet.shapes)) - 1
    shapes = {own: face.ground, **face.extents}
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
