"""Answer what changed in a register between two dates, and on which days anything did."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from geo.register.periods import Period
from geo.register.spans import parse_range
from services.register.timelines import list_between, list_days
from services.web.chronicle import ChangeLineOut, EventOut, to_change_out, to_event_out
from services.web.models import DivisionOut, Link, Model, to_division_out
from services.web.paging import Limit, Offset, link_pages
from services.web.scope import AskedRegister, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["history"])


class BetweenOut(Model):
    """What changed between two dates."""

    register_name: str = Field(alias="register", examples=["dz"])
    since: date
    """The first day looked at."""
    until: date
    """The first day after those looked at."""
    within: DivisionOut | None
    """The division looked into; null is the whole register."""
    changes: list[ChangeLineOut]
    """The applied changes that begin to hold on these days."""
    counts: dict[str, dict[str, int]] = Field(examples=[{"name": {"begun": 3, "ended": 2}}])
    """How many facts of each kind began and ended."""
    total: int = Field(examples=[7])
    """How many divisions had something happen to them, each counted once a day."""
    events: list[EventOut]
    """What happened to those of this page."""
    links: list[Link]


def read_window(
    first: Annotated[
        str, Query(alias="from", max_length=32, description="The first day, or a month or year.", examples=["1390"])
    ],
    last: Annotated[
        str,
        Query(alias="to", max_length=32, description="The last day, month or year, in the same calendar, included."),
    ],
) -> Period:
    """Read the days between two dates."""
    return parse_range(first, last)


@router.get("/events")
def list_events(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    window: Annotated[Period, Depends(read_window)],
    language: Language,
    within: Annotated[
        str | None, Query(max_length=64, description="Only the division with this code and all below it.")
    ] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> BetweenOut:
    """List all that changed between two dates, both included, in one division or everywhere."""
    found = list_between(session, asked, window, code=within, limit=limit, offset=offset)
    assert window.start is not None and window.end is not None
    return BetweenOut(
        register=found.register,
        since=window.start,
        until=window.end,
        within=to_division_out(found.within, asked, language) if found.within else None,
        changes=[to_change_out(change, asked, language) for change in found.changes],
        counts=found.counts,
        total=found.total,
        events=[to_event_out(event, asked, language) for event in found.events],
        links=link_pages(request, response, total=found.total, limit=limit, offset=offset),
    )


class DayOut(Model):
    """What happened on one day."""

    day: date
    divisions: int = Field(examples=[12])
    """How many divisions had something happen to them."""
    changes: int = Field(examples=[1])
    """How many applied changes begin to hold."""
    counts: dict[str, dict[str, int]]
    """How many facts of each kind began and ended."""


class TimelineOut(Model):
    """The days on which something in a register began or ended."""

    register_name: str = Field(alias="register", examples=["dz"])
    total: int
    days: list[DayOut]
    """The latest first."""
    links: list[Link]


@router.get("/timeline")
def show_timeline(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    limit: Limit = 100,
    offset: Offset = 0,
) -> TimelineOut:
    """List the days on which something in the register began or ended, the latest first."""
    found = list_days(session, asked, limit=limit, offset=offset)
    return TimelineOut(
        register=found.register,
        total=found.total,
        days=[DayOut.model_validate(line) for line in found.days],
        links=link_pages(request, response, total=found.total, limit=limit, offset=offset),
    )
