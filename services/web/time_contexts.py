"""Say what the pages on the register through time need, so that routes and templates agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class ChangeRow:
    """An applied change as a page tells it."""

    kind: str
    """Its kind, in words."""
    day: date
    """The first day on which it holds."""
    decree: str
    """Its decree: issuer, number and date, in words."""
    predecessors: tuple[DivisionLink, ...]
    """The divisions that went into it."""
    successors: tuple[DivisionLink, ...]
    """The divisions that came out of it."""


@dataclass(frozen=True)
class EventRow:
    """One thing that happened, as a page tells it."""

    day: date
    """The first day on which it is so."""
    division: DivisionLink
    """The division."""
    what: str
    """What it is about, in words."""
    kind: str
    """`begun`, `ended` or `changed`."""
    before: str
    """What was said until then, in words."""
    after: str
    """What is said from then on, in words."""
    by: str = ""
    """The file that brought it, if one did."""


@dataclass(frozen=True)
class KinRow:
    """A division that another became, or came from."""

    division: DivisionLink
    """The division."""
    day: date
    """The day it is told as of."""
    area_share: float | None
    """The share of the ground."""
    people_share: float | None
    """The share of the people."""


@dataclass(frozen=True)
class GroundRow:
    """One boundary of a division."""

    start: date | None
    """The first day on which it holds."""
    end: date | None
    """The first day after it."""
    area_m2: float
    """Its area."""
    path: str
    """Its outline."""
    before: str
    """The outline before it; empty for the first."""


@dataclass(frozen=True)
class LifePage(Context):
    """The life of one division: what happened to it, what became of it and what it came from."""

    template: ClassVar[str] = "life.html"
    section: ClassVar[str] = "history"
    dated: ClassVar[bool] = True

    code: str
    """The code asked about."""
    register: str
    """The register."""
    name: str
    """Its name on the day asked about."""
    level: str
    """The name of its level then."""
    day: date
    """The day asked about, or the last on which the code was held."""
    stands: bool
    """Whether it stands today."""
    events: tuple[EventRow, ...] = ()
    """What happened to it, in the order of time."""
    grounds: tuple[GroundRow, ...] = ()
    """The boundaries it has had, in the order of time."""
    successors: tuple[KinRow, ...] = ()
    """What it has become."""
    later: tuple[ChangeRow, ...] = ()
    """The changes on the way there."""
    origins: tuple[KinRow, ...] = ()
    """What it came from."""
    earlier: tuple[ChangeRow, ...] = ()
    """The changes on the way from there, the latest first."""


@dataclass(frozen=True)
class DayRow:
    """What happened on one day."""

    day: date
    """The day."""
    divisions: int
    """How many divisions had something happen to them."""
    changes: int
    """How many changes begin to hold."""
    told: str
    """What began and ended, in words."""


@dataclass(frozen=True)
class HistoryPage(Context):
    """The register through time: its days, and the three questions that can be asked."""

    template: ClassVar[str] = "history.html"
    section: ClassVar[str] = "history"
    dated: ClassVar[bool] = True

    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    register: str = ""
    """The one chosen."""
    message: str = ""
    """What was wrong with a question; empty when nothing was."""
    days: tuple[DayRow, ...] = ()
    """The days on which something happened, the latest first."""
    total: int = 0
    """How many there are."""


@dataclass(frozen=True)
class BetweenPage(Context):
    """What changed between two dates."""

    template: ClassVar[str] = "between.html"
    section: ClassVar[str] = "history"

    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    first: str = ""
    """The first date as it was written."""
    last: str = ""
    """The last date as it was written."""
    within: str = ""
    """The code of the division looked into, as it was written."""
    message: str = ""
    """What was wrong with the question; empty when nothing was."""
    since: date | None = None
    """The first day looked at; None where nothing was."""
    until: date | None = None
    """The last day looked at."""
    inside: DivisionLink | None = None
    """The division looked into; None is the whole register."""
    changes: tuple[ChangeRow, ...] = ()
    """The changes that begin to hold on these days."""
    counts: tuple[str, ...] = ()
    """How many facts of each kind began and ended, in words."""
    events: tuple[EventRow, ...] = ()
    """What happened, by day and division."""
    total: int = 0
    """How many divisions had something happen to them, each counted once a day."""
    offset: int = 0
    """How many come before this page."""
    limit: int = 100
    """How many a page holds."""


@dataclass(frozen=True)
class WherePage(Context):
    """What a point belonged to on a day; the point comes by POST and is never in an address."""

    template: ClassVar[str] = "where.html"
    section: ClassVar[str] = "history"
    dated: ClassVar[bool] = True

    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    latitude: str = ""
    """The latitude as it was typed."""
    longitude: str = ""
    """The longitude as it was typed."""
    asked: str = ""
    """The date as it was typed."""
    day: date | None = None
    """The day it was read as; None where nothing was asked."""
    divisions: tuple[DivisionLink, ...] = ()
    """The divisions that covered the point, from the top."""
    message: str = ""
    """What was wrong with the question; empty when nothing was."""
