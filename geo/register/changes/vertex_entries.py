"""Read the vertices that an order inserts where boundaries meet."""

from __future__ import annotations

from geo.register.changes.order_parts import Part
from geo.register.changes.orders import MetVertex


def read_vertices(part: Part) -> tuple[MetVertex, ...]:
    """Read the vertices of an order."""
    found = tuple(_read_vertex(item) for item in part.items())
    return found or part.refuse("change_part_missing")


def _read_vertex(part: Part) -> MetVertex:
    part.table("divisions", "point")
    divisions = part.get("divisions").texts()
    if not divisions:
        part.get("divisions").refuse("change_part_missing")
    return MetVertex(divisions, part.get("point").point())
