"""Check dates in and out of both calendars."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InvalidDate
from geo.register import format_date, from_jalali, parse_date, to_jalali

LEAP_DAY = date(2025, 3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "1403-12-30",
        "1403/12/30",
        "1403.12.30",
        "۱۴۰۳/۱۲/۳۰",
        "١٤٠٣/١٢/٣٠",
        " ۱۴۰۳/۱۲/۳۰\u200f",
        "2025-03-20",
        "2025/3/20",
        "۳۰ اسفند ۱۴۰۳",
        "30 حوت 1403",
        "۳۰ کب ۱۴۰۳",
        "20 March 2025",
        "20 mars 2025",
        "20 مارس 2025",
    ],
)
def test_date_is_read(text: str) -> None:
    assert parse_date(text) == LEAP_DAY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1404-12-30", "date_not_in_jalali"),
        ("1403-13-01", "date_not_in_jalali"),
        ("1403-07-31", "date_not_in_jalali"),
        ("1403-00-01", "date_not_in_jalali"),
        ("2025-02-29", "date_not_in_gregorian"),
        ("03/12/30", "date_short_year"),
        ("0403-12-30", "date_short_year"),
        ("30 اسفند 403", "date_short_year"),
        ("30 اسفند 2025", "date_mixed"),
        ("20 March 1403", "date_mixed"),
        ("20 Brumaire 2025", "date_no_month"),
        ("1403-12/30", "date_form"),
        ("12/30/1403", "date_form"),
        ("2025-03-20T00:00", "date_form"),
        ("", "date_form"),
    ],
)
def test_no_date_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidDate) as caught:
        parse_date(text)
    assert (caught.value.params["value"], caught.value.params["reason"].key) == (text, reason)


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("fa", "۱۴۰۳/۱۲/۳۰", "۳۰ اسفند ۱۴۰۳"),
        ("fa-AF", "۱۴۰۳/۱۲/۳۰", "۳۰ حوت ۱۴۰۳"),
        ("ps", "۱۴۰۳/۱۲/۳۰", "۳۰ کب ۱۴۰۳"),
        ("ar", "٢٠٢٥/٠٣/٢٠", "٢٠ مارس ٢٠٢٥"),
        ("en", "2025-03-20", "20 March 2025"),
        ("fr", "2025-03-20", "20 mars 2025"),
        ("de", "2025-03-20", "20 March 2025"),
    ],
)
def test_date_is_written(language: str, short: str, long: str) -> None:
    assert format_date(LEAP_DAY, language) == short
    assert format_date(LEAP_DAY, language, long=True) == long


@pytest.mark.parametrize("year", [1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408])
def test_leap_years_have_a_last_day(year: int) -> None:
    assert to_jalali(from_jalali(year, 12, 30)) == (year, 12, 30)
    with pytest.raises(InvalidDate):
        from_jalali(year + 1, 12, 30)


def test_day_before_the_calendar_is_refused() -> None:
    assert to_jalali(date(622, 3, 22)) == (1, 1, 1)
    with pytest.raises(InvalidDate, match="date_before_jalali"):
        to_jalali(date(622, 3, 21))
