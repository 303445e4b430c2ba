"""Carry out options: faces go where these say, on all levels at once, and the result is proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.accounts import Account
from geo.coverage.conflicts import ConflictKind, find_conflicts
from geo.coverage.containment import Relation, Tract
from geo.coverage.disputed_faces import DisputedFace, check_parties, find_holders, list_strangers
from geo.coverage.drawings import draw_grounds
from geo.coverage.ground_moves import MovedGround, MovedPiece
from geo.coverage.ledgers import GAIN, LOSS
from geo.coverage.measures import measure_area
from geo.coverage.options import Option, Share
from geo.coverage.pieces import cut_pieces
from geo.coverage.sheets import Sheet
from geo.coverage.tilings import is_balanced
from geo.errors import GroundCutsChildren, Infeasible, InvalidValue, because


@dataclass(frozen=True)
class DecidedFace:
    """Hold ground and what was decided of it."""

    ground: BaseGeometry
    """The whole ground."""
    candidates: tuple[int, ...]
    """The divisions that have it or claim it, or those beside it where nobody has it."""
    shares: tuple[Share, ...]
    """Who gets which part; together they are the ground."""


@dataclass(frozen=True)
class SettledFaces:
    """Hold what settling some faces did."""

    moved: MovedGround
    """Every boundary that changed, and the ground of each share, face by face."""
    holders: tuple[tuple[int, ...], ...]
    """For each face the candidates that had it; none for a gap."""


def settle_face(face: DisputedFace, option: Option) -> MovedGround:
    """Give each share of a face to its taker, and to all above that have not got it; take it from all others.

    A share without a taker is nobody's afterwards: whoever had it, of any level, loses it. Where a division above has
    a part of a share only, that part is what it loses.
    """
    decided = DecidedFace(face.ground, face.candidates, option.shares)
    done = _settle_all(face.sheet, [decided], given=face.given).moved
    return MovedGround(done.shapes, done.moved, face.added + done.vertices_added)


def settle_faces(sheet: Sheet, faces: Sequence[DecidedFace]) -> SettledFaces:
    """Settle many faces at once, each as `settle_face` does; refuse faces that overlap.

    Examples
    --------
    >>> sheet = Sheet({1: shapely.box(0, 0, 2, 1), 2: shapely.box(1, 0, 3, 1)}, {1: None, 2: None}, {1: "a", 2: "a"})
    >>> face = shapely.box(1, 0, 2, 1)
    >>> settle_faces(sheet, [DecidedFace(face, (1, 2), (Share(1, face),))]).moved.shapes[2].bounds
    (2.0, 0.0, 3.0, 1.0)
    """
    for face in faces:
        check_parties(sheet, face.candidates)
    for conflict in find_conflicts([face.ground for face in faces]):
        if conflict.kind is ConflictKind.OVERLAP:
            places = (conflict.first + 1, conflict.second + 1)
            raise Infeasible(reason=because("option_conflict", first=places[0], second=places[1]))
    if not faces:
        return SettledFaces(MovedGround({}, (), 0), ())
    if all(map(_is_whole, faces)):
        return _settle_all(sheet, faces, given=sheet)
    # the lines between shares meet boundaries that already have every vertex of the faces
    drawing, tracts = draw_grounds(sheet, [face.ground for face in faces], tolerance_m=0.0)
    laid = [_lay(face, tract) for face, tract in zip(faces, tracts, strict=True)]
    done = _settle_all(drawing.sheet, laid, given=sheet)
    return replace(done, moved=replace(done.moved, vertices_added=done.moved.vertices_added + drawing.added))


def _lay(face: DecidedFace, ground: Tract) -> DecidedFace:
    """Give a face the vertices of the boundaries around it."""
    shares = (replace(face.shares[0], ground=ground.shape),) if _is_whole(face) else face.shares
    return replace(face, ground=ground.shape, shares=shares)


def _settle_all(sheet: Sheet, faces: Sequence[DecidedFace], *, given: Sheet) -> SettledFaces:
    drawing, tracts = draw_grounds(sheet, list(_list_grounds(faces)), tolerance_m=0.0)
    account, drawn = Account(drawing), iter(tracts)
    holders, pieces = [], []
    for face in faces:
        whole = next(drawn)
        grounds = [whole] if _is_whole(face) else [next(drawn) for _ in face.shares]
        _check_shares(face, whole, grounds)
        holders.append(find_holders(account, face.candidates, whole))
        for share, ground in zip(face.shares, grounds, strict=True):
            pieces.append(_settle(account, face.candidates, share.taker, ground))
    return SettledFaces(MovedGround(account.close(given), tuple(pieces), drawing.added), tuple(holders))


def _list_grounds(faces: Sequence[DecidedFace]) -> Iterator[BaseGeometry]:
    """List the ground of each face, followed by its shares where these are not simply all of it."""
    for face in faces:
        yield face.ground
        if not _is_whole(face):
            yield from (share.ground for share in face.shares)


def _is_whole(face: DecidedFace) -> bool:
    return len(face.shares) == 1 and bool(shapely.equals_identical(face.shares[0].ground, face.ground))


def _check_shares(face: DecidedFace, whole: Tract, grounds: Sequence[Tract]) -> None:
    """Refuse shares for strangers, and shares that are not the whole face, each spot of it once."""
    for share in face.shares:
        if share.taker is not None and share.taker not in face.candidates:
            raise InvalidValue(field="shares", value=share.taker, reason=because("option_no_candidate"))
    if not grounds:
        raise Infeasible(reason=because("option_shares"))
    if grounds != [whole] and not is_balanced([(whole.shape, -1), *((ground.shape, 1) for ground in grounds)]):
        raise Infeasible(reason=because("option_shares"))


def _settle(account: Account, candidates: Sequence[int], taker: int | None, ground: Tract) -> MovedPiece:
    """Take a share from whoever has it beside the taker's line, and give it to those of the line that have it not."""
    line, others = _list_lines(account.sheet, candidates, taker)
    losers: set[int] = set()
    gainers: set[int] = set()
    for piece, held in cut_pieces(account, [*line, *others], ground):
        gone, come = [key for key in others if key in held], [key for key in line if key not in held]
        _refuse_children(account, candidates, (gone, come), piece)
        _refuse_strangers(account, (gone, come), piece)
        for family, weight in _weigh(account.sheet, gone, come).items():
            for _ in range(abs(weight)):
                account.expect(family, piece, 1 if weight > 0 else -1)
        for keys, sign in ((gone, LOSS), (come, GAIN)):
            for key in keys:
                account.change(key, piece, sign)
        losers.update(gone)
        gainers.update(come)
    area_m2 = measure_area(ground.shape)
    return MovedPiece(ground.shape, area_m2, (), tuple(sorted(losers)), tuple(sorted(gainers)))


