"""Read from a request which register and which day it asks about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from geo.register.calendars import parse_date
from services.queries import RegisterState, get_register
from services.web.language import language_of
from services.web.sessions import RequestSession

Language = Annotated[str, Depends(language_of)]
"""The language of the answer."""


def read_day(
    as_of: Annotated[
        str | None,
        Query(
            max_length=32,
            description="The day asked about, Jalali or Gregorian; today by default.",
            examples=["1403-12-30"],
        ),
    ] = None,
) -> date:
    """Read the day a request asks about."""
    return parse_date(as_of) if as_of else today()


def today() -> date:
    """Give the present day in UTC."""
    return datetime.now(UTC).date()


Day = Annotated[date, Depends(read_day)]
"""The day the answer is about."""


def read_register(request: Request, session: RequestSession) -> RegisterState:
    """Give the register named in the address."""
    return get_register(session, request.path_params["register"])


AskedRegister = Annotated[RegisterState, Depends(read_register, scope="function")]
"""The register the answer is about."""
