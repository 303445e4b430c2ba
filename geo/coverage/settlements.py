"""Carry out an option: the face goes where it says, on all levels at once, and the result is proved."""

from __future__ import annotations

from geo.coverage.chains import NO_GROUND
from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.disputed_faces import DisputedFace
from geo.coverage.drawings import draw_grounds
from geo.coverage.ground_moves import MovedGround, MovedPiece
from geo.coverage.ledgers import GAIN, LOSS, Ledger
from geo.coverage.measures import measure_area
from geo.coverage.options import Option
from geo.coverage.sheets import Sheet
from geo.errors import GroundCutsChildren, GroundOutside


def settle_face(face: DisputedFace, option: Option) -> MovedGround:
    """Give each share of a face to its taker, and to all above that have not got it; take it from all others.

    A division above a candidate that does not have the ground, because only the candidate claims it, loses nothing.
    """
    drawing, grounds = draw_grounds(face.sheet, [share.ground for share in option.shares], tolerance_m=0.0)
    ledger = Ledger(drawing.sheet)
    pieces = []
    for share, ground in zip(option.shares, grounds, strict=True):
        _refuse_children(ledger.sheet, face, ground)
        _give(ledger, face, share.taker, ground)
        pieces.append(MovedPiece(ground.shape, measure_area(ground.shape), ()))
    shapes = ledger.close(drawing.sheet, face.given)
    return MovedGround(shapes, tuple(pieces), face.added + drawing.added)


def _refuse_children(sheet: Sheet, face: DisputedFace, ground: Tract) -> None:
    """Refuse a face of divisions that have others with ground below it: those have to be settled first."""
    below = [child for key in face.candidates for child in sheet.list_bounded(key)]
    touched = [child for child in below if relate_ground(ground, Tract(sheet.shapes[child])) is not Relation.APART]
    if touched:
        raise GroundCutsChildren(divisions=tuple(touched))


def _give(ledger: Ledger, face: DisputedFace, taker: int, ground: Tract) -> None:
    kept = set(ledger.sheet.list_above(taker))
    others = [key for key in face.candidates if key != taker and not face.is_gap]
    above = {key for other in others for key in ledger.sheet.list_above(other)} - kept
    losers = [key for key in sorted(above) if _has(ledger.sheet, key, ground)]
    gainers = [key for key in ledger.sheet.list_above(taker) if key in ledger.sheet.shapes]
    gainers = [key for key in gainers if not _has(ledger.sheet, key, ground)]
    for family, weight in ledger.weigh(losers, gainers, leaves=face.candidates).items():
        ledger.expect(family, ground.shape, weight)
    for key in losers:
        ledger.change(key, ground, LOSS)
    for key in gainers:
        ledger.change(key, ground, GAIN)


def _has(sheet: Sheet, key: int, ground: Tract) -> bool:
    """Tell whether a division has the ground; refuse where it has a part, for then the face is not one face."""
    relation = relate_ground(ground, Tract(sheet.shapes.get(key, NO_GROUND)))
    if relation is Relation.ACROSS:
        raise GroundOutside(division=key, area_m2=measure_area(ground.shape))
    return relation is Relation.WITHIN
