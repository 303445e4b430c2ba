"""Keep elections, and tell what became of their stations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from geo.register.calendars import parse_date
from services.access.roles import Action
from services.elections.ballots import ElectionText, record_election
from services.elections.closures import Status
from services.elections.feeds import FeedFormat, write_feed
from services.elections.held_elections import list_elections
from services.elections.notices import NoticeText, give_notice, list_notices
from services.web.access import WriteScope, allow
from services.web.models import Model, Text
from services.web.scope import AskedRegister, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["elections"])

StationCode = Annotated[str, Path(max_length=100, description="The code of the station.", examples=["16-001"])]


class ElectionIn(Model):
    """An election to be recorded."""

    ballot: Text = Field(examples=["majles"])
    """The kind of election, by its key in the country pack."""
    name: Text = Field(examples=["دوازدهمین دوره مجلس شورای اسلامی"])
    held_on: Text = Field(examples=["1402-12-11"])
    """The day of the vote, Jalali or Gregorian."""
    as_of: Text | None = None
    """The day whose divisions its constituencies are made of; by default the day of the vote."""
    synthetic: bool = False
    """True for an invented record."""


class ElectionOut(Model):
    """An election."""

    id: int
    ballot: str
    name: str
    held_on: date
    as_of: date
    synthetic: bool


class NoticeIn(Model):
    """What is told of a station."""

    status: Status = Field(examples=["closed"])
    """`open`, `closed` or `moved`."""
    reason: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    """Why, for voters."""
    replacement: Text | None = None
    """The station to go to instead, by code."""
    follows: int | None = Field(default=None, ge=1, lt=2**63)
    """The number of the latest notice that was read; null when there was none."""


class NoticeOut(Model):
    """What was told of a station."""

    id: int
    status: str
    reason: str
    replacement: str | None
    given_at: datetime


@router.get("/elections")
def list_kept(register: RegisterName, asked: AskedRegister, session: RequestSession) -> list[ElectionOut]:
    """List the elections of a register, the latest first."""
    return [ElectionOut.model_validate(one) for one in list_elections(session, asked)]


@router.post("/elections")
def record(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RECORD_STATION)],
    election: Annotated[ElectionIn, Body()],
) -> ElectionOut:
    """Record an election; one of the same kind on the same day is replaced."""
    assert writer.register is not None
    as_of = parse_date(election.as_of) if election.as_of else None
    text = ElectionText(election.ballot, election.name, parse_date(election.held_on), as_of, election.synthetic)
    return ElectionOut.model_validate(record_election(writer.session, writer.register, text, caller=writer.caller))


@router.get(
    "/elections/{election}/feed",
    response_class=Response,
    responses={200: {"content": {"application/xml": {}, "application/zip": {}}}},
)
def get_feed(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    election: Annotated[int, Path(ge=1, lt=2**63, description="The number of the election.", examples=[1])],
    form: Annotated[FeedFormat, Query(alias="format", description="`xml` or `zip`.")] = FeedFormat.XML,
) -> Response:
    """Give an election with its stations as a feed of the Voting Information Project 6.0."""
    content = write_feed(session, asked, election, form=form, written_at=datetime.now(UTC))
    kind = "application/xml" if form is FeedFormat.XML else "application/zip"
    return Response(content, media_type=kind)


@router.get("/stations/{station}/notices")
def list_given(
    register: RegisterName, asked: AskedRegister, session: RequestSession, station: StationCode
) -> list[NoticeOut]:
    """List what was told of a station, the latest first."""
    return [NoticeOut.model_validate(one) for one in list_notices(session, asked, station)]


@router.post("/stations/{station}/notices")
def give(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RECORD_STATION)],
    station: StationCode,
    notice: Annotated[NoticeIn, Body()],
) -> NoticeOut:
    """Tell that a station is closed, has moved, or is open after all; the next look-up shows it."""
    assert writer.register is not None
    text = NoticeText(notice.status, notice.reason, notice.replacement, notice.follows)
    return NoticeOut.model_validate(give_notice(writer.session, writer.register, station, text, caller=writer.caller))
