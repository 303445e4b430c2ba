"""Hold what the page of the voter and that of a polling station show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from maps import Page
from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class StationLine:
    """A polling station in an answer."""

    name: str
    """What it is called."""
    address: str
    """How to get there; empty where it is not known."""
    branches: int
    """How many ballot boxes or desks it has."""
    distance_m: float | None = None
    """How far it is from the point, where a point was given."""
    why: str = ""
    """The rule that makes it an answer, in words."""
    facts: tuple[str, ...] = ()
    """Its hours, for whom it is, and whether a wheelchair gets in."""
    warning: str = ""
    """That it is closed or has moved, why, and where to go instead."""
    code: str = ""
    """Its code, which leads to its sheet."""


@dataclass(frozen=True)
class FindPage(Context):
    """The form of the voter and its answer; the point comes by POST and is never in an address."""

    template: ClassVar[str] = "find.html"
    section: ClassVar[str] = "find"
    dated: ClassVar[bool] = True

    asked: str = ""
    """The name or code as it was typed."""
    latitude: str = ""
    """The latitude as it was typed."""
    longitude: str = ""
    """The longitude as it was typed."""
    answered: bool = False
    """Whether this page shows an answer."""
    message: str = ""
    """What was wrong with the question; empty when nothing was."""
    chain: tuple[DivisionLink, ...] = ()
    """The divisions of the answer, from the top."""
    candidates: tuple[DivisionLink, ...] = ()
    """Divisions of that name, where there are several."""
    stations: tuple[StationLine, ...] = ()
    """The branches of the answer, nearest first."""
    register: str = ""
    """The register that answered."""
    map_page: Page | None = None
    """The map of the answer, shown in a frame without an address that would give the point away."""
    registers: tuple[Choice, ...] = ()
    """The registers to ask."""


@dataclass(frozen=True)
class StationPage(Context):
    """A station as a sheet to print; it holds nothing of any voter."""

    template: ClassVar[str] = "station.html"
    section: ClassVar[str] = "find"

    register: str = ""
    """The register."""
    code: str = ""
    """The code of the station."""
    name: str = ""
    """Its name."""
    division: DivisionLink | None = None
    """Where it stands."""
    facts: tuple[str, ...] = ()
    """Hours, for whom, access."""
    warning: str = ""
    """That it is closed or has moved."""
    branches: tuple[tuple[int, str], ...] = ()
    """The number of each branch, and whose it is."""
    position: tuple[float, float] | None = None
    """Longitude and latitude; None where the site is not public."""
    elections: tuple[tuple[str, date], ...] = ()
    """What is voted on at the next day of voting."""
    picture: str = ""
    """The address of the page as a code to scan, as SVG of ours."""
    described: str = ""
    """The station in the words of schema.org, as JSON without `<`."""
    synthetic: bool = False
    """Whether it is invented."""
