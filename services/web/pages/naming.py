"""Show which names break the naming rules, and how a name is written in Latin letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from geo.errors import InvalidValue
from services.messages import explain, say
from services.queries import RegisterState
from services.register.naming import MOST_TEXT, NamingAnswer, NamingFilter, NamingLine, check_names, propose_latin
from services.web import contexts as c
from services.web.naming_contexts import NamesPage
from services.web.naming_contexts import NamingLine as NamingEntry
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


@router.get("/names")
def show_names(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
    rule: Annotated[str, Query(max_length=100)] = "",
    text: Annotated[str, Query(max_length=MOST_TEXT)] = "",
    latin: Annotated[str, Query(max_length=MOST_TEXT)] = "",
) -> HTMLResponse:
    """Show the names that break the rules, and the form that writes one in Latin letters."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, NamesPage())
    answer = check_names(session, chosen, NamingFilter(rule or None, level or None), day=day, limit=MOST_LINES)
    page = _to_page(answer, chosen, rule, language)
    any_level = c.Choice("", say("page.search.any_level", language))
    levels = (any_level, *list_level_choices(chosen, list(chosen.pack.level_keys), level, language))
    page = replace(page, registers=list_choices(session, chosen, language), levels=levels, asked=text, latin=latin)
    return answer_page(request, _romanize(page, chosen, language))


def _to_page(answer: NamingAnswer, register: RegisterState, rule: str, language: str) -> NamesPage:
    titles = {one.key: one.names.choose(language) for one in answer.rules}
    choices = tuple(c.Choice(key, title, key == rule) for key, title in titles.items())
    return NamesPage(
        lines=tuple(_to_line(line, register, titles[line.rule], language) for line in answer.findings),
        total=answer.total,
        counts=tuple((titles[key], count) for key, count in answer.counts.items()),
        sources=tuple((one.names.choose(language), one.source) for one in answer.rules),
        rules=(c.Choice("", say("page.names.any_rule", language)), *choices),
        can_romanize=register.pack.naming.romanization is not None,
    )


def _to_line(line: NamingLine, register: RegisterState, title: str, language: str) -> NamingEntry:
    return NamingEntry(
        division=to_link(line.division, register, language),
        rule=title,
        text=line.text,
        why=tuple(say(f"reason.{reason.key}", language, **dict(reason.params)) for reason in line.reasons),
        proposal=line.proposal,
    )


def _romanize(page: NamesPage, register: RegisterState, language: str) -> NamesPage:
    """Add the Latin form of the name asked about."""
    if not page.asked.strip() or not page.can_romanize:
        return page
    try:
        found = propose_latin(register.country, page.asked, latin=page.latin)
    except InvalidValue as error:
        return replace(page, message=explain(error, language))
    said = []
    if not found.complete:
        said.append(say("page.names.incomplete", language, words=list(found.open_words)))
    if found.contradictions:
        said.append(say("page.names.contradicts", language, count=found.contradictions))
    return replace(page, proposal=found.proposal, message=" ".join(said), source=found.source)
