"""Show a register, or the part of it that a change concerns, as it stands on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.register.countries import CountryPack


@dataclass(frozen=True)
class DivisionState:
    """Hold all that the register says of one division on the day."""

    id: int
    """The lasting key; below zero while the division is only planned."""
    level: str
    """Its level."""
    parent: int | None
    """The key of its parent."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Its codes by `scheme/version`."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Its official names by language."""
    boundary: BaseGeometry | None = None
    """Its ground, EPSG:4326; None where the register has none, or where the change does not come near it."""
    position: Point | None = None
    """Its point or centre, EPSG:4326."""


@dataclass(frozen=True)
class RegisterView:
    """Hold what a change needs to know of a register on the day it takes effect."""

    pack: CountryPack
    """The country's levels and schemes."""
    day: date
    """The day."""
    divisions: Mapping[int, DivisionState]
    """The divisions the change may concern, with all above and below them, by key."""
    references: Mapping[str, int] = field(default_factory=dict)
    """What the order's words mean."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By `scheme/version` the codes that must not be given: held now or ever, reserved, retired."""
    promised: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Codes by division and `scheme/version` that an earlier look at the same change has set aside for it."""
    settled: frozenset[int] = frozenset()
    """Divisions of which the register knows facts that begin after the day."""

    @cached_property
    def _children(self) -> Mapping[int | None, tuple[int, ...]]:
        found: dict[int | None, list[int]] = {}
        for key in sorted(self.divisions):
            found.setdefault(self.divisions[key].parent, []).append(key)
        return {parent: tuple(children) for parent, children in found.items()}

    def children_of(self, division: int) -> tuple[int, ...]:
        """List the divisions and places directly under one."""
        return self._children.get(division, ())
