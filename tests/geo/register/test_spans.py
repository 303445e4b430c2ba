"""Test which days a written date means."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from geo.errors import InvalidDate, InvalidPeriod, InvalidValue
from geo.register.periods import Period
from geo.register.spans import choose_day, parse_moment, parse_range, parse_span, tell_calendar

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1390", date(2011, 3, 21), date(2012, 3, 20)),
        ("۱۴۰۳", date(2024, 3, 20), date(2025, 3, 21)),
        ("1403-12", date(2025, 2, 19), date(2025, 3, 21)),
        ("1404/12", date(2026, 2, 20), date(2026, 3, 21)),
        ("مرداد 1390", date(2011, 7, 23), date(2011, 8, 23)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2023-12", date(2023, 12, 1), date(2024, 1, 1)),
        ("August 2024", date(2024, 8, 1), date(2024, 9, 1)),
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("1403-12-30", date(2025, 3, 20), date(2025, 3, 21)),
        ("30 حوت 1403", date(2025, 3, 20), date(2025, 3, 21)),
    ],
)
def test_date_means_all_its_days(text: str, start: date, end: date):
    assert parse_span(text) == Period(start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\0", "x", "0", "99", "999", "9999", "9999-12-31", "1390-13", "1390-00", "1404-12-30"),
        *("1390/1-1", "2023-02-29", "99990101", "مرداد 2024", "1" * 32),
    ],
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(InvalidDate):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "day"), [("1390", date(2012, 3, 19)), ("2026", NOW.date()), ("1406", date(2028, 3, 19))]
)
def test_last_day_stands_for_a_span_unless_it_is_not_over(text: str, day: date):
    assert choose_day(parse_span(text), NOW.date()) == day


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("1390", "1390", Period(date(2011, 3, 21), date(2012, 3, 20))),
        ("1390-01-01", "1390-01-01", Period(date(2011, 3, 21), date(2011, 3, 22))),
        ("2019", "2020-01", Period(date(2019, 1, 1), date(2020, 2, 1))),
    ],
)
def test_range_has_its_last_day(first: str, last: str, period: Period):
    assert parse_range(first, last) == period


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        ("1390", "2015", InvalidValue),
        ("2015-01-01", "1394-01-01", InvalidValue),
        ("1395", "1390", InvalidPeriod),
        ("1390-01-02", "1390-01-01", InvalidPeriod),
        ("1404-12-30", "1405", InvalidDate),
    ],
)
def test_range_is_in_one_calendar_and_in_order(first: str, last: str, error: type[Exception]):
    with pytest.raises(error):
        parse_range(first, last)


@pytest.mark.parametrize(
    ("text", "calendar"), [("1390", "jalali"), ("۲۰۲۰-۰۱-۰۱", "gregorian"), ("حوت 1403", "jalali")]
)
def test_year_tells_the_calendar(text: str, calendar: str):
    assert tell_calendar(text) == calendar


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T15:29:00+03:30", datetime(2026, 11, 21, 11, 59, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, 23, 59, 59, 999999, tzinfo=UTC)),
        ("1404", datetime(2026, 3, 20, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-21", NOW),
        ("1405", NOW),
    ],
)
def test_moment_is_an_instant_or_the_end_of_a_date(text: str, moment: datetime):
    assert parse_moment(text, NOW) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-22", "2027", "2026-11-21T12:00:01Z", "2026-11-21T10:00:00", "2026-11-21T25:00:00Z"),
        *("0001-01-01T00:00:00+23:00", "2026-11-21T10:00:00 03:30", "\0"),
    ],
)
def test_moment_ahead_or_unclear_is_refused(text: str):
    with pytest.raises(InvalidDate):
        parse_moment(text, NOW)
