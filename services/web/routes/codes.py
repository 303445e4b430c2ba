"""Answer what codes mean, which is next, and tables across schemes; keep codes and attach those of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from geo.errors import Reason
from geo.register.resolving import LONGEST
from services.access.roles import Action
from services.messages import say
from services.register.code_issue import (
    CodeWish,
    ReservedAnswer,
    find_next_code,
    list_kept_codes,
    release_code,
    reserve_code,
    retire_code,
)
from services.register.code_tables import TableWish, make_code_table, write_csv, write_json
from services.register.codes import CodeAnswer, resolve_code
from services.register.ocd import list_ocd_ids, write_lines
from services.web.access import WriteScope, allow
from services.web.models import DivisionOut, Model, Text, to_division_out
from services.web.scope import AskedRegister, Day, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/codes", tags=["codes"])

Name = Annotated[str, Path(description="The name of the register.", examples=["ir"])]
Word = Annotated[str | None, Query(max_length=100, description="A scheme, with its version: `iso/1998`.")]
SchemePath = Annotated[str, Path(max_length=100, description="The key of the scheme.", examples=["sci"])]
VersionPath = Annotated[str, Path(max_length=100, description="Its version.", examples=["1399"])]
CodePath = Annotated[str, Path(max_length=LONGEST, description="The code.", examples=["0628"])]
Writer = Annotated[WriteScope, allow(Action.DRAFT_CHANGE, named_in_body=True)]

LINES_AT_ONCE = 5000
"""How many lines of a file are sent together."""


class TableFormat(StrEnum):
    """Name the ways a table is written."""

    CSV = "csv"
    JSON = "json"


class SchemeOut(Model):
    """A version of a code scheme."""

    scheme: str = Field(examples=["iso"])
    version: str = Field(examples=["1998"])
    name: str = Field(examples=["ISO 3166-2:IR before 2020-11-24"])
    """What people call it, in the caller's language."""
    levels: list[str] = Field(examples=[["province"]])
    """The levels that have codes in it."""
    valid_from: date | None = Field(examples=["1998-12-15"])
    """The first day on which it is in force; none when that is not known."""
    valid_until: date | None = Field(examples=["2020-11-24"])
    """The first day on which it is no longer in force; none while it goes on."""
    source: str = Field(examples=["ISO 3166-2:1998 with its later newsletters"])
    """Who issues it."""


class HoldingOut(Model):
    """One thing that a code means, meant or will mean."""

    scheme: str = Field(examples=["iso"])
    version: str = Field(examples=["1998"])
    code: str = Field(examples=["IR-01"])
    tense: str = Field(examples=["holds"])
    """`holds` on the day asked about, `held` before it, `will_hold` after it."""
    valid_from: date | None = Field(examples=["1998-12-15"])
    """The first day on which it holds; none when that is not known."""
    valid_until: date | None = Field(examples=["2020-11-24"])
    """The first day on which it holds no more; none while it goes on."""
    told: str = Field(examples=["held until 2020-11-23"])
    """The same in words, in the caller's language."""
    division: DivisionOut
    """The division, as it stands on the day or on the nearest day of that time."""
    chain: list[DivisionOut]
    """The divisions above it, from the top, when they were asked for."""


class KeptOut(Model):
    """A code that is kept from being given."""

    scheme: str = Field(examples=["sci/1399"])
    code: str = Field(examples=["0628"])
    state: str = Field(examples=["reserved"])
    """`reserved` or `retired`."""


class CodeAnswerOut(Model):
    """All that a code means."""

    register_name: str = Field(alias="register", examples=["ir"])
    as_of: date = Field(examples=["2020-01-01"])
    asked: str = Field(examples=["iso3166-2:IR-01"])
    holdings: list[HoldingOut]
    """First what it means on the day, then what it meant nearest to it."""
    kept: list[KeptOut]
    """Where it is reserved or retired, told when it means nothing on the day."""
    notes: list[str] = Field(examples=[[]])
    """What was changed to read it, in the caller's language."""


class NextCodeOut(Model):
    """A free code, with why it is this one."""

    scheme: str = Field(examples=["sci/1399"])
    code: str = Field(examples=["0628"])
    reasons: list[str] = Field(examples=[["the highest number ever given is 27, and this is the next"]])
    """Why it is this one, in the caller's language."""


class ReservationIn(Model):
    """A code to reserve."""

    level: Text = Field(examples=["county"])
    """The level of the division that is to have it."""
    parent: Text | None = Field(default=None, examples=["06"])
    """The code of the division it will stand under, in the same scheme."""
    scheme: Text | None = Field(default=None, examples=["sci"])
    """The scheme; the primary one of the level without it."""
    code: Text | None = None
    """The very code; the next free one without it."""
    reason: str = Field(default="", max_length=500, examples=["draft of the county of Shadgan-e Sharqi"])
    """What it is reserved for."""


class RetirementIn(Model):
    """A code to retire for good."""

    scheme: Text = Field(examples=["sci"])
    code: Text = Field(examples=["0628"])
    reason: str = Field(default="", max_length=500, examples=["was on maps that were never decreed"])
    """Why it must never be given."""


@router.get("/schemes")
def list_schemes(register: Name, asked: AskedRegister, language: Language) -> list[SchemeOut]:
    """List the code schemes of the register's country, version by version."""
    return [
        SchemeOut(
            scheme=one.key,
            version=one.version,
            name=one.names.choose(language),
            levels=list(one.levels),
            valid_from=one.period.start,
            valid_until=one.period.end,
            source=one.source,
        )
        for one in asked.pack.schemes
    ]


