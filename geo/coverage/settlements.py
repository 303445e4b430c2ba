"""Carry out an option: the face goes where it says, on all levels at once, and the result is proved."""

from __future__ import annotations

from collections.abc import Sequence

from geo.coverage.containment import Relation, Tract, relate_ground
from geo.coverage.disputed_faces import DisputedFace, list_strangers
from geo.coverage.drawings import draw_grounds
from geo.coverage.ground_moves import MovedGround, MovedPiece
from geo.coverage.ledgers import GAIN, LOSS, Ledger
from geo.coverage.measures import measure_area
from geo.coverage.options import Option
from geo.coverage.pieces import cut_pieces
from geo.coverage.sheets import Sheet
from geo.coverage.tilings import is_balanced
from geo.errors import GroundCutsChildren, Infeasible, InvalidValue, because


def settle_face(face: DisputedFace, option: Option) -> MovedGround:
    """Give each share of a face to its taker, and to all above that have not got it; take it from all others.

    A share without a taker is nobody's afterwards: whoever had it, of any level, loses it. Where a division above has
    a part of a share only, that part is what it loses.
    """
    check_takers(face.candidates, option)
    parts = [face.ground, *(share.ground for share in option.shares)]
    drawing, (whole, *grounds) = draw_grounds(face.sheet, parts, tolerance_m=0.0)
    check_shares(whole, grounds)
    ledger = Ledger(drawing.sheet)
    pieces = [
        _settle(ledger, face.candidates, share.taker, ground)
        for share, ground in zip(option.shares, grounds, strict=True)
    ]
    shapes = ledger.close(drawing.sheet, face.given)
    return MovedGround(shapes, tuple(pieces), face.added + drawing.added)


def check_takers(candidates: Sequence[int], option: Option) -> None:
    """Refuse shares for divisions that are no candidates."""
    for share in option.shares:
        if share.taker is not None and share.taker not in candidates:
            raise InvalidValue(field="shares", value=share.taker, reason=because("option_no_candidate"))


def check_shares(whole: Tract, grounds: Sequence[Tract]) -> None:
    """Refuse shares that are not the whole face, each spot of it once."""
    if not grounds or not is_balanced([(whole.shape, -1), *((ground.shape, 1) for ground in grounds)]):
        raise Infeasible(reason=because("option_shares"))


def _settle(ledger: Ledger, candidates: Sequence[int], taker: int | None, ground: Tract) -> MovedPiece:
    """Take a share from whoever has it beside the taker's line, and give it to those of the line that have it not."""
    line, others = list_lines(ledger.sheet, candidates, taker)
    losers: set[int] = set()
    gainers: set[int] = set()
    for piece, held in cut_pieces(ledger.sheet, [*line, *others], ground):
        gone, come = [key for key in others if key in held], [key for key in line if key not in held]
        _refuse_children(ledger.sheet, candidates, (gone, come), piece)
        _refuse_strangers(ledger.sheet, (gone, come), piece)
        for family, weight in ledger.weigh(gone, come).items():
            ledger.expect(family, piece.shape, weight)
        for keys, sign in ((gone, LOSS), (come, GAIN)):
            for key in keys:
                ledger.change(key, piece, sign)
        losers.update(gone)
        gainers.update(come)
    area_m2 = measure_area(ground.shape)
    return MovedPiece(ground.shape, area_m2, (), tuple(sorted(losers)), tuple(sorted(gainers)))


def list_lines(sheet: Sheet, candidates: Sequence[int], taker: int | None) -> tuple[list[int], list[int]]:
    """List, as far as they have boundaries, a taker with those above it, and the other candidates with theirs."""
    line = [] if taker is None else sheet.list_above(taker)
    above = {key for other in candidates if other != taker for key in sheet.list_above(other)} - set(line)
    return [key for key in line if key in sheet.shapes], sorted(above & sheet.shapes.keys())


def _refuse_children(
    sheet: Sheet, candidates: Sequence[int], changes: tuple[Sequence[int], Sequence[int]], ground: Tract
) -> None:
    """Refuse what leaves divisions below outside those they stand under: they have to be settled first."""
    touched: list[int] = []
    for key in candidates:
        below = {child: relate_ground(ground, Tract(sheet.shapes[child])) for child in sheet.list_bounded(key)}
        if key in changes[0]:
            touched += [child for child, relation in below.items() if relation is not Relation.APART]
        elif key in changes[1] and below and Relation.WITHIN not in below.values():
            touched += below
    if touched:
        raise GroundCutsChildren(divisions=tuple(touched))


def _refuse_strangers(sheet: Sheet, changes: tuple[Sequence[int], Sequence[int]], ground: Tract) -> None:
    """Refuse to give ground that another division beside one that gains it has, and keeps."""
    losers, gainers = changes
    for key in gainers:
        strangers = tuple(one for one in list_strangers(sheet, [key], ground) if one not in losers)
        if strangers:
            raise Infeasible(reason=because("option_others_have", divisions=strangers))
