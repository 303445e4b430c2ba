"""Do what every page does: choose a register, write links, answer as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from maps import Delivery, Page
from services.queries import RegisterState, get_register, list_registers
from services.web import contexts as c
from services.web.language import language_of, read_reader

MOST_LINES = 200
"""Lines of a table on a page; the API has them all."""

DRAWN_BY = ("register", "level", "category", "as_of", "state", "type", "division", "status")
"""The parameters of an address that a map may be drawn by."""

RegisterQuery = Annotated[str | None, Query(alias="register", max_length=100)]
LevelQuery = Annotated[str | None, Query(alias="level", max_length=100)]


def answer_page(request: Request, page: c.Context, headers: dict[str, str] | None = None) -> HTMLResponse:
    """Answer a page in the reader's language."""
    rendered = request.app.state.pages.render(page, read_reader(request))
    sent = {"Content-Security-Policy": rendered.policy, "Content-Language": language_of(request), **(headers or {})}
    return HTMLResponse(rendered.html, headers=sent)


def answer_map(request: Request, session: Session, draw: Callable[[], Page]) -> HTMLResponse:
    """Answer a map page, drawn once for its address and language."""

    def write() -> str:
        return draw().html(Delivery.SERVED, request.app.state.assets)

    # only what a map is drawn by: any other parameter would draw it again
    asked = tuple(request.query_params.get(name) for name in DRAWN_BY)
    key = (request.url.path, asked, language_of(request))
    return HTMLResponse(request.app.state.memory.recall(session, key, write))


def choose_register(session: Session, name: str | None) -> RegisterState | None:
    """Take the register asked for, else the first there is."""
    if name:
        return get_register(session, name)
    return next(iter(list_registers(session)), None)


def list_choices(session: Session, chosen: RegisterState | None, language: str) -> tuple[c.Choice, ...]:
    """List the registers to choose from."""
    own = chosen.name if chosen else ""
    return tuple(
        c.Choice(one.name, f"{one.pack.names.choose(language)} ({one.name})", one.name == own)
        for one in list_registers(session)
    )


def list_level_choices(
    register: RegisterState, levels: list[str], chosen: str | None, language: str
) -> tuple[c.Choice, ...]:
    """List levels to choose from."""
    return tuple(
        c.Choice(level, register.pack.level(level).names.choose(language), level == chosen) for level in levels
    )


def to_link(division: Division, register: RegisterState, language: str) -> c.DivisionLink:
    """Mention a division."""
    level = register.pack.level(division.level).names.choose(language)
    return c.DivisionLink(division.code, division.name_in(language, *register.pack.languages), level, register.name)
