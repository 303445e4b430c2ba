"""Read the faces that an order settles from JSON, and write down such an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shapely.geometry import mapping

from geo.register.changes.kinds import ChangeKind
from geo.register.changes.order_parts import Part
from geo.register.changes.orders import MetVertex, SettledFace, SettledShare

FACE_PARTS = ("divisions", "ground", "gap", "shares")
"""The parts of a face; an order that settles one face has them itself."""


def read_faces(root: Part) -> tuple[SettledFace, ...]:
    """Read the faces of an order: several of them, or the one that the order itself describes."""
    several = root.find("faces")
    own = {name: root.table()[name] for name in FACE_PARTS if name in root.table()}
    if several is None and not own and root.find("vertices") is not None:
        return ()
    if several is None:
        return (_read_face(Part(root.field, own)),)
    if own:
        root.item(min(own), None).refuse("change_face_or_faces")
    return tuple(_read_face(item) for item in several.items()) or several.refuse("change_part_missing")


def _read_face(part: Part) -> SettledFace:
    part.table(*FACE_PARTS)
    divisions, gap = part.get("divisions").texts(), part.find("gap")
    if not divisions:
        part.get("divisions").refuse("change_part_missing")
    ground = part.get("ground").geometry("Polygon", "MultiPolygon")
    shares = tuple(_read_share(item, divisions) for item in part.get("shares").items())
    if not shares:
        part.get("shares").refuse("change_part_missing")
    return SettledFace(divisions, ground, shares, gap.flag() if gap else False)


def _read_share(part: Part, divisions: tuple[str, ...]) -> SettledShare:
    part.table("to", "ground")
    to = part.find("to")
    taker = to.text() if to else None
    if to and taker not in divisions:
        to.refuse("change_share_stranger", value=taker)
    return SettledShare(part.get("ground").geometry("Polygon", "MultiPolygon"), taker)


def write_settlement(day: date, faces: Sequence[SettledFace], vertices: Sequence[MetVertex] = ()) -> dict[str, Any]:
    """Write an order that settles faces and inserts vertices; divisions are named as orders do.

    Read back, it has every coordinate to the last bit.
    """
    order: dict[str, Any] = {"kind": ChangeKind.SETTLE.value, "effective_on": day.isoformat()}
    told = [{"divisions": list(one.divisions), "point": [one.point.x, one.point.y]} for one in vertices]
    return order | ({"faces": list(map(_write_face, faces))} if faces else {}) | ({"vertices": told} if told else {})


def _write_face(face: SettledFace) -> dict[str, Any]:
    shares = [{"to": share.to, "ground": mapping(share.ground)} for share in face.shares]
    return {"divisions": list(face.divisions), "ground": mapping(face.ground), "gap": face.gap, "shares": shares}
