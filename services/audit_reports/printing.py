"""Print an audit run as a report with maps, for signing and for the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from geo.errors import ProgramMissing
from geo.register.calendars import format_date
from geo.register.digits import to_digits
from maps.assets import Assets, to_data_address
from maps.figures import write_area, write_digits, write_number
from maps.prints import Ground, Mark, PrintMap, draw_case, draw_overview
from maps.words import find_word, write_direction
from services.audit_reports.content import RunContent
from services.boundaries.audit_grounds import is_below
from services.boundaries.findings import FoundDefect
from services.lookups import get_coded
from services.messages import say
from services.queries import load_boundaries
from services.tables.register import Standing

FOLDER = Path(__file__).parent
FONT = "vazirmatn.woff2"

MOST_CASES = 12
"""The gravest findings have a map of their own."""

MOST_LINES = 400
"""Findings listed on paper; the other formats hold all."""

OVERVIEW = (494.0, 330.0)
"""Width and height of the overview, in points."""

CASE = (238.0, 150.0)
"""Width and height of the map of one case, in points."""

PANGO = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""How to install what shapes the text of a report."""


@dataclass(frozen=True)
class Sheet:
    """Hold one case with its map."""

    number: int
    """Its number in the overview."""
    finding: FoundDefect
    """The case."""
    drawing: PrintMap
    """Its map."""


@dataclass(frozen=True)
class Sheets:
    """Hold the maps of a report."""

    overview: PrintMap | None
    """All cases on all divisions; None where nothing has a boundary."""
    cases: tuple[Sheet, ...]
    """The gravest cases."""


def load_sheets(session: Session, content: RunContent, language: str) -> Sheets:
    """Draw the maps of a report on the divisions that were audited."""
    grounds = _load_grounds(session, content)
    located = [one for one in content.findings if one.geometry is not None and not one.geometry.is_empty]
    grave = [one for one in located if one.severity == "error" and one.status in ("new", "still")][:MOST_CASES]
    numbers = {one.id: number for number, one in enumerate(grave, start=1)}
    # the gravest are drawn last, above the others
    marks = [_make_mark(one, numbers, language) for one in reversed(located) if one.status != "gone"]
    width, height = OVERVIEW
    overview = draw_overview(list(grounds.values()), marks, width=width, height=height, language=language)
    cases = [Sheet(numbers[one.id], one, _draw_sheet(content, grounds, one, language)) for one in grave]
    return Sheets(overview, tuple(cases))


def _draw_sheet(content: RunContent, grounds: Mapping[int, Ground], finding: FoundDefect, language: str) -> PrintMap:
    """Draw one case with the names of the divisions it concerns; those of the others would only hide it."""
    names = {one.id: content.name(one, language) for one in finding.divisions}
    shown = [replace(ground, name=names.get(key, "")) for key, ground in grounds.items()]
    mark = _make_mark(finding, {}, language)
    return draw_case(shown, mark, width=CASE[0], height=CASE[1], language=language)


def _make_mark(finding: FoundDefect, numbers: Mapping[int, int], language: str) -> Mark:
    assert finding.geometry is not None
    label = write_digits(str(numbers[finding.id]), language) if finding.id in numbers else ""
    return Mark(finding.geometry, finding.kind, label, is_faint=finding.status == "excepted")


def _load_grounds(session: Session, content: RunContent) -> dict[int, Ground]:
    run, register = content.run, content.register
    inside: ColumnElement[bool] = true()
    if run.within:
        inside = is_below(get_coded(session, register, run.within, day=run.as_of).id, run.as_of)
    chosen = and_(Standing.level.in_(run.levels), inside)
    return {key: Ground(shape) for key, shape in load_boundaries(session, register, run.as_of, chosen).items()}


def write_pdf(path: Path, content: RunContent, sheets: Sheets, language: str) -> None:
    """Print a report on A4; raise ProgramMissing where the library of the system that shapes text is missing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise ProgramMissing(program="Pango", command=PANGO) from error
    html = write_report(content, sheets, language)
    # nothing but what stands in the report itself is ever fetched
    HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf(path)


def write_report(content: RunContent, sheets: Sheets, language: str) -> str:
    """Write the report as HTML with everything in it."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = partial(_speak, language=language)
    shown = [one for one in content.findings if one.status != "gone"][:MOST_LINES]
    return environment.get_template("report.html").render(
        content=content,
        run=content.run,
        sheets=sheets,
        shown=shown,
        gone=content.list_of("gone")[:MOST_LINES],
        rows=_count_kinds(content),
        font=to_data_address(Assets().find(FONT).path.read_bytes(), FONT),
        footer=_write_footer(language),
        language=language,
        direction=write_direction(language),
        t=words,
        **_speak_for(content, language),
    )


def _speak(key: str, /, *, language: str, **params: object) -> str:
    return say(f"audit_report.{key}", language, **params)


def _speak_for(content: RunContent, language: str) -> dict[str, Any]:
    """Gather what the template calls to write in the reader's language."""
    return {
        "kind_name": lambda kind: find_word(f"kind.{kind}", language) or kind,
        "severity_name": lambda severity: find_word(f"severity.{severity}", language) or severity,
        "status_name": lambda status: say(f"finding_status.{status}", language),
        "exception_name": lambda status: say(f"exception_status.{status}", language),
        "level_name": lambda level: content.register.pack.level(level).names.choose(language),
        "division_name": lambda division: f"{content.name(division, language)} ({division.code})",
        "number": lambda value, places=0: "—" if value is None else write_number(value, language, places=places),
        "area": lambda value: "—" if value is None else write_area(value, language),
        "digits": lambda text: to_digits(str(text), language),
        "date": lambda day: "—" if day is None else format_date(day, language),
        "long_date": lambda day: format_date(day, language, long=True),
        "figure": lambda value: "—" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value),
    }


def _count_kinds(content: RunContent) -> list[tuple[str, Sequence[int], float]]:
    """Count the cases of each kind by status, with the area of its defects."""
    kinds = sorted({one.kind for one in content.findings})
    rows: list[tuple[str, Sequence[int], float]] = []
    for kind in kinds:
        own = [one for one in content.findings if one.kind == kind]
        counts = [sum(one.status == status for one in own) for status in ("new", "still", "excepted", "gone")]
        area = sum(one.area_m2 or 0.0 for one in own if one.status in ("new", "still"))
        rows.append((kind, counts, area))
    return rows


def _write_footer(language: str) -> str:
    """Write what stands below each page as a value of CSS."""
    digits = "persian" if language == "fa" else "decimal"
    counters = {"number": f"counter(page, {digits})", "total": f"counter(pages, {digits})"}
    text = _speak("page", language=language, number="\0number\0", total="\0total\0")
    return " ".join(counters.get(piece, f'"{piece}"') for piece in text.split("\0") if piece)
