"""Answer what the law asks of divisions, and whether a proposal meets it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from geo.register.thresholds import Threshold, Verdict
from services.register.thresholds import Statement, check_figures, read_figure, say_verdict
from services.web.models import Model
from services.web.scope import AskedRegister, Language, RegisterName

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["register"])


class WayOut(Model):
    """One way to meet a threshold: all that it asks must hold."""

    measure: str | None = Field(examples=["people"])
    """What is measured; null where only circumstances count."""
    least: float | None = Field(examples=[30000])
    """The least value."""
    all_of: list[str] = Field(examples=[["dense"]])
    """Circumstances and density classes that must all hold."""
    any_of: list[str]
    """Circumstances and density classes one of which must hold."""
    approval: str | None = Field(examples=["cabinet"])
    """Who must approve."""
    note: str = Field(examples=["1"])
    """The note of the article."""
    verified: bool
    """Whether it was read in the text of the law itself."""


class ThresholdOut(Model):
    """What one article asks of the divisions of one level."""

    key: str = Field(examples=["bakhsh"])
    name: str = Field(examples=["people of a bakhsh"])
    level: str = Field(examples=["bakhsh"])
    kinds: list[str] = Field(examples=[["create", "split"]])
    """The kinds of change that must heed it."""
    article: str = Field(examples=["6"])
    source: str
    ways: list[WayOut]


class VerdictOut(Model):
    """How a proposal stands to one threshold."""

    threshold: str = Field(examples=["bakhsh"])
    name: str = Field(examples=["people of a bakhsh"])
    article: str = Field(examples=["6"])
    note: str = Field(examples=["1"])
    outcome: str = Field(examples=["met"])
    """`met`, `met_with_approval`, `not_met` or `unknown`."""
    approval: str | None = Field(examples=[None])
    """Who must approve."""
    required: float | None = Field(examples=[30000])
    """The least value that decides."""
    found: float | None = Field(examples=[31000])
    """The value found; null where it is not known."""
    missing: list[str] = Field(examples=[[]])
    """The figures that would decide."""
    verified: bool
    """Whether the rule was read in the text of the law itself."""
    sentence: str
    """The same in the caller's language."""


def read_statement(
    circumstance: Annotated[
        list[str] | None, Query(max_length=40, description="A circumstance that holds.", examples=[["border"]])
    ] = None,
    density: Annotated[str | None, Query(max_length=40, description="The density class.", examples=["dense"])] = None,
    figure: Annotated[
        list[str] | None, Query(max_length=40, description="MEASURE=NUMBER.", examples=[["people=31000"]])
    ] = None,
) -> Statement:
    """Read what is said of a proposal."""
    return Statement(frozenset(circumstance or ()), density or None, dict(map(read_figure, figure or ())))


Said = Annotated[Statement, Depends(read_statement)]
"""What the caller says of a proposal."""


@router.get("/thresholds")
def list_thresholds(register: RegisterName, asked: AskedRegister, language: Language) -> list[ThresholdOut]:
    """List what the law of the country asks of divisions, article by article."""
    return [_to_out(rule, language) for rule in asked.pack.thresholds.rules]


def _to_out(rule: Threshold, language: str) -> ThresholdOut:
    return ThresholdOut(
        key=rule.key,
        name=rule.names.choose(language),
        level=rule.level,
        kinds=list(rule.kinds),
        article=rule.article,
        source=rule.source,
        ways=[WayOut.model_validate(way) for way in rule.ways],
    )


@router.get("/thresholds/check")
def check_thresholds(
    register: RegisterName,
    asked: AskedRegister,
    language: Language,
    said: Said,
    level: Annotated[str, Query(max_length=100, description="The level of the division.", examples=["bakhsh"])],
    kind: Annotated[str, Query(max_length=40, description="The kind of change.", examples=["create"])] = "create",
) -> list[VerdictOut]:
    """Test the figures of a proposed division against the law, article by article."""
    return [to_verdict_out(one, language) for one in check_figures(asked.pack, level=level, kind=kind, statement=said)]


def to_verdict_out(verdict: Verdict, language: str) -> VerdictOut:
    """Write a verdict for the API."""
    return VerdictOut(
        threshold=verdict.threshold.key,
        name=verdict.threshold.names.choose(language),
        article=verdict.threshold.article,
        note=verdict.way.note,
        outcome=str(verdict.outcome),
        approval=verdict.way.approval if verdict.outcome == "met_with_approval" else None,
        required=verdict.way.least,
        found=verdict.found,
        missing=list(verdict.missing),
        verified=verdict.way.verified,
        sentence=say_verdict(verdict, language),
    )
