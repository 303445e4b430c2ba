"""Show how divisions are graded, with the indices and their weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from geo.errors import InputError, NotFoundError
from geo.register.digits import format_number
from geo.register.indices import Index, IndexSet
from services.messages import explain, say
from services.queries import RegisterState
from services.register.indices import GradeAnswer, grade_level
from services.web import contexts as c
from services.web.pages.frame import (
    MOST_LINES,
    LevelQuery,
    RegisterQuery,
    answer_page,
    choose_register,
    list_choices,
    list_level_choices,
    to_link,
)
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class GradeRow:
    """How one division is graded."""

    division: c.DivisionLink
    """The division."""
    score: str
    """Its score, written; a dash while a value is missing."""
    grade: str
    """Its grade, or that it is incomplete."""
    missing: str
    """The indices without a value."""


@dataclass(frozen=True)
class WeightRow:
    """One index with its weight."""

    name: str
    """What it is called."""
    weight: str
    """Its weight in what stands above it."""
    depth: int
    """How deep it stands, from 0."""


@dataclass(frozen=True)
class GradesPage(c.Context):
    """The grades of the divisions of a level."""

    template: ClassVar[str] = "grades.html"
    section: ClassVar[str] = "indices"
    dated: ClassVar[bool] = True

    message: str = ""
    """What stands in the way; empty when nothing does."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    sets: tuple[c.Choice, ...] = ()
    """The sets of indices to choose from."""
    levels: tuple[c.Choice, ...] = ()
    """The levels the set grades."""
    weights: tuple[WeightRow, ...] = ()
    """The indices of the set."""
    source: str = ""
    """Where a set comes from that was not read in an order; empty for one that was."""
    rows: tuple[GradeRow, ...] = ()
    """The first divisions, the best first."""
    count: str = ""
    """How many there are and how many are incomplete."""


@router.get("/grades")
def show_grades(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
    indices: Annotated[str | None, Query(alias="set", max_length=100)] = None,
) -> HTMLResponse:
    """Show the grades of a level, and the weights they come from."""
    chosen = choose_register(session, register)
    page = GradesPage(registers=list_choices(session, chosen, language))
    if chosen is None or not chosen.pack.indices:
        return answer_page(request, replace(page, message=say("page.indices.none", language)))
    picked = next((one for one in chosen.pack.indices if one.key == indices), chosen.pack.indices[0])
    asked = level if level in picked.levels else picked.levels[0]
    page = _offer(page, chosen, picked, level=asked, language=language)
    try:
        answer = grade_level(session, chosen, indices=picked.key, level=asked, day=day)
    except (InputError, NotFoundError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    return answer_page(request, _fill(page, answer, chosen, language))


def _offer(page: GradesPage, register: RegisterState, picked: IndexSet, *, level: str, language: str) -> GradesPage:
    sets = (c.Choice(one.key, one.names.choose(language), one is picked) for one in register.pack.indices)
    return replace(
        page,
        sets=tuple(sets),
        levels=list_level_choices(register, list(picked.levels), level, language),
        weights=tuple(row for main in picked.mains for row in _list_weights(main, language, 0)),
        source="" if picked.verified else picked.source,
    )


def _list_weights(index: Index, language: str, depth: int) -> Iterator[WeightRow]:
    yield WeightRow(index.names.choose(language), format_number(index.weight, language, decimals=3), depth)
    for part in index.parts:
        yield from _list_weights(part, language, depth + 1)


def _fill(page: GradesPage, answer: GradeAnswer, register: RegisterState, language: str) -> GradesPage:
    names = {leaf.key: leaf.names.choose(language) for leaf in answer.indices.leaves}
    separator = "، " if language == "fa" else ", "
    rows = tuple(
        GradeRow(
            division=to_link(line.division, register, language),
            score="—" if line.graded.score is None else format_number(line.graded.score, language, decimals=4),
            grade=line.graded.grade.names.choose(language)
            if line.graded.grade
            else say("page.indices.incomplete", language),
            missing=separator.join(names[key] for key in line.graded.missing),
        )
        for line in answer.lines[:MOST_LINES]
    )
    counts = {"count": len(answer.lines), "incomplete": answer.incomplete}
    written = {name: format_number(number, language) for name, number in counts.items()}
    return replace(page, rows=rows, count=say("page.indices.count", language, **written))
