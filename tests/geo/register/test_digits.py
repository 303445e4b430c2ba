"""Check digits and numbers in each language."""

from __future__ import annotations

import pytest

from geo.register import format_number, from_digits, to_digits


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "ناحیه ۱۲"),
        ("fa-AF", "ناحیه ۱۲"),
        ("ps", "ناحیه ۱۲"),
        ("ar", "ناحیه ١٢"),
        ("en", "ناحیه 12"),
        ("fr", "ناحیه 12"),
    ],
)
@pytest.mark.parametrize("given", ["ناحیه 12", "ناحیه ۱۲", "ناحیه ١٢"])
def test_digits_are_those_of_the_language(language: str, text: str, given: str) -> None:
    assert to_digits(given, language) == text


@pytest.mark.parametrize("text", ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
def test_digits_are_read(text: str) -> None:
    assert from_digits(text) == "0123456789"


@pytest.mark.parametrize(
    ("value", "language", "decimals", "text"),
    [
        (2286.4, "fa", 1, "۲٬۲۸۶٫۴"),
        (2286.4, "ps", 1, "۲٬۲۸۶٫۴"),
        (2286.4, "ar", 1, "٢٬٢٨٦٫٤"),
        (2286.4, "en", 1, "2,286.4"),
        (1538, "fa", 0, "۱٬۵۳۸"),
        (0, "fa", 0, "۰"),
        (-5, "en", 0, "-5"),
        (-0.4, "en", 0, "0"),
        (-5, "fa", 0, "\u200e-۵"),
    ],
)
def test_number_is_written(value: float, language: str, decimals: int, text: str) -> None:
    assert format_number(value, language, decimals=decimals) == text
