"""Move ground from division to division, on all levels at once, without computing an old coordinate anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import NO_GROUND
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.drawings import draw_grounds
from geo.coverage.ledgers import GAIN, LOSS, Ledger
from geo.coverage.measures import measure_area
from geo.coverage.sheets import Sheet
from geo.errors import GroundCutsChildren, GroundNotExact, GroundOutside, InvalidValue, because


@dataclass(frozen=True)
class GroundMove:
    """Order that ground passes from one division to another."""

    ground: BaseGeometry
    """The ground: drawn by hand, or exactly what divisions below the source have."""
    source: int | None
    """The division that gives it; None for ground nobody has."""
    target: int | None
    """The division that takes it, which may be new; None leaves it to nobody."""


@dataclass(frozen=True)
class MovedPiece:
    """Hold the ground that one move moved."""

    ground: BaseGeometry
    """The ground with all its vertices."""
    area_m2: float
    """Its geodesic area."""
    children: tuple[int, ...]
    """The divisions directly below the source that lie in it, and so need another parent."""
    losers: tuple[int, ...] = ()
    """The divisions, of all levels, that lost it."""
    gainers: tuple[int, ...] = ()
    """The divisions, of all levels, that gained it."""


@dataclass(frozen=True)
class MovedGround:
    """Hold what some moves did."""

    shapes: Mapping[int, BaseGeometry]
    """Every boundary that changed, be it by a vertex only; empty where no ground is left."""
    moved: tuple[MovedPiece, ...]
    """The ground of each move, in order."""
    vertices_added: int
    """How many vertices old edges got, an edge that several divisions share counted once."""


_LEAST_REST = 1e-9
"""The share of a division's plane area that may be left by rounding when all of its ground has gone."""


def move_ground(sheet: Sheet, moves: Sequence[GroundMove], *, tolerance_m: float = 0.0) -> MovedGround:
    """Move ground, one move after the other, and prove that every division still tiles as it did.

    The sheet must hold every division, of every level, that meets the ground, and those above the source and the
    target that differ. Drawn vertices within the tolerance of a vertex or an edge are pulled to it.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 1, 1), 2: shapely.box(1, 0, 2, 1)}, {1: None, 2: None}, {1: "a", 2: "a"})
    >>> after = move_ground(sheet, [GroundMove(shapely.box(0.5, 0, 1, 1), 1, 2)])
    >>> after.shapes[1].bounds, after.shapes[2].bounds
    ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 2.0, 1.0))
    """
    for place, move in enumerate(moves):
        _check_ends(sheet, move, place)
    if not moves:
        return MovedGround({}, (), 0)
    drawing, grounds = draw_grounds(sheet, [move.ground for move in moves], tolerance_m=tolerance_m)
    ledger = Ledger(drawing.sheet)
    pieces = [_move(ledger, move, ground) for move, ground in zip(moves, grounds, strict=True)]
    return MovedGround(ledger.close(drawing.sheet, sheet), tuple(pieces), drawing.added)


def _check_ends(sheet: Sheet, move: GroundMove, place: int) -> None:
    """Refuse moves from or to divisions the sheet does not know, and moves that go nowhere."""
    for name, key in (("source", move.source), ("target", move.target)):
        if key is not None and key not in sheet.shapes and (name == "source" or key not in sheet.parents):
            reason = because("ground_unknown_division", move=place + 1)
            raise InvalidValue(field=name, value=key, reason=reason)
    if move.source == move.target:
        raise InvalidValue(field="target", value=move.target, reason=because("ground_no_move", move=place + 1))


def _move(ledger: Ledger, move: GroundMove, ground: Tract) -> MovedPiece:
    losers, gainers = _list_losers(ledger.sheet, move), _list_gainers(ledger.sheet, move)
    for key in losers:
        _check_held(ledger.sheet, key, ground)
    gainers = [
        key
        for key in gainers
        if not _is_held(ledger.sheet, key, ground, may_hold=move.source is None and key != move.target)
    ]
    inside = _list_inside(ledger.sheet, move, ground)
    _check_target(ledger.sheet, move, inside)
    if move.source is None:
        _check_void(ledger.sheet, gainers, ground)
    _expect_families(ledger, move, ground, (losers, gainers))
    _expect_children(ledger, move, ground, inside)
    for key in losers:
        ledger.change(key, ground, LOSS)
    for key in gainers:
        ledger.change(key, ground, GAIN)
    _rehome(ledger, move, inside)
    return MovedPiece(ground.shape, measure_area(ground.shape), inside, tuple(losers), tuple(gainers))


def _list_losers(sheet: Sheet, move: GroundMove) -> list[int]:
    """List the divisions that have a boundary and lose the ground."""
    if move.source is None:
        return []
    kept = set() if move.target is None else set(sheet.list_above(move.target))
    return [key for key in sheet.list_above(move.source) if key in sheet.shapes and key not in kept]


