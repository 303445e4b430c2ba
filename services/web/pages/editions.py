"""Show the editions of a register, and how many divisions there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.register.calendars import format_date
from services.queries import RegisterState
from services.register.editions import EditionState, list_editions
from services.web import contexts as c
from services.web.language import language_of
from services.web.pages.frame import RegisterQuery, answer_page, choose_register, list_choices, to_link
from services.web.remembering import recall_statistics
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FileLine:
    """A file of an edition."""

    name: str
    """Its name."""
    href: str
    """Where it is."""
    kilobytes: int
    """How large it is."""
    sha256: str
    """The hash of its bytes."""


@dataclass(frozen=True)
class EditionCard:
    """An edition as it is shown."""

    number: int
    """Its number."""
    day: str
    """The date whose state it holds, written for the reader."""
    digest: str
    """The hash of its content."""
    published_on: str
    """When it was published."""
    actor: str
    """Who published it."""
    files: tuple[FileLine, ...]
    """Its files."""


@dataclass(frozen=True)
class EditionsPage(c.Context):
    """The editions of a register."""

    template: ClassVar[str] = "editions.html"
    section: ClassVar[str] = "editions"

    register: str = ""
    """The register."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    editions: tuple[EditionCard, ...] = ()
    """Its editions, the latest first."""


@dataclass(frozen=True)
class CountLine:
    """A row of the closing table."""

    division: c.DivisionLink | None
    """The division of the top level; None gathers what stands under none."""
    counts: tuple[int, ...]
    """How many there are of each level."""


@dataclass(frozen=True)
class StatisticsPage(c.Context):
    """How many divisions of each level stand in each division of the top level."""

    template: ClassVar[str] = "statistics.html"
    section: ClassVar[str] = "editions"
    dated: ClassVar[bool] = True

    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    country: str = ""
    """The country."""
    day: str = ""
    """The day counted, written for the reader."""
    top: str = ""
    """The name of the top level."""
    levels: tuple[str, ...] = ()
    """The names of the levels of the columns."""
    rows: tuple[CountLine, ...] = ()
    """The rows."""
    totals: tuple[int, ...] = ()
    """The sums of the columns."""
    tops: int = 0
    """How many divisions of the top level there are."""


@router.get("/editions")
def show_editions(
    request: Request, session: RequestSession, language: Language, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the editions of a register with their files and hashes."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, EditionsPage())
    cards = tuple(_to_card(edition, language) for edition in list_editions(session, chosen))
    return answer_page(request, EditionsPage(chosen.name, list_choices(session, chosen, language), cards))


def _to_card(edition: EditionState, language: str) -> EditionCard:
    address = f"/api/v1/registers/{quote(edition.register, safe='')}/editions/{edition.number}/files"
    return EditionCard(
        number=edition.number,
        day=format_date(edition.as_of, language, long=True),
        digest=edition.digest,
        published_on=format_date(edition.published_at.date(), language),
        actor=edition.published_by,
        files=tuple(
            FileLine(one.name, f"{address}/{one.name}", -(-one.size_bytes // 1024), one.sha256) for one in edition.files
        ),
    )


@router.get("/statistics")
def show_statistics(
    request: Request, session: RequestSession, language: Language, day: Day, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the closing table of a day."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, StatisticsPage())
    page = _count(request, session, chosen, day)
    return answer_page(request, replace(page, registers=list_choices(session, chosen, language)))


def _count(request: Request, session: Session, register: RegisterState, day: date) -> StatisticsPage:
    language = language_of(request)
    pack, table = register.pack, recall_statistics(request, session, register, day=day)

    def name_of(level: str) -> str:
        return pack.level(level).names.choose(language)

    return StatisticsPage(
        country=pack.names.choose(language),
        day=format_date(day, language, long=True),
        top="، ".join(map(name_of, table.top)),
        levels=tuple(map(name_of, table.levels)),
        rows=tuple(
            CountLine(to_link(row.division, register, language) if row.division else None, row.counts)
            for row in table.rows
        ),
        totals=table.totals,
        tops=table.tops,
    )