@router.get("/resolve")
def resolve(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    code: Annotated[
        str,
        Query(
            max_length=LONGEST,
            description="A code with its scheme (`iso:IR-01`, `iso/1998:IR-01`), an OCD id, or a bare code.",
            examples=["iso:IR-01"],
        ),
    ],
    chain: Annotated[bool, Query(description="Whether the divisions above are told as well.")] = False,
) -> CodeAnswerOut:
    """Say all that a code means on a day, and what it means on other days; nothing is chosen where it is several."""
    return to_answer_out(resolve_code(session, asked, code, day=day, with_chain=chain), asked, language)


def to_answer_out(answer: CodeAnswer, asked: AskedRegister, language: str) -> CodeAnswerOut:
    """Write what a code means for the API; why an officer keeps a code is nobody else's business."""
    holdings = [
        HoldingOut(
            scheme=one.scheme,
            version=one.version,
            code=one.code,
            tense=str(one.tense),
            valid_from=one.period.start,
            valid_until=one.period.end,
            told=say(f"reason.{one.told.key}", language, **dict(one.told.params)),
            division=to_division_out(one.division, asked, language),
            chain=[to_division_out(each, asked, language) for each in one.chain],
        )
        for one in answer.holdings
    ]
    return CodeAnswerOut(
        register=answer.register,
        as_of=answer.day,
        asked=answer.asked,
        holdings=holdings,
        kept=[KeptOut(scheme=f"{one.scheme}/{one.version}", code=one.code, state=one.state) for one in answer.kept],
        notes=_tell(answer.notes, language),
    )


def _tell(reasons: tuple[Reason, ...], language: str) -> list[str]:
    return [say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in reasons]


@router.get("/next")
def find_next(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    level: Annotated[str, Query(max_length=100, description="The level of the new division.", examples=["commune"])],
    parent: Annotated[str | None, Query(max_length=LONGEST, description="The code of its parent.")] = None,
    scheme: Word = None,
) -> NextCodeOut:
    """Say which code is free next, and why this one; it is not reserved by asking."""
    return _to_next(find_next_code(session, asked, CodeWish(level, parent, scheme)), language)


def _to_next(answer: ReservedAnswer, language: str) -> NextCodeOut:
    return NextCodeOut(scheme=answer.scheme, code=answer.code, reasons=_tell(answer.reasons, language))


@router.get("/kept")
def list_kept(register: Name, asked: AskedRegister, session: RequestSession, scheme: Word = None) -> list[KeptOut]:
    """List the codes that are reserved or retired."""
    found = list_kept_codes(session, asked, scheme)
    return [KeptOut(scheme=one.scheme, code=one.code, state=one.state) for one in found]


@router.post("/reservations", status_code=201)
def reserve(register: RegisterName, writer: Writer, language: Language, wish: ReservationIn) -> NextCodeOut:
    """Reserve a code for a draft: the next free one, or the one that is named."""
    asked = CodeWish(wish.level, wish.parent, wish.scheme, wish.code)
    state = writer.lock(register)
    answer = reserve_code(writer.session, state, asked, reason=wish.reason, caller=writer.caller)
    return _to_next(answer, language)


@router.delete("/reservations/{scheme}/{version}/{code}", status_code=204)
def release(register: RegisterName, writer: Writer, scheme: SchemePath, version: VersionPath, code: CodePath) -> None:
    """Give a reserved code back."""
    state = writer.lock(register)
    release_code(writer.session, state, f"{scheme}/{version}", code, caller=writer.caller)


@router.post("/retirements", status_code=201)
def retire(register: RegisterName, writer: Writer, retirement: RetirementIn) -> KeptOut:
    """Retire a code that nobody holds, so that it is never given again."""
    state = writer.lock(register)
    kept = retire_code(
        writer.session, state, retirement.scheme, retirement.code, reason=retirement.reason, caller=writer.caller
    )
    return KeptOut(scheme=kept.scheme, code=kept.code, state="retired")


@router.get(
    "/table", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}, "application/json": {}}}}
)
def show_table(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    level: Annotated[str | None, Query(max_length=100, description="Only divisions of this level.")] = None,
    schemes: Annotated[
        list[str] | None, Query(max_length=50, description="The columns, once for each scheme; all without it.")
    ] = None,
    through_changes: Annotated[
        bool, Query(description="Take a missing code from the divisions that a division came from.")
    ] = False,
    form: Annotated[TableFormat, Query(alias="format", description="`csv` or `json`.")] = TableFormat.CSV,
) -> StreamingResponse:
    """Write a table across schemes: a row a division, a column a version of a scheme."""
    wish = TableWish(day, level, tuple(schemes or ()), through_changes)
    table = make_code_table(session, asked, wish)
    if form is TableFormat.JSON:
        return StreamingResponse(gather_blocks(write_json(table)), media_type="application/json")
    return send_csv(write_csv(table), "codes.csv")


@router.get("/ocd", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def show_ocd(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    former: Annotated[bool, Query(description="Whether ids that ended before the day are told as well.")] = False,
) -> StreamingResponse:
    """Write the open civic data ids of the whole register, every parent before its children."""
    # the session ends with this function, before the answer is sent
    rows = list(list_ocd_ids(session, asked, day=day, with_former=former))
    return send_csv(write_lines(iter(rows)), f"country-{asked.country}.csv")


def send_csv(lines: Iterator[str], name: str) -> StreamingResponse:
    """Send lines as a file that browsers keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(gather_blocks(lines), media_type="text/csv; charset=utf-8", headers=headers)


def gather_blocks(lines: Iterator[str]) -> Iterator[str]:
    """Gather lines into blocks: what tags and packs an answer takes as long for a line as for a thousand."""
    while block := "".join(islice(lines, LINES_AT_ONCE)):
        yield block
