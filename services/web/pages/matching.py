"""Show the worksheets of matching, and let officers decide on their rows by keyboard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.register.calendars import format_date
from services.messages import say
from services.queries import RegisterState
from services.register.match_sheets import Candidate, Line, Sheet
from services.register.worksheets import SheetPage, list_sheets, read_sheet
from services.web import contexts as c
from services.web.access import to_etag
from services.web.pages.frame import RegisterQuery, answer_page, choose_register, list_choices, to_link
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

STATES = ("proposed", "clear", "unclear", "confirmed", "refused", "split")
ROWS = 50
"""Rows of a page."""


@dataclass(frozen=True)
class SheetLine:
    """A worksheet in the list."""

    id: int
    """Its number."""
    title: str
    """What it is called."""
    source: str
    """The file it was made from."""
    made: str
    """When it was made, and by whom."""
    counts: tuple[tuple[str, int], ...]
    """The key of each state and how many rows are in it."""


@dataclass(frozen=True)
class CandidateLine:
    """A division that a row may be."""

    division: c.DivisionLink
    """The division."""
    score: float
    """From 0 to 1."""
    why: tuple[str, ...]
    """The reasons."""
    chosen: bool
    """Whether it is proposed or decided."""


@dataclass(frozen=True)
class RowLine:
    """A row of a worksheet."""

    number: int
    """Its place in the source."""
    names: tuple[str, ...]
    """What the source calls it."""
    codes: tuple[str, ...]
    """Its codes there."""
    parents: tuple[str, ...]
    """What it is said to lie in."""
    candidates: tuple[CandidateLine, ...]
    """What it may be."""
    divisions: tuple[c.DivisionLink, ...]
    """What it was decided to be, where that is none of the candidates."""
    state: str
    """The key of its state; `clear` for a clear proposal, `applied` for what the register has."""
    note: str
    """What was noted with the decision."""


@dataclass(frozen=True)
class MatchingPage(c.Context):
    """The worksheets of a register, or the rows of one."""

    template: ClassVar[str] = "matching.html"
    section: ClassVar[str] = "matching"

    register: str = ""
    """The register."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    sheets: tuple[SheetLine, ...] = ()
    """The worksheets, the latest first."""
    sheet: SheetLine | None = None
    """The worksheet shown."""
    version: int = 0
    """The version of the worksheet."""
    tag: str = ""
    """The entity tag of the register, which decisions name."""
    states: tuple[c.Choice, ...] = ()
    """The states to choose from."""
    rows: tuple[RowLine, ...] = ()
    """The rows shown."""
    total: int = 0
    """How many there are of the state chosen."""
    before: str = ""
    """The offset of the rows before; empty where there are none."""
    after: str = ""
    """The offset of the rows after; empty where there are none."""


@router.get("/matching")
def show_matching(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    sheet: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    state: Annotated[str, Query(max_length=20)] = "",
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> HTMLResponse:
    """Show the worksheets of a register, or the rows of one."""
    chosen = choose_register(session, register)
    page = MatchingPage(registers=list_choices(session, chosen, language))
    headers = {"Cache-Control": "private, no-store"}
    if chosen is None:
        return answer_page(request, page, headers)
    page = replace(page, register=chosen.name, tag=to_etag(chosen))
    if sheet is None:
        lines = tuple(_to_sheet(one, language) for one in list_sheets(session, chosen))
        return answer_page(request, replace(page, sheets=lines), headers)
    return answer_page(request, _fill(session, chosen, page, (sheet, state, offset), language), headers)


def _fill(
    session: Session, register: RegisterState, page: MatchingPage, asked: tuple[int, str, int], language: str
) -> MatchingPage:
    sheet, state, offset = asked
    found = read_sheet(session, register, sheet, state=state or None, limit=ROWS, offset=offset)
    every = c.Choice("", say("page.matching.every", language), not state)
    known = (c.Choice(key, say(f"page.matching.{key}", language), key == state) for key in STATES)
    return replace(
        page,
        sheet=_to_sheet(found.sheet, language),
        version=found.sheet.version,
        states=(every, *known),
        rows=tuple(_to_row(line, register, language) for line in found.lines),
        total=found.total,
        before=str(max(offset - ROWS, 0)) if offset else "",
        after=_find_after(found, offset),
    )


def _find_after(found: SheetPage, offset: int) -> str:
    after = offset + len(found.lines)
    return str(after) if after < found.total else ""


def _to_sheet(sheet: Sheet, language: str) -> SheetLine:
    made = f"{format_date(sheet.made_at.date(), language)} · {sheet.made_by}"
    counts = tuple((state, sheet.counts.get(state, 0)) for state in (*STATES[:2], *STATES[3:], "applied"))
    return SheetLine(sheet.id, sheet.title, sheet.source, made, counts)


def _to_row(line: Line, register: RegisterState, language: str) -> RowLine:
    own = {one.id for one in line.divisions}
    candidates = tuple(_to_candidate(one, register, language, chosen=one.division.id in own) for one in line.candidates)
    listed = {one.division.id for one in line.candidates}
    others = tuple(to_link(one, register, language) for one in line.divisions if one.id not in listed)
    state = "clear" if line.is_clear and line.state == "proposed" else line.state
    return RowLine(
        number=line.number,
        names=tuple(dict.fromkeys(text for _, text in line.names)),
        codes=tuple(f"{scheme}:{code}" if scheme else code for scheme, code in line.codes),
        parents=line.parents,
        candidates=candidates,
        divisions=others,
        state="applied" if line.is_applied else state,
        note=line.note,
    )


def _to_candidate(one: Candidate, register: RegisterState, language: str, *, chosen: bool) -> CandidateLine:
    why = tuple(say(f"reason.{part.reason.key}", language, **dict(part.reason.params)) for part in one.parts)
    return CandidateLine(to_link(one.division, register, language), one.score, why, chosen)
