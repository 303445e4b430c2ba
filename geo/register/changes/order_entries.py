"""Read an order from JSON, and name the field of whatever is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

import shapely
from shapely.geometry import LineString, Point, shape
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidChange, InvalidDate, because
from geo.register.calendars import parse_date
from geo.register.changes.kinds import KIND_RULES, ONE_DIVISION, ChangeKind
from geo.register.changes.orders import ChangeOrder, Drawn, Founded, Move, Side

LONGEST_TEXT = 500
"""Letters of a name, code or label."""

MOST_ITEMS = 20_000
"""Items of a list; a county has a few hundred places."""

MOST_VERTICES = 1_000_000
"""Vertices of a drawn geometry."""

OWN_PARTS = frozenset({"kind", "effective_on"})


@dataclass(frozen=True)
class Part:
    """Hold one value of an order together with where it stands."""

    field: str
    """The dotted path of the value; empty for the order itself."""
    value: object
    """What the order says there."""

    def refuse(self, reason: str, **params: object) -> NoReturn:
        """Stop reading: the value breaks a rule."""
        raise InvalidChange(field=self.field or "-", reason=because(reason, **params))

    def item(self, name: str | int, value: object) -> Part:
        """Give a value inside this one."""
        return Part(f"{self.field}.{name}" if self.field else str(name), value)

    def table(self, *known: str) -> dict[str, object]:
        """Take the value as an object with known keys, or with any when none are named."""
        if not isinstance(self.value, dict) or not all(isinstance(key, str) for key in self.value):
            self.refuse("change_wants_object")
        for key in self.value:
            if known and key not in known:
                self.item(key, None).refuse("change_part_unknown", known=sorted(known))
        return self.value

    def find(self, name: str) -> Part | None:
        """Find a value of the object that may be absent; null counts as absent."""
        value = self.table().get(name)
        return None if value is None else self.item(name, value)

    def get(self, name: str) -> Part:
        """Give a value of the object that must be there."""
        return self.find(name) or self.item(name, None).refuse("change_part_missing")

    def items(self) -> tuple[Part, ...]:
        """Take the value as a list."""
        if not isinstance(self.value, list) or len(self.value) > MOST_ITEMS:
            self.refuse("change_wants_list", most=MOST_ITEMS)
        return tuple(self.item(number, value) for number, value in enumerate(self.value))

    def text(self) -> str:
        """Take the value as a text that says something."""
        value = self.value
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or "\0" in value:
            self.refuse("change_wants_text", most=LONGEST_TEXT)
        return value.strip()

    def texts(self) -> tuple[str, ...]:
        """Take the value as a list of different texts."""
        found = tuple(item.text() for item in self.items())
        for number, text in enumerate(found):
            if text in found[:number]:
                self.item(number, text).refuse("change_said_twice", value=text)
        return found

    def pairs(self) -> dict[str, str]:
        """Take the value as texts by key."""
        found = {self.item(key, key).text(): self.item(key, value).text() for key, value in self.table().items()}
        return found or self.refuse("change_part_missing")

    def flag(self) -> bool:
        """Take the value as true or false."""
        if not isinstance(self.value, bool):
            self.refuse("change_wants_flag")
        return self.value

    def point(self) -> Point:
        """Take the value as a longitude and latitude."""
        value = self.value
        if not isinstance(value, list) or len(value) != 2 or not all(_is_number(number) for number in value):
            self.refuse("change_wants_point")
        if abs(value[0]) > 180 or abs(value[1]) > 90:
            self.refuse("change_wants_point")
        return Point(value)

    def geometry(self, *kinds: str) -> BaseGeometry:
        """Take the value as a GeoJSON geometry of one of some kinds, EPSG:4326."""
        table = self.table()
        if table.get("type") not in kinds:
            self.refuse("change_wants_geometry", kinds=kinds)
        try:
            found = shapely.force_2d(shape(table))
        except (
            TypeError,
            ValueError,
            KeyError,
            IndexError,
            AttributeError,
            RecursionError,
            shapely.errors.ShapelyError,
        ):
            self.refuse("change_wants_geometry", kinds=kinds)
        return self._check_geometry(found)

    def _check_geometry(self, found: BaseGeometry) -> BaseGeometry:
        if found.is_empty or shapely.get_num_coordinates(found) > MOST_VERTICES:
            self.refuse("change_geometry_size", most=MOST_VERTICES)
        west, south, east, north = found.bounds
        if not all(map(math.isfinite, found.bounds)) or west < -180 or east > 180 or south < -90 or north > 90:
            self.refuse("change_geometry_off_globe")
        if not found.is_valid:
            self.refuse("change_geometry_invalid", detail=shapely.is_valid_reason(found))
        return found


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


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
    order = ChangeOrder(kind, _read_day(root.get("effective_on")), **_read_parts(root))
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
        "codes": lambda part: {key: part.item(key, value).pairs() for key, value in part.table().items()},
        "level": Part.text,
        "parent": Part.text,
        "inner": _read_founded,
        "centre": lambda part: part.text() if isinstance(part.value, str) else part.point(),
        "recode": Part.flag,
        "ends": Part.flag,
        "change": _read_number,
    }
    found = {name: root.find(name) for name in readers}
    return {name: readers[name](part) for name, part in found.items() if part is not None}


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
