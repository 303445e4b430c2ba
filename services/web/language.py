"""Read from a request which language the answer should be in."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fastapi import Request

from geo.errors import InvalidDate
from geo.register.spans import choose_day, parse_span
from services.messages import LANGUAGES, choose_language
from services.web.templating import Reader

OWN_PARAMETERS = frozenset({"lang", "as_of", "recorded"})
"""The parameters that every page has, beside its own."""


def language_of(request: Request) -> str:
    """Take `?lang=`, else the languages the client accepts, else the default of the installation."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    accepted = request.headers.get("accept-language")
    return choose_language(accepted) if accepted else getattr(request.app.state, "language", LANGUAGES[0])


def read_reader(request: Request) -> Reader:
    """Say for whom a page is written."""
    chosen = request.query_params.get("lang") in LANGUAGES
    day = _find_day(request)
    as_of = request.query_params.get("as_of", "") if day else ""
    query = tuple((name, value) for name, value in request.query_params.items() if name not in OWN_PARAMETERS)
    return Reader(language_of(request), chosen, request.url.path, as_of, day, query)


def _find_day(request: Request) -> date | None:
    """Find the day the reader has chosen; one that cannot be read is not kept."""
    try:
        as_of = request.query_params.get("as_of", "")
        return choose_day(parse_span(as_of), datetime.now(UTC).date()) if as_of else None
    except InvalidDate:
        return None
