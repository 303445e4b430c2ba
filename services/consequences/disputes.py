"""Find the open disputes on the ground of a change."""

from __future__ import annotations

import shapely
from sqlalchemy import func, select

from geo.register.consequences import DisputeRow
from services.consequences.scenes import Scene
from services.lookups import list_matching
from services.tables.disputes import OPEN_STATES, Dispute, DisputeFace, DisputeParty
from services.tables.register import Standing

MOST_DISPUTES = 1000
"""So many disputes are named; a change touches few."""


def list_touched(scene: Scene) -> tuple[DisputeRow, ...]:
    """List the open disputes that anybody may know of and whose faces have ground of the change."""
    grounds = [shift.ground for _, shift in scene.list_grounds()]
    if not grounds:
        return ()
    moved = func.ST_GeomFromWKB(shapely.to_wkb(shapely.union_all(grounds)), 4326)
    on_ground = select(DisputeFace.dispute_id).where(func.ST_Intersects(DisputeFace.geom, moved))
    rows = scene.session.execute(
        select(Dispute.id, Dispute.type, Dispute.state)
        .where(Dispute.register_id == scene.register.id, Dispute.confidential.is_(False))
        .where(Dispute.state.in_(OPEN_STATES), Dispute.id.in_(on_ground))
        .order_by(Dispute.id)
        .limit(MOST_DISPUTES)
    ).all()
    codes = _load_codes(scene, [row.id for row in rows])
    return tuple(DisputeRow(row.id, row.type, row.state, codes.get(row.id, ())) for row in rows)


def _load_codes(scene: Scene, disputes: list[int]) -> dict[int, tuple[str, ...]]:
    pairs = scene.session.execute(
        select(DisputeParty.dispute_id, DisputeParty.division_id).where(DisputeParty.dispute_id.in_(disputes))
    ).all()
    sides = Standing.division_id.in_(sorted({pair.division_id for pair in pairs}))
    known = (
        {one.id: one.code for one in list_matching(scene.session, scene.register, scene.day, sides)} if pairs else {}
    )
    found: dict[int, set[str]] = {}
    for dispute, division in pairs:
        if division in known:
            found.setdefault(dispute, set()).add(known[division])
    return {dispute: tuple(sorted(codes)) for dispute, codes in found.items()}
