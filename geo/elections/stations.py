"""Say what a polling station is: a site with branches, each a ballot box that some or all voters may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # packs name kinds of branches, and the command line reads packs without any geometry
    from shapely import Point


class Visibility(StrEnum):
    """Say how much of a station the public may see."""

    PUBLIC = "public"
    NAME_ONLY = "name_only"
    WITHHELD = "withheld"


class Sex(StrEnum):
    """Say who may vote at a branch where the law separates men and women."""

    ANY = "any"
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True)
class Branch:
    """Describe one ballot box or desk of a station."""

    number: str
    """The branch's own number as printed, unique in its station."""
    sex: Sex
    """Who votes here."""
    mobile: bool
    """True where the box travels between villages and the station is only its base."""
    capacity: int
    """How many voters the branch is prepared for."""
    opens: time
    """When voting starts, in local time."""
    closes: time
    """When voting ends, in local time; an earlier hour than `opens` is on the next day."""
    accessible: bool | None
    """True with step-free access, False without, None where nobody has looked."""

    def admits(self, sex: Sex) -> bool:
        """Tell whether a voter of `sex` may vote here; a voter of any sex asks for any branch."""
        return Sex.ANY in (self.sex, sex) or self.sex is sex

    @property
    def hours_open(self) -> float:
        """Measure how long the branch is open, over midnight where it closes the next day."""
        minutes = (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute
        return (minutes % (24 * 60)) / 60


@dataclass(frozen=True)
class Station:
    """Describe one site where people vote."""

    code: str
    """The code of the station, unique in its election."""
    name: str
    """The official name of the site, in the country's first language."""
    point: Point
    """Where it stands, in longitude and latitude (EPSG:4326)."""
    division_code: str
    """The division the station lies in."""
    visibility: Visibility
    """How much of it the public may see."""
    synthetic: bool
    """True for an invented record, which must never be shown as an official one."""
    branches: tuple[Branch, ...]
    """The ballot boxes of the site, by number."""

    @property
    def capacity(self) -> int:
        """Sum what the branches are prepared for."""
        return sum(branch.capacity for branch in self.branches)

    def list_branches(self, sex: Sex = Sex.ANY) -> tuple[Branch, ...]:
        """List the branches where a voter of `sex` may vote."""
        return tuple(branch for branch in self.branches if branch.admits(sex))
