"""Write and read numbers in the digits of a language."""

from __future__ import annotations

ASCII_DIGITS = "0123456789"
PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"

DIGITS = {"fa": PERSIAN_DIGITS, "ps": PERSIAN_DIGITS, "ar": ARABIC_DIGITS}
"""The digits of each main language that does not write ASCII ones; Dari (fa-AF) writes the Persian."""

SEPARATORS = {PERSIAN_DIGITS: ("٬", "٫"), ARABIC_DIGITS: ("٬", "٫"), ASCII_DIGITS: (",", ".")}
"""What stands between thousands and before the fraction, by digits."""

_TO_ASCII = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, ASCII_DIGITS * 2)


def digits_of(language: str) -> str:
    """Give the ten digits a language writes."""
    return DIGITS.get(language.split("-")[0], ASCII_DIGITS)


def to_digits(text: str, language: str) -> str:
    """Write all digits of a text, whatever they are, in those of a language."""
    return from_digits(text).translate(str.maketrans(ASCII_DIGITS, digits_of(language)))


def from_digits(text: str) -> str:
    """Write Persian and Arabic digits of a text as ASCII ones."""
    return text.translate(_TO_ASCII)


def format_number(value: float, language: str, *, decimals: int = 0) -> str:
    """Write a number with thousands apart and a fixed number of decimals: «۲٬۲۸۶٫۴» in Persian.

    Parameters
    ----------
    value
        The number, rounded half to even at the last decimal.
    language
        The language whose digits and separators are used.
    decimals
        How many decimals to write.

    Examples
    --------
    >>> format_number(2286.4, "fa", decimals=1)
    '۲٬۲۸۶٫۴'
    >>> format_number(-1234567, "en")
    '-1,234,567'
    """
    digits = digits_of(language)
    thousands, fraction = SEPARATORS[digits]
    plain = f"{value:z,.{decimals}f}".translate({ord(","): thousands, ord("."): fraction})
    # Without the mark, a page that runs from right to left puts the sign behind the number.
    signed = plain.replace("-", "-" if digits == ASCII_DIGITS else "\u200e-")
    return to_digits(signed, language)
