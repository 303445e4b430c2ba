"""Say what is told of a district plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from geo.register.divisions import Division


@dataclass(frozen=True)
class DistrictLine:
    """Describe one district of a plan."""

    district: int
    """Its number, from 1."""
    units: int
    """How many units it has."""
    people: int
    """Its people."""
    deviation: float
    """How far they lie from the ideal, as a share of it; negative where there are fewer."""
    polsby_popper: float
    """Its area by that of a circle of the same perimeter (0-1)."""
    seats: int = 1
    """The members it returns; deviation is from what they call for."""


@dataclass(frozen=True)
class LinkLine:
    """Name a unit without neighbours and the unit it was tied to."""

    unit: str
    """The code of the unit."""
    to: str
    """The code of the unit it was tied to."""
    distance_m: float
    """How far apart they are."""
    is_declared: bool = False
    """Whether somebody declared the link, as over a bridge; others tie islands to what is nearest."""


@dataclass(frozen=True)
class UnitLine:
    """Put one unit into its district."""

    division: Division
    """The unit with the people it was counted with; None where it had no figure."""
    district: int
    """The number of its district."""


@dataclass(frozen=True)
class PlanSummary:
    """Say what a plan is, without its units."""

    name: str
    """Its name, unique in the register."""
    register: str
    """The register."""
    within: Division | None
    """The division it divides; None for the whole register."""
    unit_level: str
    """The level of the units, or several joined by `+`."""
    tolerance: float
    """How far a district may lie from the ideal, as a share of it."""
    seed: int
    """Where chance started from: the same seed draws the same plan of the same units."""
    day: date
    """The day on which the units stand as they were taken."""
    districts: tuple[DistrictLine, ...]
    """The districts by number."""
    deviation: float
    """How far the district farthest from the ideal lies from it, as a share of it."""
    cut_edges: int
    """Pairs of neighbouring units in different districts."""
    cut_m: float
    """The length of the boundaries between districts."""
    links: tuple[LinkLine, ...]
    """Units that border no other and were tied to the nearest."""
    uncounted: tuple[str, ...]
    """Codes of the units without a population figure, which count as empty."""
    actor: str
    """Who drew it."""
    drawn_at: datetime
    """When."""
    version: int
    """Which version of the plan this is; an edit makes a new one."""
    origin: str
    """Where it came from: `drawn`, `searched`, `imported` or `edited`."""


@dataclass(frozen=True)
class PlanAnswer(PlanSummary):
    """Show a plan with its units."""

    units: tuple[UnitLine, ...]
    """Its units by code."""
