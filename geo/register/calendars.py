"""Read and write dates in the Jalali and the Gregorian calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from persiantools.jdatetime import JalaliDate

from geo.errors import InvalidDate, Reason, because
from geo.register.digits import from_digits, to_digits
from geo.register.names import search_key
from geo.register.periods import Period

FIRST_GREGORIAN_YEAR = 1700
"""A written year before this one is Jalali; no decree of the Gregorian calendar is that old."""

FIRST_JALALI_YEAR = 1000
"""A written year before this one has lost digits."""

JALALI_START = date(622, 3, 22)

LAST_YEAR = {"jalali": 9377, "gregorian": 9999}
"""The years from which a date can no longer be written."""

Months = Mapping[str, tuple[str, ...]]


def _list_words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


JALALI_MONTHS: Months = {
    "fa": _list_words("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"),
    "fa-AF": _list_words("حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"),
    "ps": _list_words("وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"),
}
"""The Jalali months by the languages that write dates in them."""

GREGORIAN_MONTHS: Months = {
    "ar": _list_words("جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر"),
    "en": _list_words("January February March April May June July August September October November December"),
    "fr": _list_words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
}
"""The Gregorian months; Arabic ones as Algeria writes them."""


def to_jalali(day: date) -> tuple[int, int, int]:
    """Give the Jalali year, month and day of a date."""
    if day < JALALI_START:
        raise InvalidDate(value=day.isoformat(), reason=because("date_before_jalali"))
    jalali = JalaliDate.to_jalali(day)  # type: ignore[no-untyped-call]
    return jalali.year, jalali.month, jalali.day


def from_jalali(year: int, month: int, day: int) -> date:
    """Give the date of a Jalali year, month and day, which must exist."""
    if not JalaliDate.check_date(year, month, day):
        raise InvalidDate(value=f"{year:04}-{month:02}-{day:02}", reason=because("date_not_in_jalali"))
    found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return found


def add_months(day: date, months: int, *, calendar: str = "gregorian") -> date:
    """Give the same day of a later month in a civil calendar; where that month is shorter, the first of the next.

    Examples
    --------
    >>> add_months(date(2006, 6, 29), 12 * 18, calendar="jalali")
    datetime.date(2024, 6, 28)
    """
    year, month, number = to_jalali(day) if calendar == "jalali" else (day.year, day.month, day.day)
    read = from_jalali if calendar == "jalali" else date
    years, index = divmod(year * 12 + month - 1 + months, 12)
    try:
        return read(years, index + 1, number)
    except (InvalidDate, ValueError):
        years, index = divmod(year * 12 + month + months, 12)
    return read(years, index + 1, 1) if years < LAST_YEAR[calendar] else date.max


def parse_date(text: str) -> date:
    """Read a date as people and files write it, in either calendar and any digits.

    Examples
    --------
    >>> parse_date("۱۴۰۳/۱۲/۳۰")
    datetime.date(2025, 3, 20)
    >>> parse_date("30 حوت 1403") == parse_date("2025-03-20")
    True
    """
    plain = from_digits(text).strip(" \u200e\u200f\u200c\t")
    # Both separators must be the same: 1403-12/30 is a slip, and nobody can tell which part of it.
    if match := re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,2})", plain):
        return _from_numbers(text, int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(r"(\d{1,2})\s+(\D+?)\s+(\d{1,4})", plain):
        return _from_words(text, match[2], year=int(match[3]), day=int(match[1]))
    raise InvalidDate(value=text, reason=because("date_form"))


def _from_numbers(text: str, year: int, month: int, day: int) -> date:
    if year < FIRST_JALALI_YEAR:
        raise InvalidDate(value=text, reason=because("date_short_year", year=year))
    if year < FIRST_GREGORIAN_YEAR:
        return _make(text, JALALI_MONTHS, (year, month, day))
    return _make(text, GREGORIAN_MONTHS, (year, month, day))


def _from_words(text: str, word: str, *, year: int, day: int) -> date:
    for calendar in (JALALI_MONTHS, GREGORIAN_MONTHS):
        for months in calendar.values():
            keys = [search_key(month) for month in months]
            if search_key(word) in keys:
                _check_year(text, year, is_jalali=calendar is JALALI_MONTHS)
                return _make(text, calendar, (year, keys.index(search_key(word)) + 1, day))
    raise InvalidDate(value=text, reason=because("date_no_month", month=word))


def _check_year(text: str, year: int, *, is_jalali: bool) -> None:
    """Refuse a year that belongs to the other calendar than the month."""
    if year < FIRST_JALALI_YEAR:
        raise InvalidDate(value=text, reason=because("date_short_year", year=year))
    if (year < FIRST_GREGORIAN_YEAR) != is_jalali:
        raise InvalidDate(value=text, reason=because("date_mixed", year=year))


def _make(text: str, calendar: Months, parts: tuple[int, int, int]) -> date:
    try:
        return from_jalali(*parts) if calendar is JALALI_MONTHS else date(*parts)
    except ValueError:
        reason: Reason = because("date_not_in_gregorian")
    except InvalidDate:
        reason = because("date_not_in_jalali")
    raise InvalidDate(value=text, reason=reason)


def format_date(day: date, language: str, *, long: bool = False) -> str:
    """Write a date in a language's calendar and digits: «۱۴۰۳/۱۲/۳۰», or «۳۰ اسفند ۱۴۰۳» when long."""
    is_jalali = language in JALALI_MONTHS
    year, number, month_day = to_jalali(day) if is_jalali else (day.year, day.month, day.day)
    if long:
        months = JALALI_MONTHS[language] if is_jalali else GREGORIAN_MONTHS.get(language, GREGORIAN_MONTHS["en"])
        return to_digits(f"{month_day} {months[number - 1]} {year}", language)
    mark = "/" if is_jalali or language == "ar" else "-"
    return to_digits(f"{year:04}{mark}{number:02}{mark}{month_day:02}", language)


def find_year(day: date, calendar: str) -> int:
    """Give the year of a day in the calendar of a country pack: `jalali` or `gregorian`."""
    return to_jalali(day)[0] if calendar == "jalali" else day.year


def make_year(year: int, calendar: str) -> Period:
    """Give the days of a year of a calendar.

    Raises InvalidDate for a year no calendar of ours reaches.
    """
    _check_year(str(year), year, is_jalali=calendar == "jalali")
    if calendar == "jalali":
        return Period(from_jalali(year, 1, 1), from_jalali(year + 1, 1, 1))
    return Period(date(year, 1, 1), date(year + 1, 1, 1))
