"""Answer which divisions a name may mean."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from services.messages import say
from services.register.search import MOST_HITS, MOST_TEXT, search_names
from services.web.models import DivisionOut, Model, to_division_out
from services.web.scope import AskedRegister, Day, Language
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["register"])


class HitOut(Model):
    """A division that may be meant."""

    division: DivisionOut
    """The division, with its own count of people."""
    chain: list[DivisionOut]
    """The divisions above it, from the top."""
    name: str = Field(examples=["حيدرة"])
    """The name of it that answers, which may be a variant."""
    language: str = Field(examples=["ar"])
    """The language of that name."""
    official: bool = Field(examples=[True])
    """Whether it is the official name in that language."""
    score: float = Field(examples=[1.0])
    """From 0 to 1; 1 is the very name."""
    reasons: list[str] = Field(examples=[["the very name"]])
    """Why it is listed, in the caller's language."""


class SearchOut(Model):
    """The divisions that a name may mean."""

    register_name: str = Field(alias="register", examples=["dz"])
    """The register."""
    as_of: date = Field(examples=["2026-01-01"])
    """The day on which they stand so."""
    total: int = Field(examples=[2])
    """How many may be meant, with those not listed."""
    equal: int = Field(examples=[1])
    """How many of them answer as well as the first: with more than one, nothing typed tells which is meant."""
    hits: list[HitOut]
    """The first of them: those that answer best, then by step of the score, level, score, people and code."""


@router.get("/search")
def search(
    register: Annotated[str, Path(description="The name of the register.", examples=["dz"])],
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    text: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MOST_TEXT,
            description="A name, then those of divisions it lies in, parted by commas or blanks.",
            examples=["Hydra, Alger"],
        ),
    ],
    level: Annotated[str | None, Query(max_length=100, description="Only divisions of this level.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_HITS, description="How many are listed.")] = 20,
) -> SearchOut:
    """Search divisions and places by name, however it is spelt; nothing is decided where several may be meant."""
    answer = search_names(session, asked, text, day=day, level=level, limit=limit)
    hits = [
        HitOut(
            division=to_division_out(hit.division, asked, language),
            chain=[to_division_out(one, asked, language) for one in hit.chain],
            name=hit.name,
            language=hit.language,
            official=hit.official,
            score=hit.score,
            reasons=[say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in hit.reasons],
        )
        for hit in answer.hits
    ]
    return SearchOut(register=answer.register, as_of=answer.day, total=answer.total, equal=answer.equal, hits=hits)
