"""Give each unit the seats of the band its population lies in, as councils are sized."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.apportionment.methods import Method
from geo.apportionment.trace import Apportionment, BandLine, UnitSeats
from geo.apportionment.units import SeatUnit, sort_units


@dataclass(frozen=True)
class SeatBand:
    """Say how many seats a unit has from some population on."""

    least: int
    """The population from which the band begins."""
    seats: int
    """The seats of a unit in it."""


def seat_by_bands(units: Iterable[SeatUnit], bands: Sequence[SeatBand]) -> Apportionment:
    """Give each unit the seats of the last band that begins at or under its population.

    The bands begin at 0 and rise, as a country pack makes sure; fixed seats go before them.
    """
    lines, seated = [], []
    for unit in sort_units(units):
        number = max(n for n, band in enumerate(bands) if band.least <= unit.people)
        below = bands[number + 1].least if number + 1 < len(bands) else None
        seats = bands[number].seats if unit.fixed is None else unit.fixed
        lines.append(BandLine(unit.code, bands[number].least, below))
        seated.append(UnitSeats(unit.code, unit.people, seats, before=0, is_fixed=unit.fixed is not None))
    total = sum(unit.seats for unit in seated)
    return Apportionment(Method.BANDS, total, (), tuple(seated), bands=tuple(lines))
