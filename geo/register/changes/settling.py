"""Settle disputed faces: ground goes as decided, and places in it come under whoever gets it."""

from __future__ import annotations

import shapely

from geo.coverage import DisputedFace, MovedPiece, Option, OptionKind, Share, lay_face, settle_face
from geo.errors import ConflictError, Infeasible, InputError
from geo.register.changes.drafts import Draft
from geo.register.changes.effects import MovedGround
from geo.register.changes.orders import ChangeOrder, SettledFace
from geo.register.changes.problems import refuse_change

LEAST_RESIZE_M2 = 10_000.0
"""Who gains or loses less than this, and no place, is as large as it was for whoever counted its people."""


def settle_order(draft: Draft, order: ChangeOrder) -> tuple[int, ...]:
    """Settle the faces of an order, one after the other; give their candidates."""
    for face in order.faces:
        _settle(draft, face)
    return tuple(dict.fromkeys(draft.find(word).id for face in order.faces for word in face.divisions))


def _settle(draft: Draft, wanted: SettledFace) -> None:
    candidates = [draft.find(word).id for word in wanted.divisions]
    takers = [None if share.to is None else draft.find(share.to).id for share in wanted.shares]
    shares = (Share(taker, share.ground) for taker, share in zip(takers, wanted.shares, strict=True))
    option = Option(OptionKind.DRAWN, tuple(shares))
    try:
        face = lay_face(draft.lay_sheet(), wanted.ground, candidates)
        done = settle_face(face, option)
    except (ConflictError, Infeasible, InputError) as error:
        raise refuse_change(draft.to_problem(error, candidates[0])) from error
    if face.is_gap != wanted.gap:
        draft.refuse("settle_gap" if face.is_gap else "settle_no_gap", wanted.divisions[0])
    draft.put_grounds(done.shapes)
    for taker, piece in zip(takers, done.moved, strict=True):
        _tell_moved(draft, face, taker, piece)
        _carry_places(draft, face, taker, piece)


def _tell_moved(draft: Draft, face: DisputedFace, taker: int | None, piece: MovedPiece) -> None:
    """Note who loses the ground to whom, and whose extent is another."""
    sources: list[int | None] = [key for key in face.candidates if key in piece.losers]
    if not sources and taker in piece.gainers:
        sources = [None]
    draft.moved.extend(MovedGround(piece.ground, source, taker) for source in sources)
    if piece.area_m2 >= LEAST_RESIZE_M2:
        draft.resized.update(piece.losers, piece.gainers)


def _carry_places(draft: Draft, face: DisputedFace, taker: int | None, piece: MovedPiece) -> None:
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
