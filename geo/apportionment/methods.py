"""Name the methods of apportionment, and the order in which a divisor method gives seats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction

from geo.errors import InvalidValue, because


class Method(StrEnum):
    """Name a method by the word that people give it."""

    HAMILTON = "hamilton"
    """Whole quotas, then the largest remainders (Hare and Niemeyer)."""
    ARTICLE_49 = "article-49"
    """Largest remainders, but whoever is too small gets a fixed number and the rest is computed again."""
    DHONDT = "dhondt"
    """Divide by 1, 2, 3 … (Jefferson): fractions are dropped."""
    SAINTE_LAGUE = "sainte-lague"
    """Divide by 1, 3, 5 … (Webster): fractions are rounded at the half."""
    HUNTINGTON_HILL = "huntington-hill"
    """Round at the geometric mean of the two whole numbers."""
    ADAMS = "adams"
    """Round every fraction up."""
    DEAN = "dean"
    """Round at the harmonic mean of the two whole numbers."""
    BANDS = "bands"
    """Give each unit the seats of the band its population lies in."""


OTHER_NAMES: Mapping[str, Method] = {
    "largest-remainder": Method.HAMILTON,
    "vinton": Method.HAMILTON,
    "d-hondt": Method.DHONDT,
    "jefferson": Method.DHONDT,
    "webster": Method.SAINTE_LAGUE,
    "equal-proportions": Method.HUNTINGTON_HILL,
}
"""What else people call some of the methods."""

CHOICES = tuple(method for method in Method if method is not Method.BANDS)
"""The methods that share a given number of seats."""

DIVISORS: Mapping[Method, Callable[[int], Fraction]] = {
    Method.DHONDT: lambda held: Fraction(held + 1),
    Method.SAINTE_LAGUE: lambda held: Fraction(2 * held + 1, 2),
    Method.HUNTINGTON_HILL: lambda held: Fraction(held * (held + 1)),
    Method.ADAMS: lambda held: Fraction(held),
    Method.DEAN: lambda held: Fraction(2 * held * (held + 1), 2 * held + 1),
}
"""What the people of a unit that holds some seats are divided by; for Huntington-Hill, the square of it."""


def find_method(word: str) -> Method:
    """Find the method people call `word`, or raise InvalidValue."""
    key = word.strip().lower().replace("_", "-").replace("'", "")
    if key in OTHER_NAMES:
        return OTHER_NAMES[key]
    if key in CHOICES:
        return Method(key)
    raise InvalidValue(field="method", value=word, reason=because("one_of_methods", known=CHOICES))


def is_squared(method: Method) -> bool:
    """Tell whether the method's claims are compared by their squares, which keeps roots out of the arithmetic."""
    return method is Method.HUNTINGTON_HILL


def first_seats(method: Method) -> int:
    """Give the seats every unit has before the method can rank its claims: one where the first divisor is nought."""
    return 1 if method in DIVISORS and DIVISORS[method](0) == 0 else 0


def measure_claim(method: Method, people: int, held: int) -> Fraction:
    """Measure how strong a unit's claim to its next seat is, as an exact fraction.

    Parameters
    ----------
    method
        A divisor method.
    people
        The people of the unit.
    held
        The seats it has by now.

    Examples
    --------
    >>> measure_claim(Method.DHONDT, 53, 1)
    Fraction(53, 2)
    >>> measure_claim(Method.HUNTINGTON_HILL, 6, 1)
    Fraction(18, 1)
    """
    return Fraction(people**2 if is_squared(method) else people) / DIVISORS[method](held)
