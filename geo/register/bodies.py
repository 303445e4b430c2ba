"""Hold the elected bodies of a country: whose seats they are shared among, and by what rule."""

from __future__ import annotations

from dataclasses import dataclass

from geo.apportionment.bands import SeatBand
from geo.apportionment.rules import SeatRule
from geo.register.translations import Names


@dataclass(frozen=True)
class Body:
    """Describe an elected body with either a rule that shares its seats or bands that size it."""

    key: str
    """Its lasting key."""
    names: Names
    """What people call it, by language."""
    level: str
    """The level of the divisions that share its seats, or that each have one such body."""
    source: str
    """The law that says so."""
    rule: SeatRule | None
    """How its seats are shared; None where each division has a body of its own."""
    bands: tuple[SeatBand, ...] = ()
    """The seats by population, where each division has a body of its own."""
    reserved_names: tuple[tuple[str, Names], ...] = ()
    """What people call those for whom seats are reserved, by the key of the reserve."""
