"""Answer about disputes, open them, and take in claims."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from geo.errors import StaleVersion
from geo.register.calendars import parse_date
from services.access.roles import ANONYMOUS, Action, Caller
from services.disputes.claims import ClaimText, add_claim, read_drawn, read_line
from services.disputes.conflicts import find_conflicts
from services.disputes.knowledge import list_insiders
from services.disputes.opening import Beginning, OpeningText
from services.disputes.opening import open_dispute as open_with
from services.disputes.options import OptionsWish, prepare_options
from services.disputes.records import DisputeFilter, count_disputes, get_dispute, list_disputes
from services.lookups import get_coded
from services.tables.disputes import STATES, TYPES
from services.web.access import Reader, WriteScope, allow
from services.web.models import Model, Text
from services.web.paging import Limit, Offset, link_pages
from services.web.routes.dispute_answers import (
    ConflictOut,
    DisputeOut,
    DisputePageOut,
    InsiderOut,
    StepOut,
    to_conflict_out,
    to_dispute_out,
    to_insider_out,
    to_step_out,
    to_summary_out,
)
from services.web.scope import AskedRegister, Day, Language, RegisterName, today
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/disputes", tags=["disputes"])

LongText = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
"""An explanation."""
Version = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
"""The version of the dispute that was read."""
FindingKey = Annotated[int, Field(ge=1, lt=2**63)]
"""The key of a finding."""
Key = Annotated[int, Path(ge=1, lt=2**63, description="The key of the dispute.", examples=[1])]
Opener = Annotated[WriteScope, allow(Action.OPEN_DISPUTE, named_in_body=True)]


def hide_answer(response: Response, reader: Reader) -> Caller:
    """Let nobody keep what is answered to somebody with a key."""
    if reader is not ANONYMOUS:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization, X-API-Key, Accept-Language"
    return reader


Asker = Annotated[Caller, Depends(hide_answer, scope="function")]
"""Who reads, with an answer that is kept nowhere."""


class DrawnIn(Model):
    """What one side claims from another."""

    by: Text = Field(examples=["060101"])
    """The code of the side that claims."""
    against: Text = Field(examples=["060102"])
    """The code of the side that would lose by it."""
    drawn: dict[str, Any]
    """The claimed line or ground as GeoJSON, EPSG:4326."""
    text: LongText = ""
    """Why it is claimed."""


class OpeningIn(Model):
    """A dispute to be opened: with findings, with a claim, or with divisions."""

    findings: list[FindingKey] = Field(default_factory=list, max_length=500, examples=[[17]])
    """The keys of findings of the same divisions."""
    claim: DrawnIn | None = None
    """What one side claims."""
    divisions: list[Text] = Field(default_factory=list, max_length=50)
    """The codes of the parties, where it is only asked for."""
    title: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    text: LongText = ""
    type: Text | None = None
    confidential: bool = False
    as_of: Text | None = None
    """The day whose divisions are meant, Jalali or Gregorian; today by default."""


class ClaimIn(DrawnIn):
    """A claim in a dispute that is open."""

    version: Version


class OptionsIn(Model):
    """For which day options are wanted, and what line was drawn."""

    version: Version
    effective_on: Text | None = None
    """The first day of a decision, Jalali or Gregorian; today by default."""
    line: dict[str, Any] | None = None
    """A line drawn by hand as GeoJSON."""
    left: Text | None = None
    """The code of the party that gets what lies on its left hand."""
    right: Text | None = None
    """The code of the party that gets what lies on its right hand."""


@contextmanager
def keep_written(body: BaseModel) -> Iterator[None]:
    """Give back what somebody wrote who came second."""
    try:
        yield
    except StaleVersion as error:
        raise StaleVersion(**{**error.params, "written": body.model_dump(mode="json")}) from error


def read_filter(
    session: RequestSession,
    asked: AskedRegister,
    day: Day,
    state: Annotated[str | None, Query(pattern=f"^({'|'.join(STATES)})$", description="Only of this state.")] = None,
    level: Annotated[str | None, Query(max_length=50, description="Only of this level.")] = None,
    division: Annotated[str | None, Query(max_length=50, description="Only of the division with this code.")] = None,
    type: Annotated[str | None, Query(pattern=f"^({'|'.join(TYPES)})$", description="Only of this type.")] = None,
    fingerprint: Annotated[str | None, Query(max_length=100, description="Only of this case of an audit.")] = None,
) -> DisputeFilter:
    """Read which disputes are wanted."""
    concerned = get_coded(session, asked, division, day=day).id if division else None
    return DisputeFilter(state, level, concerned, type, fingerprint)


Wanted = Annotated[DisputeFilter, Depends(read_filter, scope="function")]


@router.get("")
def read_disputes(
    request: Request,
    response: Response,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    reader: Asker,
    wanted: Wanted,
    language: Language,
    limit: Limit = 100,
    offset: Offset = 0,
) -> DisputePageOut:
    """List the disputes the caller may know of, the latest opened first."""
    counts = count_disputes(session, asked, wanted, reader=reader)
    found = list_disputes(session, asked, wanted, reader=reader, limit=limit, offset=offset)
    total = sum(counts.values())
    return DisputePageOut(
        register=asked.name,
        counts=counts,
        total=total,
        items=[to_summary_out(one, asked, language) for one in found],
        links=link_pages(request, response, total=total, limit=limit, offset=offset),
    )


@router.get("/{dispute}")
def read_dispute(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    reader: Asker,
    language: Language,
    dispute: Key,
) -> DisputeOut:
    """Give one dispute with all that belongs to it."""
    return to_dispute_out(get_dispute(session, asked, dispute, reader=reader), asked, language)


@router.get("/{dispute}/history")
def read_history(
    register: RegisterName, asked: AskedRegister, session: RequestSession, reader: Asker, dispute: Key
) -> list[StepOut]:
    """List who has done what when in a dispute."""
    return [to_step_out(one) for one in get_dispute(session, asked, dispute, reader=reader).history]


@router.get("/{dispute}/conflicts")
def read_conflicts(
    register: RegisterName, asked: AskedRegister, session: RequestSession, reader: Asker, dispute: Key
) -> list[ConflictOut]:
    """List the open disputes on the same ground."""
    found = get_dispute(session, asked, dispute, reader=reader)
    return [to_conflict_out(one) for one in find_conflicts(session, asked, found, reader=reader)]


@router.get("/{dispute}/places")
def read_places(
    register: RegisterName, asked: AskedRegister, session: RequestSession, reader: Asker, day: Day, dispute: Key
) -> list[InsiderOut]:
    """List the places in disputed ground, each with the side it stands under."""
    found = get_dispute(session, asked, dispute, reader=reader)
    return [to_insider_out(one) for one in list_insiders(session, asked, found, day=day)]


@router.post("", status_code=201)
def open_dispute(
    register: RegisterName, writer: Opener, language: Language, opening: Annotated[OpeningIn, Body()]
) -> DisputeOut:
    """Open a dispute with findings, with a claim, or with divisions."""
    state = writer.lock(register)
    text = OpeningText(opening.title, opening.text, opening.type, opening.confidential)
    day = parse_date(opening.as_of) if opening.as_of else today()
    claim = _to_claim(opening.claim) if opening.claim else None
    begin = Beginning(opening.findings, claim, opening.divisions)
    found = open_with(writer.session, state, begin, text, day=day, caller=writer.caller)
    return to_dispute_out(found, state, language)


def _to_claim(claim: DrawnIn) -> ClaimText:
    return ClaimText(claim.by, claim.against, read_drawn("drawn", claim.drawn), claim.text)


@router.post("/{dispute}/claims", status_code=201)
def claim_ground(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, claim: Annotated[ClaimIn, Body()]
) -> DisputeOut:
    """Keep what a side claims; the ground between the present boundary and its line comes into dispute."""
    with keep_written(claim):
        state = writer.lock(register)
        found = add_claim(
            writer.session, state, dispute, _to_claim(claim), based_on=claim.version, caller=writer.caller
        )
    return to_dispute_out(found, state, language)


@router.post("/{dispute}/options")
def compute_options(
    register: RegisterName, writer: Opener, language: Language, dispute: Key, wish: Annotated[OptionsIn, Body()]
) -> DisputeOut:
    """Work out every way to settle a dispute with all that follows from it."""
    line = None if wish.line is None else read_line("line", wish.line)
    day = parse_date(wish.effective_on) if wish.effective_on else today()
    asked = OptionsWish(day, line, wish.left, wish.right)
    with keep_written(wish):
        state = writer.lock(register)
        found = prepare_options(writer.session, state, dispute, asked, based_on=wish.version, caller=writer.caller)
    return to_dispute_out(found, state, language)
