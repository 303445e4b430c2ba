"""Match sources to a register, and work through their worksheets."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Body, File, Form, Path, Query, Request, UploadFile
from pydantic import Field

from geo.errors import InvalidMapping, Reason, because
from geo.register.calendars import parse_date
from geo.register.matching import MatchRules
from services.access.roles import Action
from services.messages import say
from services.queries import RegisterState
from services.register.match_sheets import Line, Sheet
from services.register.match_writing import ApplyOrder, apply_sheet
from services.register.matching import MatchSource, match_layer
from services.register.worksheets import Decision, decide_rows, list_sheets, read_sheet
from services.web.access import WriteScope, allow
from services.web.models import DivisionOut, Model, Text, to_division_out
from services.web.scope import AskedRegister, Language, RegisterName, today
from services.web.sessions import RequestSession
from services.web.uploads import receive_file

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["register"])

MOST_PROBLEMS = 1000

SheetKey = Annotated[int, Path(ge=1, le=2**62, description="The number of the worksheet.", examples=[1])]


class SheetOut(Model):
    """A worksheet."""

    id: int = Field(examples=[1])
    title: str = Field(examples=["P-codes of 2019"])
    source: str = Field(examples=["pcodes.csv"])
    """The file it was made from."""
    scheme: str | None = Field(examples=["pcode"])
    """The scheme of the source's codes, where it is known."""
    as_of: date
    """The day on which the divisions stood as they were matched."""
    based_on: int
    """The version of the register then."""
    version: int = Field(examples=[3])
    """How often it was written; a decision names the one it is based on."""
    rules: dict[str, float | int | bool]
    """The rules of the matching."""
    made_by: str
    made_at: datetime
    counts: dict[str, int] = Field(examples=[{"proposed": 5, "clear": 2, "confirmed": 424, "refused": 0, "split": 0}])
    """How many rows are in each state."""


class PartOut(Model):
    """One part of a score."""

    part: str = Field(examples=["name"])
    score: float = Field(examples=[1.0])
    weight: float = Field(examples=[4.0])
    reason: str = Field(examples=["the same name"])


class CandidateOut(Model):
    """A division that a row may be."""

    division: DivisionOut
    score: float = Field(examples=[0.97])
    parts: list[PartOut]


class LineOut(Model):
    """A row of a worksheet."""

    number: int
    level: str | None
    codes: list[tuple[str, str]]
    """Its codes with their schemes."""
    names: list[tuple[str, str]]
    """Its names with their languages."""
    parents: list[str]
    candidates: list[CandidateOut]
    """What it may be, the likeliest first."""
    divisions: list[DivisionOut]
    """What is proposed, or was decided."""
    state: str
    score: float
    margin: float
    clear: bool
    note: str
    decided_by: str | None
    applied: bool


class SheetPageOut(Model):
    """Some rows of a worksheet."""

    sheet: SheetOut
    total: int
    rows: list[LineOut]


class MatchProblemOut(Model):
    """What is wrong with a field of a row."""

    row: int
    field: str
    rule: str
    reason: str
    value: str


class MatchOut(Model):
    """What a matching found."""

    sheet: SheetOut
    rows: int
    proposed: int
    clear: int
    problems: list[MatchProblemOut]


class DecisionIn(Model):
    """What is decided about rows."""

    state: Text = Field(examples=["confirmed"])
    """`confirmed`, `refused`, `split`, or `proposed` to take a decision back."""
    rows: list[int] | None = Field(default=None, max_length=10_000, examples=[[1, 2]])
    """The rows; without them all that are clear, to be confirmed."""
    codes: list[Text] = Field(default_factory=list, max_length=100)
    """The codes of the divisions meant, for one row."""
    note: str = Field(default="", max_length=500)
    version: int = Field(examples=[1])
    """The version of the worksheet that was looked at."""


class ApplyIn(Model):
    """How a worksheet is applied."""

    commit: bool = False
    """Whether to write; without it only what would happen is shown."""
    skip_refused: bool = False
    """Whether to go on without codes that cannot be taken."""
    valid_from: Text | None = None
    """The day from which codes and names hold."""


class ApplyOut(Model):
    """What a worksheet brought into the register, or would bring."""

    committed: bool
    version: int
    """The version of the register afterwards."""
    rows: int
    codes: int
    names: int
    left: int
    """How many rows stay outside."""
    problems: list[MatchProblemOut]


