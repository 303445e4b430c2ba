"""Tell how dense a place counts as, by a table of divisions or by people to the square kilometre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from geo.register.translations import Names

DENSITY = "density"
"""How a missing density class is called among missing figures."""

SQUARE_METRES = 1e6
"""In a square kilometre."""


@dataclass(frozen=True)
class DensityBand:
    """Give the class of places from a density on."""

    least: float
    """People to the square kilometre, from which on the class counts."""
    name: str
    """The class."""


@dataclass(frozen=True)
class Densities:
    """Hold the density classes of a country and how they are told."""

    names: Mapping[str, Names] = field(default_factory=dict)
    """The classes, the densest first, and what they are called."""
    level: str | None = None
    """The level of the divisions in the table; all inside one have its class."""
    by_code: Mapping[str, str] = field(default_factory=dict)
    """The class of a division of that level by its code."""
    bands: tuple[DensityBand, ...] = ()
    """The class by people to the square kilometre, where the table does not say; rising."""
    source: str = ""
    """Who says so."""
    verified: bool = True
    """Whether it was read in the text of the law itself."""

    @property
    def classes(self) -> tuple[str, ...]:
        """List the classes, the densest first."""
        return tuple(self.names)

    def find_class(self, codes: Iterable[str], *, people: float | None, area_m2: float | None) -> str | None:
        """Find the class of a place by the codes of the divisions it lies in, else by its own density."""
        for code in codes:
            if code in self.by_code:
                return self.by_code[code]
        if people is None or not area_m2:
            return None
        density = people / area_m2 * SQUARE_METRES
        fitting = [band.name for band in self.bands if density >= band.least]
        return fitting[-1] if fitting else None


NO_DENSITIES = Densities()
"""What a country has whose law knows no classes."""
