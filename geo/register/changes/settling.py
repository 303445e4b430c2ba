"""Settle disputed faces: ground goes as decided, and places in it come under whoever gets it."""

from __future__ import annotations

import shapely

from geo.coverage import DecidedFace, MovedPiece, Share, settle_faces
from geo.errors import ConflictError, Infeasible, InputError
from geo.register.changes.drafts import Draft
from geo.register.changes.effects import MovedGround
from geo.register.changes.orders import ChangeOrder, SettledFace
from geo.register.changes.problems import refuse_change

LEAST_RESIZE_M2 = 10_000.0
"""Who gains or loses less than this, and no place, is as large as it was for whoever counted its people."""


def settle_order(draft: Draft, order: ChangeOrder) -> tuple[int, ...]:
    """Settle the faces of an order, all at once; give their candidates."""
    faces = [_read_face(draft, wanted) for wanted in order.faces]
    try:
        done = settle_faces(draft.lay_sheet(), faces)
    except (ConflictError, Infeasible, InputError) as error:
        raise refuse_change(draft.to_problem(error, faces[0].candidates[0])) from error
    for wanted, holders in zip(order.faces, done.holders, strict=True):
        if wanted.gap == bool(holders):
            draft.refuse("settle_no_gap" if wanted.gap else "settle_gap", wanted.divisions[0])
    draft.put_grounds(done.moved.shapes)
    pieces = iter(done.moved.moved)
    for face in faces:
        for share in face.shares:
            piece = next(pieces)
            _tell_moved(draft, face, share.taker, piece)
            _carry_places(draft, face, share.taker, piece)
    return tuple(dict.fromkeys(key for face in faces for key in face.candidates))


def _read_face(draft: Draft, wanted: SettledFace) -> DecidedFace:
    """Tell whom the words of a face mean."""
    shares = (Share(None if share.to is None else draft.find(share.to).id, share.ground) for share in wanted.shares)
    return DecidedFace(wanted.ground, tuple(draft.find(word).id for word in wanted.divisions), tuple(shares))


def _tell_moved(draft: Draft, face: DecidedFace, taker: int | None, piece: MovedPiece) -> None:
    """Note who loses the ground to whom, and whose extent is another."""
    sources: list[int | None] = [key for key in face.candidates if key in piece.losers]
    if not sources and taker in piece.gainers:
        sources = [None]
    draft.moved.extend(MovedGround(piece.ground, source, taker) for source in sources)
    if piece.area_m2 >= LEAST_RESIZE_M2:
        draft.resized.update(piece.losers, piece.gainers)


def _carry_places(draft: Draft, face: DecidedFace, taker: int | None, piece: MovedPiece) -> None:
    """Put places on the ground that stand under another candidate under the taker, where their level may be there."""
    if taker is None:
        return
    level = draft.states[taker].level
    for other in face.candidates:
        for key in draft.children_of(other) if other != taker else ():
            state = draft.states[key]
            may_stand = level in draft.view.pack.level(state.level).parents
            if may_stand and state.position is not None and shapely.covers(piece.ground, state.position):
                draft.hang(key, taker)