def _list_gainers(sheet: Sheet, move: GroundMove) -> list[int]:
    """List the divisions that gain the ground: those with a boundary, and new ones that have none yet."""
    if move.target is None:
        return []
    kept = set() if move.source is None else set(sheet.list_above(move.source))
    above = [key for key in sheet.list_above(move.target) if key not in kept]
    return [key for key in above if key in sheet.shapes or key < 0 or key == move.target]


def _check_held(sheet: Sheet, key: int, ground: Tract) -> None:
    """Refuse ground that a division that shall lose it does not have."""
    whole = sheet.shapes[key]
    if relate_ground(ground, Tract(whole)) is not Relation.WITHIN:
        raise GroundOutside(division=key, area_m2=_measure_rest(ground.shape, whole))


def _measure_rest(ground: BaseGeometry, whole: BaseGeometry) -> float:
    rest = shapely.difference(ground, whole)
    return 0.0 if rest.is_empty else measure_area(rest)


def _is_held(sheet: Sheet, key: int, ground: Tract, *, may_hold: bool) -> bool:
    """Tell whether a division has the ground already, as one above a gap may have; refuse where it has a part."""
    whole = sheet.shapes.get(key, NO_GROUND)
    relation = relate_ground(ground, Tract(whole))
    if relation is Relation.APART:
        return False
    if relation is Relation.WITHIN and may_hold:
        return True
    raise GroundOutside(division=key, area_m2=measure_area(ground.shape) - _measure_rest(ground.shape, whole))


def _list_inside(sheet: Sheet, move: GroundMove, ground: Tract) -> tuple[int, ...]:
    """List the divisions below the source that lie in the ground; refuse ground that cuts through one."""
    below = [] if move.source is None else list(sheet.list_bounded(move.source))
    relations = {key: relate_ground(Tract(sheet.shapes[key]), ground) for key in below}
    inside = tuple(key for key, relation in relations.items() if relation is Relation.WITHIN)
    cut = tuple(key for key, relation in relations.items() if relation is Relation.ACROSS)
    if cut or (inside and move.target is None):
        raise GroundCutsChildren(divisions=cut or inside)
    return inside


def _check_target(sheet: Sheet, move: GroundMove, inside: Sequence[int]) -> None:
    """Refuse ground without divisions below for a target that has some: it would be tiled no longer."""
    bare = move.source is None or next(sheet.list_bounded(move.source), None) is None
    below = () if move.target is None else tuple(sheet.list_bounded(move.target))
    if bare and below and not inside:
        raise GroundCutsChildren(divisions=below)


def _check_void(sheet: Sheet, gainers: Iterable[int], ground: Tract) -> None:
    """Refuse ground as nobody's that a division beside one of the gainers has."""
    homes = {sheet.find_home(key) for key in gainers}
    low, high = ground.chain.find_box()
    for key in sheet.find_shapes(low, high):
        if sheet.find_home(key) in homes and key not in gainers:
            whole = sheet.shapes[key]
            if relate_ground(ground, Tract(whole)) is not Relation.APART:
                held = measure_area(ground.shape) - _measure_rest(ground.shape, whole)
                raise GroundOutside(division=key, area_m2=held)


def _expect_families(
    ledger: Ledger, move: GroundMove, ground: Tract, changes: tuple[Sequence[int], Sequence[int]]
) -> None:
    """Let each family gain by its children what its parent gains; only the void may make them differ."""
    # What is below the source and the target goes over by itself, or is not there.
    weights = ledger.weigh(*changes, leaves=(move.source, move.target))
    if weights and move.source is not None and move.target is not None:
        raise GroundNotExact(reason=because("ground_levels"), divisions=(move.source, move.target))
    for family, weight in weights.items():
        ledger.expect(family, ground.shape, weight)


def _expect_children(ledger: Ledger, move: GroundMove, ground: Tract, inside: Sequence[int]) -> None:
    """Let ground that no division below has go over as such, with the divisions that lie in it."""
    for family, sign in ((move.source, LOSS), (move.target, GAIN)):
        if family is not None:
            ledger.expect(family, ground.shape, -sign)
            for key in inside:
                ledger.expect(family, ledger.sheet.shapes[key], sign)


def _rehome(ledger: Ledger, move: GroundMove, inside: Sequence[int]) -> None:
    """Put the divisions in the ground under the target for the moves that follow."""
    if inside:
        parents = {**ledger.sheet.parents, **dict.fromkeys(inside, move.target)}
        ledger.rehomed.update(inside)
        ledger.sheet = replace(ledger.sheet, parents=parents)
