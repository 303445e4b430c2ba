"""Write exact fractions and their roots as decimals for people, without a float on the way."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt


def write_fraction(value: Fraction, places: int = 4) -> str:
    """Write a fraction that is not negative, cut off after some decimals so that it never seems to reach a whole.

    Parameters
    ----------
    value
        The fraction.
    places
        How many decimals to write.

    Examples
    --------
    >>> write_fraction(Fraction(2, 3))
    '0.6666'
    """
    return _place_point(value.numerator * 10**places // value.denominator, places)


def write_root(value: Fraction, places: int = 4) -> str:
    """Write the root of a fraction that is not negative, cut off after some decimals.

    Parameters
    ----------
    value
        The square.
    places
        How many decimals to write.

    Examples
    --------
    >>> write_root(Fraction(18))
    '4.2426'
    """
    return _place_point(isqrt(value.numerator * 10 ** (2 * places) // value.denominator), places)


def _place_point(digits: int, places: int) -> str:
    whole, rest = divmod(digits, 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)
