"""Answer which names break the naming rules of a country, and how names are written in Latin letters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from services.messages import say
from services.register.naming import MOST_TEXT, NamingFilter, NamingLine, check_names, propose_latin
from services.web.models import DivisionOut, Link, Model, to_division_out
from services.web.paging import Limit, Offset, link_pages
from services.web.scope import AskedRegister, Day, Language
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["register"])

RegisterPath = Annotated[str, Path(description="The name of the register.", examples=["dz"])]


class NamingRuleOut(Model):
    """A naming rule of the country."""

    rule: str = Field(examples=["duplicate_name"])
    """Its key."""
    kind: str = Field(examples=["duplicate"])
    """What it looks at."""
    title: str = Field(examples=["one name twice under one parent"])
    """What it is called in the caller's language."""
    source: str = Field(examples=["Practice of the register, not a law"])
    """Where it stands."""
    found: int = Field(examples=[3])
    """How many findings it has, in the level and the division asked for."""


class NamingFindingOut(Model):
    """A name that breaks a rule."""

    rule: str = Field(examples=["duplicate_name"])
    """The key of the rule."""
    division: DivisionOut
    """The division, with its own count of people."""
    language: str = Field(examples=["ar"])
    """The language of the name."""
    text: str = Field(examples=["سيدي عيسى"])
    """The name; empty where it is missing."""
    reasons: list[str] = Field(examples=[["1 other there has the same name: 0110"]])
    """What is wrong with it, in the caller's language."""
    proposal: str = Field(examples=[""])
    """What it might be instead; empty where only people can tell. Nothing is changed by itself."""


class NamingFindingsOut(Model):
    """A page of names that break rules."""

    register_name: str = Field(alias="register", examples=["dz"])
    """The register."""
    as_of: date = Field(examples=["2026-01-01"])
    """The day whose names were checked."""
    rules: list[NamingRuleOut]
    """The rules of the country."""
    total: int = Field(examples=[42])
    """How many findings there are in all that was asked for."""
    items: list[NamingFindingOut]
    """Those of this page, by rule and then as divisions follow each other."""
    links: list[Link] = Field(default_factory=list)
    """The pages before and after."""


class LatinOut(Model):
    """A proposal of how a name is written in Latin letters."""

    name: str = Field(examples=["خرم آباد"])
    """The name."""
    proposal: str = Field(examples=["Khorram Ābād"])
    """The name in Latin letters; a dot stands for what may be a short vowel."""
    complete: bool = Field(examples=[True])
    """Whether nothing had to be left open."""
    open_words: list[str] = Field(examples=[[]])
    """The words whose short vowels nothing tells."""
    contradictions: int | None = Field(examples=[0])
    """How many consonants of the Latin form given differ; null where none was given."""
    system: str = Field(examples=["un_1967"])
    """The table."""
    source: str = Field(examples=["United Nations resolution I/13 (1967)"])
    """Where it was published."""


@router.get("/naming-findings")
def list_naming_findings(
    request: Request,
    response: Response,
    register: RegisterPath,
    asked: AskedRegister,
    session: RequestSession,
    day: Day,
    language: Language,
    rule: Annotated[str | None, Query(max_length=100, description="Only findings of this rule.")] = None,
    level: Annotated[str | None, Query(max_length=100, description="Only divisions of this level.")] = None,
    within: Annotated[str | None, Query(max_length=100, description="Only in the division with this code.")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> NamingFindingsOut:
    """List the names that break the naming rules of the country, each with a proposal where there is one."""
    wanted = NamingFilter(rule, level, within)
    answer = check_names(session, asked, wanted, day=day, limit=limit, offset=offset)
    rules = [
        NamingRuleOut(
            rule=one.key,
            kind=one.kind,
            title=one.names.choose(language),
            source=one.source,
            found=answer.counts.get(one.key, 0),
        )
        for one in answer.rules
    ]
    return NamingFindingsOut(
        register=answer.register,
        as_of=answer.day,
        rules=rules,
        total=answer.total,
        items=[_to_finding_out(line, asked, language) for line in answer.findings],
        links=link_pages(request, response, total=answer.total, limit=limit, offset=offset),
    )


def _to_finding_out(line: NamingLine, asked: AskedRegister, language: str) -> NamingFindingOut:
    return NamingFindingOut(
        rule=line.rule,
        division=to_division_out(line.division, asked, language),
        language=line.language,
        text=line.text,
        reasons=[say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in line.reasons],
        proposal=line.proposal,
    )


@router.get("/romanization")
def show_romanization(
    register: RegisterPath,
    asked: AskedRegister,
    text: Annotated[str, Query(min_length=1, max_length=MOST_TEXT, description="The name.", examples=["خرم آباد"])],
    latin: Annotated[
        str, Query(max_length=MOST_TEXT, description="A Latin form, which lends its vowels.", examples=["Khorramabad"])
    ] = "",
) -> LatinOut:
    """Propose how a name is written in Latin letters by the published table of the country's pack."""
    return LatinOut.model_validate(propose_latin(asked.country, text, latin=latin))
