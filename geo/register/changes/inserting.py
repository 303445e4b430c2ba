"""Insert vertices where boundaries meet and not all of them have one; no ground changes hands."""

from __future__ import annotations

from geo.coverage.insertions import Spot, insert_vertices
from geo.register.changes.drafts import Draft
from geo.register.changes.orders import ChangeOrder


def insert_ordered(draft: Draft, order: ChangeOrder) -> tuple[int, ...]:
    """Insert the vertices of an order, on all levels at once; give the divisions that meet there.

    A vertex that no boundary lacks any more, or that would fold one, refuses the order.
    """
    if not order.vertices:
        return ()
    keys = [tuple(draft.find(word).id for word in met.divisions) for met in order.vertices]
    spots = [Spot((met.point.x, met.point.y), own) for met, own in zip(order.vertices, keys, strict=True)]
    done = insert_vertices(draft.lay_sheet(), spots, width_m=draft.view.pack.tolerances.vertex_width_m)
    for met, told in zip(order.vertices, done.vertices, strict=True):
        if told.refused is not None:
            draft.refuse("vertex_not_lacking", met.divisions[0], lon=met.point.x, lat=met.point.y)
    draft.put_grounds(done.shapes)
    return tuple(dict.fromkeys(key for own in keys for key in own))
