"""Relate counts of complaints to people and ground."""

from __future__ import annotations

from dataclasses import dataclass

SQUARE_METRES = 1e6
"""In a square kilometre."""


@dataclass(frozen=True)
class Density:
    """Hold how many complaints a division has; all is None where the count is hidden."""

    count: int | None
    """The complaints."""
    per_1000: float | None
    """Complaints by thousand people; None also where nobody was counted."""
    per_km2: float | None
    """Complaints by square kilometre; None also without a boundary."""

    @property
    def is_hidden(self) -> bool:
        """Tell whether the count is kept back."""
        return self.count is None


def measure_density(count: int | None, *, people: int | None, area_m2: float | None) -> Density:
    """Measure the rates of a count; a hidden count has none, since a rate would give it away.

    >>> measure_density(12, people=4_000, area_m2=6e6)
    Density(count=12, per_1000=3.0, per_km2=2.0)
    """
    if count is None:
        return Density(None, None, None)
    return Density(
        count,
        per_1000=round(1000 * count / people, 3) if people else None,
        per_km2=round(count * SQUARE_METRES / area_m2, 4) if area_m2 else None,
    )
