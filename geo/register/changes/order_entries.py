"""Read an order from JSON, and name the field of whatever is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shapely.geometry import LineString

from geo.errors import InvalidChange, InvalidDate
from geo.register.calendars import parse_date
from geo.register.changes.kinds import KIND_RULES, ONE_DIVISION, ChangeKind
from geo.register.changes.order_parts import Part
from geo.register.changes.orders import ChangeOrder, Drawn, Founded, Move, Side
from geo.register.changes.settlement_entries import FACE_PARTS, read_faces
from geo.register.changes.vertex_entries import read_vertices

OWN_PARTS = frozenset({"kind", "effective_on"})


def read_order(body: object) -> ChangeOrder:
    """Read an order from what JSON holds.

    Raises InvalidChange with the field and the rule it breaks: a part its kind does not take, a date that does not
    exist, a geometry that cannot be used.
    """
    root = Part("", body)
    root.table()
    kind = _read_kind(root.get("kind"))
    rule = KIND_RULES[kind]
    root.table(*rule.parts, *OWN_PARTS)
    for name in sorted(rule.needs):
        root.get(name)
    parts = _read_parts(root)
    if kind is ChangeKind.SETTLE:
        parts = {name: value for name, value in parts.items() if name not in FACE_PARTS} | {"faces": read_faces(root)}
    order = ChangeOrder(kind, _read_day(root.get("effective_on")), **parts)
    _check_counts(root, order)
    return order


def _read_kind(part: Part) -> ChangeKind:
    known = tuple(kind.value for kind in ChangeKind)
    if part.text() not in known:
        part.refuse("change_unknown_word", known=known)
    return ChangeKind(part.text())


def _read_day(part: Part) -> date:
    try:
        return parse_date(part.text())
    except InvalidDate as error:
        raise InvalidChange(field=part.field, reason=error.params["reason"]) from error


def _read_parts(root: Part) -> dict[str, Any]:
    readers = {
        "divisions": Part.texts,
        "to": Part.text,
        "founded": lambda part: tuple(_read_founded(item) for item in part.items()),
        "moves": lambda part: tuple(_read_move(item) for item in part.items()),
        "names": Part.pairs,
        "codes": _read_codes,
        "level": Part.text,
        "parent": Part.text,
        "inner": _read_founded,
        "centre": lambda part: part.text() if isinstance(part.value, str) else part.point(),
        "recode": Part.flag,
        "ends": Part.flag,
        "change": _read_number,
        "vertices": read_vertices,
    }
    found = {name: root.find(name) for name in readers}
    return {name: readers[name](part) for name, part in found.items() if part is not None}


def _read_codes(part: Part) -> dict[str, dict[str, str]]:
    return {key: part.item(key, value).pairs() for key, value in part.table().items()}


def _read_number(part: Part) -> int:
    if not isinstance(part.value, int) or isinstance(part.value, bool) or not 0 < part.value < 2**63:
        part.refuse("change_wants_number")
    return part.value


def _read_founded(part: Part) -> Founded:
    part.table("label", "level", "names", "parent", "children", "ground", "line", "side", "position")
    parent, children, position = part.find("parent"), part.find("children"), part.find("position")
    return Founded(
        label=part.get("label").text(),
        level=part.get("level").text(),
        names=part.get("names").pairs(),
        parent=parent.text() if parent else None,
        children=children.texts() if children else (),
        drawn=_read_drawn(part),
        position=position.point() if position else None,
    )


def _read_move(part: Part) -> Move:
    part.table("from", "to", "ground", "line", "side")
    drawn = _read_drawn(part) or part.item("ground", None).refuse("change_part_missing")
    return Move(drawn, part.get("from").text(), part.get("to").text())


def _read_drawn(part: Part) -> Drawn | None:
    ground, line, side = part.find("ground"), part.find("line"), part.find("side")
    if ground and line:
        line.refuse("change_line_or_ground")
    if side and not (line and side.value in tuple(Side)):
        side.refuse("change_unknown_word", known=tuple(Side))
    if ground:
        return Drawn(ground=ground.geometry("Polygon", "MultiPolygon"))
    if line:
        drawn = line.geometry("LineString")
        return Drawn(line=LineString(drawn.coords), side=Side(str(side.value)) if side else Side.LEFT)
    return None


def _check_counts(root: Part, order: ChangeOrder) -> None:
    """Refuse numbers of divisions, labels and parts that the kind cannot mean."""
    if order.kind in ONE_DIVISION and len(order.divisions) != 1:
        root.get("divisions").refuse("change_wants_one")
    if order.kind is ChangeKind.MERGE and len(order.divisions) < 2 - (order.to is not None):
        root.get("divisions").refuse("change_wants_two")
    if order.kind is ChangeKind.MERGE and (order.to is None) != (len(order.founded) == 1):
        root.item("to", None).refuse("change_to_or_founded")
    for name in sorted(KIND_RULES[order.kind].needs & {"divisions", "founded", "moves"}):
        if not root.get(name).value:
            root.get(name).refuse("change_part_missing")
    _check_labels(root, order)


def _check_labels(root: Part, order: ChangeOrder) -> None:
    seen: Mapping[str, int] = {}
    for number, founded in enumerate(order.founded):
        if founded.label in seen or founded.label in order.divisions:
            root.item(f"founded.{number}.label", None).refuse("change_said_twice", value=founded.label)
        seen = {**seen, founded.label: number}
