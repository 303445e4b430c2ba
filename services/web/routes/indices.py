"""Answer about indices and the grades of divisions, and bring in values."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, UploadFile
from pydantic import Field

from geo.register.indices import Index, IndexSet
from services.access.roles import Action
from services.register.indices import MOST_BYTES, GradeAnswer, IndexReport, grade_level, import_values
from services.web.access import WriteScope, allow
from services.web.models import DivisionOut, Model, to_division_out
from services.web.scope import AskedRegister, Day, Language, RegisterName, today
from services.web.sessions import RequestSession
from services.web.uploads import ProblemOut, list_problems, receive_file

router = APIRouter(prefix="/api/v1/registers/{register}/indices", tags=["register"])

SetKey = Annotated[
    str, Path(max_length=100, alias="set", description="The key of the set of indices.", examples=["example"])
]


class IndexOut(Model):
    """An index with its weight, and with what it weighs."""

    key: str = Field(examples=["people"])
    name: str = Field(examples=["people"])
    weight: float = Field(examples=[0.5])
    direction: str = Field(examples=["more"])
    scale: str = Field(examples=["min-max"])
    parts: list[IndexOut]


class IndexSetOut(Model):
    """A hierarchy of indices with the grades its scores fall into."""

    key: str = Field(examples=["example"])
    name: str = Field(examples=["example"])
    levels: list[str] = Field(examples=[["wilaya"]])
    """The levels whose divisions may be graded by it."""
    source: str
    verified: bool
    grades: dict[str, float] = Field(examples=[{"first": 0.6, "second": 0.3, "third": 0}])
    """The score from which on each grade counts."""
    parts: list[IndexOut]


class GradeOut(Model):
    """How one division is graded."""

    division: DivisionOut
    score: float | None = Field(examples=[0.71])
    """From 0 to 1; null while a value is missing."""
    grade: str | None = Field(examples=["first"])
    grade_name: str | None = Field(examples=["first grade"])
    missing: list[str]
    """The indices without a value, which are never filled."""
    scores: dict[str, float]
    """The score of every index whose values are all there."""


class GradesOut(Model):
    """How the divisions of a level are graded among each other."""

    register_name: str = Field(alias="register", examples=["dz"])
    indices: str = Field(alias="set", examples=["example"])
    level: str = Field(examples=["wilaya"])
    incomplete: int = Field(examples=[0])
    """How many lack a value."""
    rows: list[GradeOut]


class ValuesOut(Model):
    """What an import of values did."""

    register_name: str = Field(alias="register", examples=["dz"])
    indices: str = Field(alias="set", examples=["example"])
    leaves: list[str]
    """The indices the file had columns for."""
    passed_over: list[str]
    """Columns that are called by no index."""
    rows: int
    new: int
    changed: int
    same: int
    problems: list[ProblemOut]


@router.get("")
def list_sets(register: RegisterName, asked: AskedRegister, language: Language) -> list[IndexSetOut]:
    """List the hierarchies of indices of the country."""
    return [_to_set_out(one, language) for one in asked.pack.indices]


def _to_set_out(indices: IndexSet, language: str) -> IndexSetOut:
    return IndexSetOut(
        key=indices.key,
        name=indices.names.choose(language),
        levels=list(indices.levels),
        source=indices.source,
        verified=indices.verified,
        grades={grade.key: grade.least for grade in indices.grades},
        parts=[_to_index_out(part, language) for part in indices.mains],
    )


def _to_index_out(index: Index, language: str) -> IndexOut:
    return IndexOut(
        key=index.key,
        name=index.names.choose(language),
        weight=index.weight,
        direction=str(index.direction),
        scale=str(index.scale),
        parts=[_to_index_out(part, language) for part in index.parts],
    )


@router.get("/{set}/grades")
def show_grades(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    indices: SetKey,
    level: Annotated[str, Query(max_length=100, description="The level of the divisions.", examples=["wilaya"])],
) -> GradesOut:
    """Grade the divisions of a level among each other; the best first, the incomplete last."""
    answer = grade_level(session, asked, indices=indices, level=level, day=day)
    return GradesOut(
        register=answer.register,
        set=answer.indices.key,
        level=level,
        incomplete=answer.incomplete,
        rows=_to_rows(answer, asked, language),
    )


def _to_rows(answer: GradeAnswer, asked: AskedRegister, language: str) -> list[GradeOut]:
    return [
        GradeOut(
            division=to_division_out(line.division, asked, language),
            score=line.graded.score,
            grade=line.graded.grade.key if line.graded.grade else None,
            grade_name=line.graded.grade.names.choose(language) if line.graded.grade else None,
            missing=list(line.graded.missing),
            scores=dict(line.graded.scores),
        )
        for line in answer.lines
    ]


@router.post("/{set}/values")
def bring_values(
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.RECORD_INDICES)],
    language: Language,
    indices: SetKey,
    file: Annotated[UploadFile, File(description="A table with a column `code` and one for each index.")],
    skip_refused: Annotated[bool, Form(description="Whether to go on without refused rows.")] = False,
) -> ValuesOut:
    """Bring in the values of indices by division, all rows or none."""
    assert writer.register is not None
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room:
        path = receive_file(file, FilePath(room), MOST_BYTES)
        report = import_values(
            *(writer.session, writer.register, path),
            indices=indices,
            caller=writer.caller,
            day=today(),
            skip_refused=skip_refused,
        )
    return to_values_out(report, language)


def to_values_out(report: IndexReport, language: str) -> ValuesOut:
    """Write the report of an import of values for the API."""
    return ValuesOut(
        register=report.register,
        set=report.set,
        leaves=list(report.leaves),
        passed_over=list(report.passed_over),
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        same=report.same,
        problems=list_problems(report.problems, language),
    )
