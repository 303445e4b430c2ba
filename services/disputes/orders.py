"""Write what was chosen for a dispute as the order of a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound
from geo.register.changes import SettledFace, SettledShare, write_settlement
from services.disputes.parts import Face, OptionRecord, PartShare
from services.disputes.records import Dispute
from services.lookups import list_matching
from services.queries import RegisterState
from services.tables.register import Standing


def write_order(
    session: Session, register: RegisterState, dispute: Dispute, option: OptionRecord, *, day: date
) -> dict[str, Any]:
    """Write the order that settles every face of a dispute as an option says."""
    return write_shares(session, register, dispute.summary.faces, option.shares, day=day)


def write_open(session: Session, register: RegisterState, faces: Sequence[Face], *, day: date) -> dict[str, Any]:
    """Write the order that leaves every face to nobody, which concerns the same ground as any other way."""
    shares = [PartShare(face.id, None, face.ground, face.area_m2) for face in faces]
    return write_shares(session, register, faces, shares, day=day)


def write_shares(
    session: Session, register: RegisterState, faces: Sequence[Face], shares: Sequence[PartShare], *, day: date
) -> dict[str, Any]:
    """Write the order that settles faces by shares."""
    words = name_divisions(session, register, {key for face in faces for key in face.candidates}, day=day)
    return write_settlement(day, [_name_face(face, shares, words) for face in faces])


def _name_face(face: Face, shares: Sequence[PartShare], words: dict[int, str]) -> SettledFace:
    own = [one for one in shares if one.face == face.id]
    told = tuple(SettledShare(one.ground, None if one.taker is None else words[one.taker]) for one in own)
    return SettledFace(tuple(words[key] for key in sorted(face.candidates)), face.ground, told, face.is_gap)


def name_divisions(session: Session, register: RegisterState, keys: Iterable[int], *, day: date) -> dict[int, str]:
    """Name divisions as orders do, by `level:code` on a day; raises DivisionNotFound for one that is not there then."""
    wanted = sorted(set(keys))
    found = list_matching(session, register, day, Standing.division_id.in_(wanted))
    words = {one.id: f"{one.level}:{one.code}" for one in found}
    gone = [key for key in wanted if key not in words]
    if gone:
        raise DivisionNotFound(asked=gone[:10])
    return words
