"""Read which days a written date means: a day, a month or a year, and stretches between two of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from geo.errors import InvalidDate, InvalidPeriod, InvalidValue, because
from geo.register.calendars import FIRST_GREGORIAN_YEAR, from_jalali, make_year, parse_date, to_jalali
from geo.register.digits import from_digits
from geo.register.periods import Period

LAST_YEAR = 9998
"""The last year that is over before the last day a date can name."""

BLANKS = " \u200e\u200f\u200c\t"
"""What may stand around a written date."""


def parse_span(text: str) -> Period:
    """Read the days that a date means: one day, or all of a month or a year when no more is written.

    Examples
    --------
    >>> parse_span("1390").start, parse_span("1390-12").end
    (datetime.date(2011, 3, 21), datetime.date(2012, 3, 20))
    """
    plain = from_digits(text).strip(BLANKS)
    if match := re.fullmatch(r"(\d{1,4})", plain):
        return _make_year(text, int(match[1]))
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", plain):
        return _make_month(text, int(match[1]), int(match[2]))
    if re.fullmatch(r"[^\d\s]+\s+\d{4}", plain):
        return _grow_month(text, parse_date(f"1 {plain}"))
    return _make_day(text, parse_date(text))


def choose_day(span: Period, today: date) -> date:
    """Choose the day a span is asked about: its last one, or today while it is not over."""
    return today if span.contains(today) else (span.end or date.max) - timedelta(days=1)


def parse_range(first: str, last: str) -> Period:
    """Read the days from `first` to `last`, the latter with all its days.

    Raises InvalidValue when the two are written in different calendars, and InvalidPeriod when they are in the wrong
    order.
    """
    start, end = parse_span(first), parse_span(last)
    calendars = (tell_calendar(first), tell_calendar(last))
    if calendars[0] != calendars[1]:
        raise InvalidValue(field="to", value=last, reason=because("range_mixed", first=first, last=last))
    if start.start is None or end.end is None or end.end <= start.start:
        raise InvalidPeriod(start=start.start, end=end.end)
    return Period(start.start, end.end)


def tell_calendar(text: str) -> str:
    """Tell in which calendar a date is written, by its year of four digits: `jalali` or `gregorian`."""
    years = re.findall(r"\d{4}", from_digits(text))
    return "gregorian" if any(int(year) >= FIRST_GREGORIAN_YEAR for year in years) else "jalali"


def parse_moment(text: str, now: datetime) -> datetime:
    """Read when something was recorded: an instant with its offset, or the end of a day, month or year.

    What lies ahead of `now` is refused, for nothing has been recorded then; the present day ends now.
    """
    if re.match(r"\d{4}-\d\d-\d\d[Tt]", text.strip(BLANKS)):
        moment = _parse_instant(text)
    else:
        span = parse_span(text)
        end = datetime.combine(span.end or date.max, datetime.min.time(), UTC)
        moment = now if span.contains(now.date()) else end - timedelta(microseconds=1)
    if moment > now:
        raise InvalidDate(value=text, reason=because("moment_ahead"))
    return moment


def _parse_instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip(BLANKS))
    except ValueError:
        raise InvalidDate(value=text, reason=because("moment_form")) from None
    if moment.tzinfo is None:
        raise InvalidDate(value=text, reason=because("moment_form"))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidDate(value=text, reason=because("moment_form")) from None


def _make_year(text: str, year: int) -> Period:
    if year > LAST_YEAR:
        raise InvalidDate(value=text, reason=because("date_year_range", last=LAST_YEAR))
    return make_year(year, "gregorian" if year >= FIRST_GREGORIAN_YEAR else "jalali")


def _make_month(text: str, year: int, month: int) -> Period:
    _make_year(text, year)
    return _grow_month(text, parse_date(f"{year:04}-{month:02}-01"))


def _grow_month(text: str, first: date) -> Period:
    """Give the month that begins on a day."""
    if first.year > LAST_YEAR:
        raise InvalidDate(value=text, reason=because("date_year_range", last=LAST_YEAR))
    later = first + timedelta(days=32)
    if tell_calendar(text) == "gregorian":
        return Period(first, later.replace(day=1))
    year, month, _ = to_jalali(later)
    return Period(first, from_jalali(year, month, 1))


def _make_day(text: str, day: date) -> Period:
    if day == date.max:
        raise InvalidDate(value=text, reason=because("date_year_range", last=LAST_YEAR))
    return Period(day, day + timedelta(days=1))