@router.post("/matches")
def match_file(
    request: Request,
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.MATCH_DIVISIONS)],
    language: Language,
    file: Annotated[UploadFile, File(description="A vector file, CSV, XLSX or Parquet table.")],
    layer: Annotated[str | None, Form(max_length=200, description="The layer, where there are several.")] = None,
    level: Annotated[str | None, Form(max_length=100, description="The level of every row.")] = None,
    scheme: Annotated[str | None, Form(max_length=100, description="The scheme of its codes.")] = None,
    columns: Annotated[list[str] | None, Form(description="FIELD=COLUMN, once for each field.")] = None,
    title: Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$", description="What it is called.")] = "",
    threshold: Annotated[float, Form(ge=0, le=1)] = 0.85,
    once: Annotated[bool, Form(description="Whether a division is proposed for one row only.")] = True,
    as_of: Annotated[str | None, Form(max_length=32, description="The day of the divisions.")] = None,
) -> MatchOut:
    """Match the rows of a file and keep the proposals as a worksheet; nothing enters the register."""
    assert writer.register is not None
    settings = request.app.state.settings
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room:
        path = receive_file(file, FilePath(room), settings.import_max_bytes)
        source = MatchSource(
            *(path, tuple(_split(pair) for pair in columns or ()), layer, None, level),
            scheme=scheme,
            title=title or (file.filename or "upload").replace("\0", "")[:200],
            most_bytes=settings.import_max_bytes,
            most_vertices=settings.import_max_vertices,
        )
        rules = MatchRules(threshold=threshold, once=once)
        day = parse_date(as_of) if as_of else today()
        report = match_layer(writer.session, writer.register, source, rules=rules, caller=writer.caller, day=day)
    told = [
        MatchProblemOut(row=p.row, field=p.field, rule=p.rule, reason=_say(p.reason, language), value=p.value)
        for p in report.problems[:MOST_PROBLEMS]
    ]
    sheet = to_sheet_out(report.sheet)
    return MatchOut(sheet=sheet, rows=report.rows, proposed=report.proposed, clear=report.clear, problems=told)


def _split(pair: str) -> tuple[str, str]:
    name, mark, column = pair.partition("=")
    if not mark:
        raise InvalidMapping(key=pair[:40], reason=because("map_pair"))
    return name, column


def _say(reason: Reason, language: str) -> str:
    return say(f"reason.{reason.key}", language, **dict(reason.params))


def to_sheet_out(sheet: Sheet) -> SheetOut:
    """Write a worksheet for the API."""
    return SheetOut.model_validate(sheet)


@router.get("/worksheets")
def show_sheets(register: RegisterName, asked: AskedRegister, session: RequestSession) -> list[SheetOut]:
    """List the worksheets of a register, the latest first."""
    return [to_sheet_out(sheet) for sheet in list_sheets(session, asked)]


@router.get("/worksheets/{sheet}")
def show_sheet(
    register: RegisterName,
    sheet: SheetKey,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    state: Annotated[
        str | None,
        Query(max_length=20, description="`proposed`, `clear`, `unclear`, `confirmed`, `refused` or `split`."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> SheetPageOut:
    """List rows of a worksheet with what they may be, and why."""
    page = read_sheet(session, asked, sheet, state=state, limit=limit, offset=offset)
    rows = [_to_line_out(line, asked, language) for line in page.lines]
    return SheetPageOut(sheet=to_sheet_out(page.sheet), total=page.total, rows=rows)


def _to_line_out(line: Line, register: RegisterState, language: str) -> LineOut:
    candidates = [
        CandidateOut(
            division=to_division_out(one.division, register, language),
            score=one.score,
            parts=[
                PartOut(part=p.part, score=p.score, weight=p.weight, reason=_say(p.reason, language)) for p in one.parts
            ],
        )
        for one in line.candidates
    ]
    return LineOut(
        number=line.number,
        level=line.level,
        codes=list(line.codes),
        names=list(line.names),
        parents=list(line.parents),
        candidates=candidates,
        divisions=[to_division_out(one, register, language) for one in line.divisions],
        state=line.state,
        score=line.score,
        margin=line.margin,
        clear=line.is_clear,
        note=line.note,
        decided_by=line.decided_by,
        applied=line.is_applied,
    )


@router.post("/worksheets/{sheet}/decisions")
def decide(
    register: RegisterName,
    sheet: SheetKey,
    writer: Annotated[WriteScope, allow(Action.MATCH_DIVISIONS, named_in_body=True)],
    wanted: Annotated[DecisionIn, Body()],
) -> SheetOut:
    """Confirm, refuse or split rows, or take that back; officers of a division decide on its rows."""
    state = writer.lock(register)
    rows = None if wanted.rows is None else tuple(wanted.rows)
    decision = Decision(wanted.state, rows, tuple(wanted.codes), wanted.note, wanted.version)
    return to_sheet_out(decide_rows(writer.session, state, sheet, decision, caller=writer.caller))


@router.post("/worksheets/{sheet}/apply")
def apply(
    register: RegisterName,
    sheet: SheetKey,
    writer: Annotated[WriteScope, allow(Action.IMPORT_DIVISIONS)],
    language: Language,
    wanted: Annotated[ApplyIn, Body()],
) -> ApplyOut:
    """Bring codes and names of confirmed rows into the register; without `commit` only show what would happen."""
    assert writer.register is not None
    since = parse_date(wanted.valid_from) if wanted.valid_from else None
    order = ApplyOrder(wanted.commit, wanted.skip_refused, since, writer.register.version)
    report = apply_sheet(writer.session, writer.register, sheet, order, caller=writer.caller, today=today())
    told = [
        MatchProblemOut(row=p.row, field=p.field, rule=p.rule, reason=_say(p.reason, language), value=p.value)
        for p in report.problems[:MOST_PROBLEMS]
    ]
    return ApplyOut(
        committed=report.committed,
        version=report.version,
        rows=report.rows,
        codes=report.codes,
        names=report.names,
        left=report.left,
        problems=told,
    )
