"""Take the values of an order out of JSON, and name the field of whatever is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NoReturn

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidChange, because

LONGEST_TEXT = 500
"""Letters of a name, code or label."""

MOST_ITEMS = 20_000
"""Items of a list; a county has a few hundred places."""

MOST_VERTICES = 1_000_000
"""Vertices of a drawn geometry."""


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
