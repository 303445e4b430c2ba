"""Read from a request which register and which day it asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from geo.errors import InvalidValue, because
from geo.register.calendars import find_year, make_year
from geo.register.periods import Period
from geo.register.spans import choose_day, parse_span
from services.queries import RegisterState, get_register
from services.web.language import language_of
from services.web.recorded import note_day
from services.web.sessions import RequestSession

RegisterName = Annotated[str, Path(description="The name of the register.", examples=["dz"])]
"""The register in the address of an endpoint."""

Language = Annotated[str, Depends(language_of)]
"""The language of the answer."""


def read_day(
    request: Request,
    as_of: Annotated[
        str | None,
        Query(
            max_length=32,
            description="The day asked about, Jalali or Gregorian, or the last day of a month or year while today is "
            "not in it; today by default. The header `As-Of` of the answer says which.",
            examples=["1403-12-30"],
        ),
    ] = None,
) -> date:
    """Read the day a request asks about."""
    return note_day(request, choose_day(parse_span(as_of), today()) if as_of else today())


def today() -> date:
    """Give the present day in UTC."""
    return datetime.now(UTC).date()


Day = Annotated[date, Depends(read_day)]
"""The day the answer is about."""


def read_register(
    request: Request,
    session: RequestSession,
    recorded: Annotated[
        str | None,
        Query(
            max_length=40,
            description="Answer as it was recorded at this moment (RFC 3339) or at the end of this day; for officers.",
            examples=["1404-05-01"],
        ),
    ] = None,
) -> RegisterState:
    """Give the register named in the address; the session has read already what it is to look back to."""
    return get_register(session, request.path_params["register"])


AskedRegister = Annotated[RegisterState, Depends(read_register, scope="function")]
"""The register the answer is about."""


@dataclass(frozen=True)
class PublicYear:
    """Hold a year that is over, in the calendar of the country.

    The public chooses neither other periods nor days: two tables over periods that overlap could be subtracted, and
    the difference would show what each of them hides.
    """

    number: int
    """The year."""
    period: Period
    """Its days."""

    @property
    def last_day(self) -> date:
        """Give the day whose divisions the year is counted in."""
        return (self.period.end or date.max) - timedelta(days=1)


def choose_year(register: RegisterState, year: int | None) -> PublicYear:
    """Take the year asked for, which must be over, else the last one that is."""
    calendar = register.pack.calendar
    last = find_year(today(), calendar) - 1
    if year is not None and year > last:
        raise InvalidValue(field="year", value=year, reason=because("year_not_over", last=last))
    chosen = last if year is None else year
    return PublicYear(chosen, make_year(chosen, calendar))


def read_year(
    register: AskedRegister,
    year: Annotated[
        int | None,
        Query(ge=1000, le=9999, description="A year that is over, in the country's calendar; the last one by default."),
    ] = None,
) -> PublicYear:
    """Read the year a request asks about."""
    return choose_year(register, year)


Year = Annotated[PublicYear, Depends(read_year, scope="function")]
"""The year the answer is about."""