def _list_lines(sheet: Sheet, candidates: Sequence[int], taker: int | None) -> tuple[list[int], list[int]]:
    """List, as far as they have boundaries, a taker with those above it, and the other candidates with theirs."""
    line = [] if taker is None else sheet.list_above(taker)
    above = {key for other in candidates if other != taker for key in sheet.list_above(other)} - set(line)
    return [key for key in line if key in sheet.shapes], sorted(key for key in above if key in sheet.shapes)


def _weigh(sheet: Sheet, losers: Sequence[int], gainers: Sequence[int]) -> dict[int | None, int]:
    """Give the families whose children gain more, or less, than their parent, and how much."""
    weights: Counter[int | None] = Counter()
    for keys, sign in ((losers, LOSS), (gainers, GAIN)):
        for key in keys:
            weights[sheet.find_home(key)] += sign
            weights[key] -= sign
    return {family: weight for family, weight in weights.items() if weight}


Changes = tuple[Sequence[int], Sequence[int]]
"""Who loses ground, and who gains it."""


def _refuse_children(account: Account, candidates: Sequence[int], changes: Changes, ground: Tract) -> None:
    """Refuse what leaves divisions below outside those they stand under: they have to be settled first."""
    touched: list[int] = []
    for key in candidates:
        below = {child: account.relate(ground, child) for child in account.sheet.list_bounded(key)}
        if key in changes[0]:
            touched += [child for child, relation in below.items() if relation is not Relation.APART]
        elif key in changes[1] and below and Relation.WITHIN not in below.values():
            touched += below
    if touched:
        raise GroundCutsChildren(divisions=tuple(touched))


def _refuse_strangers(account: Account, changes: Changes, ground: Tract) -> None:
    """Refuse to give ground that another division beside one that gains it has, and keeps."""
    losers, gainers = changes
    for key in gainers:
        strangers = tuple(one for one in list_strangers(account, [key], ground) if one not in losers)
        if strangers:
            raise Infeasible(reason=because("option_others_have", divisions=strangers))
