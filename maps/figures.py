"""Write numbers, shares and areas with the digits and marks of the reader's language."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from maps.words import word

SMALLEST_IN_KM2 = 100_000.0
"""From this many square metres an area is written in square kilometres."""

PERSIAN = str.maketrans("0123456789%-+", "۰۱۲۳۴۵۶۷۸۹٪−+")
LEFT_TO_RIGHT_MARK = "\u200e"


def write_digits(text: str, language: str) -> str:
    """Put the digits of Persian in place of ASCII ones; a sign is kept before its number in right-to-left text."""
    if language != "fa":
        return text
    return (LEFT_TO_RIGHT_MARK if text[:1] in {"-", "+"} else "") + text.translate(PERSIAN)


def write_number(value: float, language: str, *, places: int = 0, fixed: bool = False) -> str:
    """Write a number grouped by thousands with at most, or where it is `fixed` exactly, `places` decimals."""
    pattern = "#,##0" + ("." + ("0" if fixed else "#") * places if places else "")
    return write_digits(format_decimal(value, format=pattern, locale=language, numbering_system="default"), language)


def write_share(value: float, language: str, *, signed: bool = False) -> str:
    """Write a share of 0-1 as a percentage with one decimal, with a plus sign where it is asked for."""
    pattern = "+0.0%;-0.0%" if signed and value else "0.0%"
    return write_digits(format_percent(value, format=pattern, locale=language, numbering_system="default"), language)


def write_area(area_m2: float, language: str) -> str:
    """Write an area in square metres, or in square kilometres once it is large, to about three figures."""
    if area_m2 < SMALLEST_IN_KM2:
        return word("unit.m2", language, value=write_number(area_m2, language, places=0 if area_m2 >= 100 else 2))
    area_km2 = area_m2 / 1e6
    places = 0 if area_km2 >= 100 else 1 if area_km2 >= 10 else 2
    return word("unit.km2", language, value=write_number(area_km2, language, places=places))


def write_distance(distance_m: float, language: str) -> str:
    """Write a distance in metres, or in kilometres from one kilometre on."""
    if distance_m >= 1000:
        return word("unit.km", language, value=write_number(distance_m / 1000, language, places=1))
    return word("unit.m", language, value=write_number(distance_m, language))
