"""Answer about complaints and the councils in charge."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from services.civic.councils import CouncilAnswer, find_council_in
from services.civic.density import DensityAnswer
from services.civic.seats import CouncilLine
from services.queries import RegisterState
from services.web.models import DivisionOut, Model, to_division_out
from services.web.remembering import recall_complaints, recall_density
from services.web.scope import AskedRegister, Language, RegisterName, Year
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["civic"])


class SeatOut(Model):
    """Who holds a seat of a council."""

    seat: int = Field(examples=[1])
    person: str = Field(examples=["مریم احمدی"])
    role: str | None = Field(examples=["chair"])


class CouncilOut(Model):
    """The council of a division."""

    code: str = Field(examples=["council-16"])
    name: str = Field(examples=["شورای ولایت"])
    seats: int = Field(examples=[9])
    members: list[SeatOut]
    synthetic: bool


class DensityRowOut(Model):
    """The complaints of one division; null where they are hidden, because few or because they would tell of few."""

    division: DivisionOut
    hidden: bool
    count: int | None = Field(examples=[42])
    per_1000: float | None = Field(examples=[0.31])
    per_km2: float | None = Field(examples=[1.2])
    council: str | None = Field(examples=["شورای ولایت"])


class DensityOut(Model):
    """How dense complaints are in the divisions of one level."""

    register_name: str = Field(alias="register", examples=["dz"])
    level: str = Field(examples=["wilaya"])
    since: date | None
    """The first day of the year that is counted."""
    until: date | None
    """The first day after it."""
    category: str | None
    threshold: int = Field(examples=[5])
    """Counts from one up to but without this are hidden."""
    total: int | None
    unplaced: int | None
    synthetic: bool
    """Whether the complaints are invented ones."""
    rows: list[DensityRowOut]


@router.get("/complaints/density")
def show_density(
    request: Request,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    year: Year,
    language: Language,
    level: Annotated[str, Query(description="The level of the divisions.", examples=["wilaya"])],
    category: Annotated[str | None, Query(description="Only complaints of this category.")] = None,
) -> DensityOut:
    """Show complaints by division, per thousand people and per square kilometre, small counts hidden."""
    answer = recall_density(request, session, asked, year, level=level, category=category)
    return _to_density_out(answer, asked, language)


def _to_density_out(answer: DensityAnswer, register: RegisterState, language: str) -> DensityOut:
    rows = [
        DensityRowOut(
            division=to_division_out(row.division, register, language),
            hidden=row.density.is_hidden,
            count=row.density.count,
            per_1000=row.density.per_1000,
            per_km2=row.density.per_km2,
            council=row.council.name if row.council else None,
        )
        for row in answer.rows
    ]
    return DensityOut(
        register=answer.register,
        level=answer.level,
        since=answer.period.start,
        until=answer.period.end,
        category=answer.category,
        threshold=answer.threshold,
        total=answer.total,
        unplaced=answer.unplaced,
        synthetic=answer.synthetic,
        rows=rows,
    )


class CouncilAnswerOut(Model):
    """The council of a division and how the complaints that reach it stand."""

    division: DivisionOut
    council: CouncilOut | None
    complaints: int | None
    by_status: dict[str, int | None]
    by_category: dict[str, int | None]
    synthetic: bool


@router.get("/divisions/{code}/council")
def show_council(
    request: Request,
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    year: Year,
    language: Language,
    code: Annotated[str, Path(description="A code of the division.", examples=["16"])],
) -> CouncilAnswerOut:
    """Show the council of a division with its complaints by status and category, small counts hidden."""
    counts = recall_complaints(request, session, asked, year)
    answer = find_council_in(session, asked, counts, code)
    return _to_council_out(answer, asked, language)


def _to_council_out(answer: CouncilAnswer, register: RegisterState, language: str) -> CouncilAnswerOut:
    return CouncilAnswerOut(
        division=to_division_out(answer.division, register, language),
        council=to_council(answer.council) if answer.council else None,
        complaints=answer.complaints,
        by_status=answer.by_status,
        by_category=answer.by_category,
        synthetic=answer.synthetic,
    )


def to_council(line: CouncilLine) -> CouncilOut:
    """Write a council for the API."""
    return CouncilOut(
        code=line.code,
        name=line.name,
        seats=line.seats,
        members=[SeatOut.model_validate(member) for member in line.members],
        synthetic=line.synthetic,
    )
