"""Say what the finder answers: where somebody is, and where he or she may vote.

Answers are handed to the caller and kept nowhere; what was asked is not repeated in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from geo.elections.stations import Visibility
from geo.register.divisions import Division


class Basis(StrEnum):
    """Say why stations were chosen."""

    CATCHMENT = "catchment"
    """Their catchment holds a division of the chain."""
    CONSTITUENCY = "constituency"
    """They stand in the constituency the caller is in."""
    DIVISION = "division"
    """They stand in the lowest division of the chain that has any."""


class Tie(StrEnum):
    """Say why more than one division of a step covers the point."""

    EDGE = "edge"
    """The point lies on a shared edge or vertex."""
    OVERLAP = "overlap"
    """The boundaries of several divisions overlap there."""
    MISFIT = "misfit"
    """The division covers the point but stands under another than the one above it in the chain."""


class Origin(StrEnum):
    """Say from where distances are measured."""

    POINT = "point"
    """From the point that was asked about."""
    POSITION = "position"
    """From the place, or the centre, that the register keeps for the division."""
    INSIDE = "inside"
    """From some point inside the division, since nothing better is known."""


@dataclass(frozen=True)
class ChainLink:
    """Name the division of one level that holds the caller."""

    division: Division
    """The division; of several, the one with the smallest code."""
    tie: Tie | None = None
    """Why others could be meant too; None where there is no doubt."""
    others: tuple[Division, ...] = ()
    """The others, by code."""


@dataclass(frozen=True)
class BranchLine:
    """Describe one branch as the voter sees it."""

    number: int
    """Its number in the station."""
    sex: str
    """Who votes here: `any`, `male` or `female`."""
    mobile: bool
    """True where the box travels and the station is only its base."""
    opens: time | None
    """When voting starts, in local time."""
    closes: time | None
    """When voting ends, in local time."""
    accessible: bool | None
    """True with step-free access, False without, None where nobody has looked."""


@dataclass(frozen=True)
class StationLine:
    """Describe one station as the voter may see it."""

    code: str
    """The code of the station."""
    name: str
    """The official name of the site."""
    visibility: Visibility
    """How much of it is public; what is not is left out here."""
    lon: float | None
    """Longitude; None unless the site is public."""
    lat: float | None
    """Latitude; None unless the site is public."""
    distance_m: float | None
    """Geodesic distance; None unless the site is public."""
    synthetic: bool
    """True for an invented record."""
    branches: tuple[BranchLine, ...]
    """The branches where this voter may vote, by number."""
    status: str = "open"
    """`open`, `closed` or `moved`."""
    notice: str = ""
    """Why it is closed or has moved."""
    replacement: str | None = None
    """The station to go to instead, by code."""


@dataclass(frozen=True)
class ConstituencyLine:
    """Name a constituency that holds the caller."""

    body: str
    """The body it returns members to."""
    code: str
    """Its code."""
    name: str
    """Its name."""
    seats: int
    """How many members it returns."""


@dataclass(frozen=True)
class BranchAnswer:
    """Answer where somebody is and may vote; an ambiguous question has candidates and nothing else."""

    register: str
    """The register that was asked."""
    day: date
    """The day the answer holds on."""
    chain: tuple[ChainLink, ...] = ()
    """The divisions from the top to the lowest."""
    candidates: tuple[Division, ...] = ()
    """The divisions that a code or name could mean, by level and code, when there are several."""
    candidate_count: int = 0
    """How many there are in all; more than are listed when the name is very common."""
    constituencies: tuple[ConstituencyLine, ...] = ()
    """The constituencies that hold the lowest division, by body and code."""
    basis: Basis | None = None
    """Why the stations were chosen; None when there are none."""
    basis_division: Division | None = None
    """The division of the chain whose stations these are, for a catchment or a division."""
    origin: Origin | None = None
    """From where distances are measured; None when nothing is measured."""
    stations: tuple[StationLine, ...] = ()
    """Public stations by distance, then those known by name only, by code."""
    withheld: int = 0
    """How many more stations there are that may not be shown."""

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether the caller has to choose a candidate first."""
        return bool(self.candidates)

    @property
    def leaf(self) -> Division | None:
        """Give the lowest division of the chain."""
        return self.chain[-1].division if self.chain else None

    @property
    def is_on_boundary(self) -> bool:
        """Tell whether the point lies on an edge that divisions share."""
        return any(link.tie is Tie.EDGE for link in self.chain)
