"""Show disputes on boundaries: the list with its map, and each with its claims, evidence, options and decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import InputError, InvalidValue, NotFoundError, because
from geo.register.digits import from_digits
from services.dispute_pictures import picture_dispute, picture_disputes, say_word
from services.disputes.conflicts import find_conflicts
from services.disputes.records import DisputeFilter, count_disputes, get_dispute, list_disputes
from services.lookups import get_coded
from services.messages import explain, say
from services.queries import RegisterState, get_register
from services.tables.disputes import STATES, TYPES
from services.web import dispute_contexts as c
from services.web.contexts import Choice
from services.web.pages.dispute_lines import to_line, to_page
from services.web.pages.frame import (
    MOST_LINES,
    LevelQuery,
    RegisterQuery,
    answer_map,
    answer_page,
    choose_register,
    list_choices,
)
from services.web.scope import Day, Language, today
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

Word = Annotated[str, Query(max_length=40)]
DisputeKey = Annotated[int, Path(ge=1, lt=2**63)]


@dataclass(frozen=True)
class Asked:
    """What a reader has narrowed the list down to, as it was typed."""

    state: str = ""
    """A state, or nothing."""
    type: str = ""
    """A type, or nothing."""
    level: str = ""
    """A level, or nothing."""
    division: str = ""
    """The code of a party, or nothing."""


@router.get("/disputes")
def show_disputes(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    state: Word = "",
    type: Word = "",
    level: LevelQuery = None,
    division: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show the disputes of a register, the latest first, and how many are in which state."""
    chosen = choose_register(session, register)
    asked = Asked(state, type, level or "", division.strip())
    page = _offer(session, chosen, asked, language)
    if chosen is None:
        return answer_page(request, page)
    try:
        wanted = _read_filter(session, chosen, asked)
    except (InputError, NotFoundError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    found = list_disputes(session, chosen, wanted, limit=MOST_LINES)
    counts = count_disputes(session, chosen, replace(wanted, state=None))
    shown = replace(
        page,
        counts=tuple((one, say_word("state", one, language), counts[one]) for one in STATES if one in counts),
        disputes=tuple(to_line(one, chosen, language) for one in found),
        map_address=_address_map(chosen, asked, language) if found else "",
    )
    return answer_page(request, shown)


def _offer(session: Session, register: RegisterState | None, asked: Asked, language: str) -> c.DisputesPage:
    levels = register.pack.level_keys if register else ()
    names = {level: register.pack.level(level).names.choose(language) for level in levels} if register else {}
    return c.DisputesPage(
        register=register.name if register else "",
        registers=list_choices(session, register, language),
        states=_list_words("state", STATES, asked.state, language),
        types=_list_words("type", TYPES, asked.type, language),
        levels=_add_any([Choice(level, name, level == asked.level) for level, name in names.items()], language),
        division=asked.division,
    )


def _list_words(table: str, keys: Iterable[str], chosen: str, language: str) -> tuple[Choice, ...]:
    return _add_any([Choice(key, say_word(table, key, language), key == chosen) for key in keys], language)


def _add_any(choices: Sequence[Choice], language: str) -> tuple[Choice, ...]:
    return (Choice("", say("page.disputes.any", language)), *choices)


def _read_filter(session: Session, register: RegisterState, asked: Asked) -> DisputeFilter:
    """Read what is wanted; a word that is none of its list is refused."""
    for field, value, known in (
        ("state", asked.state, STATES),
        ("type", asked.type, TYPES),
        ("level", asked.level, tuple(register.pack.level_keys)),
    ):
        if value and value not in known:
            raise InvalidValue(field=field, value=value[:40], reason=because("one_of", known=known))
    party = None
    if asked.division:
        code = from_digits(asked.division)
        party = get_coded(session, register, code, day=today(), level=asked.level or None).id
    return DisputeFilter(asked.state or None, asked.level or None, party, asked.type or None)


def _address_map(register: RegisterState, asked: Asked, language: str) -> str:
    kept = {"register": register.name, "lang": language, **vars(asked)}
    return f"/disputes/map?{urlencode({key: value for key, value in kept.items() if value})}"


@router.get("/disputes/map")
def show_disputes_map(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    state: Word = "",
    type: Word = "",
    level: LevelQuery = None,
    division: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show the disputes of a register on a map, by state."""
    chosen = choose_register(session, register) or get_register(session, register or "")
    wanted = _read_filter(session, chosen, Asked(state, type, level or "", division.strip()))
    found = list_disputes(session, chosen, wanted, limit=1000)
    return answer_map(request, session, lambda: picture_disputes(session, chosen, found, day=day, language=language))


@router.get("/disputes/{dispute}")
def show_dispute(
    request: Request, session: RequestSession, language: Language, dispute: DisputeKey, register: RegisterQuery = None
) -> HTMLResponse:
    """Show one dispute with all that belongs to it."""
    chosen = choose_register(session, register) or get_register(session, register or "")
    found = get_dispute(session, chosen, dispute)
    # a confidential one among them is not even counted here
    others = tuple(one.dispute for one in find_conflicts(session, chosen, found) if one.dispute is not None)
    return answer_page(request, replace(to_page(found, chosen, language), conflicts=others))


@router.get("/disputes/{dispute}/map")
def show_dispute_map(
    request: Request, session: RequestSession, language: Language, dispute: DisputeKey, register: RegisterQuery = None
) -> HTMLResponse:
    """Show the map of one dispute."""
    chosen = choose_register(session, register) or get_register(session, register or "")
    found = get_dispute(session, chosen, dispute)
    return answer_map(request, session, lambda: picture_dispute(session, chosen, found, language=language))
