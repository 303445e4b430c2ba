"""Describe the levels of a country's divisions and the partitions they form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.register.translations import Names


class GeometryKind(StrEnum):
    """Tell what is stored for the divisions of a level."""

    POLYGON = "polygon"
    """A division with a boundary."""
    POINT = "point"
    """A place: a settlement kept as a point."""


@dataclass(frozen=True)
class Level:
    """Name one kind of division of a country, with the levels its parents may be of."""

    key: str
    """The lasting word for the level in this pack, such as `bakhsh`."""
    names: Names
    """What people call it, by language."""
    geometry: GeometryKind
    """Whether its divisions are polygons or places."""
    parents: tuple[str, ...]
    """Keys of the levels a parent may have, the usual one first; empty under the country itself."""
    rank: int
    """Its position in the pack, from 0; parents always come before their children."""
    aliases: tuple[str, ...] = ()
    """Other words by which files call it; `column:value` stands for a value of one column."""

    @property
    def is_top(self) -> bool:
        """Tell whether its divisions stand directly under the country."""
        return not self.parents

    @property
    def is_place(self) -> bool:
        """Tell whether its divisions are places."""
        return self.geometry is GeometryKind.POINT


@dataclass(frozen=True)
class Partition:
    """Name the levels whose divisions together tile each division of a parent level."""

    key: str
    """The lasting word for the partition in this pack."""
    parent: str | None
    """The level that is tiled; None for the country itself."""
    levels: tuple[str, ...]
    """The levels that tile it together, such as dehestan and city."""
