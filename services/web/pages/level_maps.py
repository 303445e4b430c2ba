"""Show the divisions of a level on a map, as they stood on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.pictures import picture_level
from services.queries import RegisterState, get_register
from services.web import contexts as c
from services.web.pages.frame import (
    LevelQuery,
    RegisterQuery,
    answer_map,
    answer_page,
    choose_register,
    list_choices,
    list_level_choices,
)
from services.web.remembering import recall_levels
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LevelMapPage(c.Context):
    """The map of one level, and what else can be shown."""

    template: ClassVar[str] = "level_map.html"
    section: ClassVar[str] = "level_map"
    dated: ClassVar[bool] = True

    level: str = ""
    """The name of the level."""
    map_address: str = ""
    """Where the map is served; empty where there is none."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[c.Choice, ...] = ()
    """The levels to choose from."""


@router.get("/map/divisions")
def show_level(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: RegisterQuery = None,
    level: LevelQuery = None,
) -> HTMLResponse:
    """Show a level of a register on a map; without one, the highest that has divisions on the day."""
    chosen = choose_register(session, register)
    if chosen is None:
        return answer_page(request, LevelMapPage())
    levels = list(recall_levels(request, session, chosen, day=day))
    shown = _choose_level(chosen, levels, level)
    asked = {"level": shown, "as_of": request.query_params.get("as_of", ""), "lang": language}
    address = f"/maps/{chosen.name}/divisions?{urlencode({key: value for key, value in asked.items() if value})}"
    page = LevelMapPage(
        level=chosen.pack.level(shown).names.choose(language) if shown else "",
        map_address=address if shown else "",
        registers=list_choices(session, chosen, language),
        levels=list_level_choices(chosen, levels, shown, language),
    )
    return answer_page(request, page)


def _choose_level(register: RegisterState, present: list[str], asked: str | None) -> str:
    if asked and asked not in register.pack.level_keys:
        reason = because("one_of", known=tuple(register.pack.level_keys))
        raise InvalidValue(field="level", value=asked[:40], reason=reason)
    return asked or next(iter(present), "")


@router.get("/maps/{register}/divisions")
def show_level_map(
    register: str, request: Request, session: RequestSession, language: Language, day: Day, level: LevelQuery = None
) -> HTMLResponse:
    """Show the map of a level by itself."""
    asked = get_register(session, register)
    shown = _choose_level(asked, _list_present(request, session, asked, day), level)
    return answer_map(request, session, lambda: picture_level(session, asked, shown, day=day, language=language))


def _list_present(request: Request, session: Session, register: RegisterState, day: date) -> list[str]:
    return list(recall_levels(request, session, register, day=day))
