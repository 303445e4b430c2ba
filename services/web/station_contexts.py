"""Hold what the page of a polling station shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.web.contexts import Context, DivisionLink


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
