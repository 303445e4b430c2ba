"""Hold the units that share seats, each with its people and what the law gives it alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.errors import InvalidValue, because

MOST_PEOPLE = 10_000_000_000
"""More people than there are; a larger figure is a mistake."""

MOST_SEATS = 10_000
"""More seats than any body has; a larger figure is a mistake."""


@dataclass(frozen=True)
class SeatUnit:
    """Describe one unit that shares the seats: a province, a party, a county."""

    code: str
    """Its code, unique among the units."""
    people: int
    """Its people, or voters or votes: what the seats are shared by."""
    floor: int | None = None
    """The fewest seats it gets, where it has a floor of its own."""
    cap: int | None = None
    """The most seats it gets, where it has a cap of its own."""
    fixed: int | None = None
    """Its seats, where the law names them: it takes no part in the sharing."""


def sort_units(units: Iterable[SeatUnit]) -> tuple[SeatUnit, ...]:
    """Check the units and sort them by code, so that the order they came in decides nothing."""
    found = tuple(units)
    if not found:
        raise InvalidValue(field="units", value=0, reason=because("no_seat_units"))
    for unit in found:
        check_unit(unit)
    _check_codes([unit.code for unit in found])
    return tuple(sorted(found, key=lambda unit: unit.code))


def _check_codes(codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidValue(field="code", value=code, reason=because("said_twice"))
        seen.add(code)


def check_unit(unit: SeatUnit) -> None:
    """Refuse a unit whose figures cannot be; the error names its code and the field."""
    if not unit.code.strip():
        raise InvalidValue(field="code", value=repr(unit.code), reason=because("seat_code_empty"))
    check_whole("population", unit.people, least=1, most=MOST_PEOPLE, of=unit.code)
    for field, value in (("floor", unit.floor), ("cap", unit.cap), ("fixed", unit.fixed)):
        if value is not None:
            check_whole(field, value, least=0, most=MOST_SEATS, of=unit.code)
    if unit.fixed is not None and (unit.floor is not None or unit.cap is not None):
        raise InvalidValue(field="fixed", value=unit.fixed, reason=because("fixed_and_bounded", code=unit.code))
    if unit.floor is not None and unit.cap is not None and unit.floor > unit.cap:
        raise InvalidValue(field="floor", value=unit.floor, reason=because("floor_over_cap", cap=unit.cap))


def check_whole(field: str, value: object, *, least: int, most: int, of: str = "") -> int:
    """Give a whole number within its range, or raise InvalidValue with the unit `of` which it is."""
    # a bool is an int to Python, and a float may be no number at all
    if isinstance(value, bool) or not isinstance(value, int):
        reason = because("not_a_number")
    elif least <= value <= most:
        return value
    else:
        reason = because("outside_range", least=least, most=most)
    raise InvalidValue(field=f"{field} ({of})" if of else field, value=value, reason=reason)
