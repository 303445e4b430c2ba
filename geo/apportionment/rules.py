"""Hold the rule by which seats are shared: the method, the number, floors, caps, reserved seats and lots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.apportionment.methods import Method, first_seats
from geo.apportionment.units import MOST_SEATS, SeatUnit, check_whole
from geo.errors import InvalidValue, because

GIVEN_TO_SMALL = 2
"""What article 49 gives a province that is too small, unless the rule says otherwise."""


@dataclass(frozen=True)
class Reserve:
    """Set seats of the body aside for people who are no unit, such as nomads or a minority."""

    key: str
    """Whom they are for, as a key of the body."""
    seats: int
    """How many."""


@dataclass(frozen=True)
class SeatRule:
    """Say how the seats of a body are shared."""

    method: Method
    """The method."""
    seats: int
    """All seats of the body, the reserved and fixed ones included."""
    floor: int | None = None
    """The fewest seats of a unit; in article 49 what a too small one gets. None is the method's own."""
    cap: int | None = None
    """The most seats of a unit; None is no limit."""
    trigger: int | None = None
    """In article 49, a unit whose quota is under this many seats is too small; one unless told otherwise."""
    reserved: tuple[Reserve, ...] = ()
    """Seats set aside before all sharing."""
    lot: tuple[str, ...] = ()
    """The codes of units in the order in which a drawn lot put them; only this breaks a tie."""


@dataclass(frozen=True)
class Limits:
    """Hold the limits of one unit under a rule."""

    floor: int
    """What it gets at least, or when it is too small."""
    cap: int | None
    """What it gets at most."""
    trigger: int
    """It is too small when its quota is under this."""


def find_limits(unit: SeatUnit, rule: SeatRule) -> Limits:
    """Find the limits of a unit: its own before those of the rule."""
    own = GIVEN_TO_SMALL if rule.method is Method.ARTICLE_49 else 0
    floor = unit.floor if unit.floor is not None else rule.floor if rule.floor is not None else own
    cap = unit.cap if unit.cap is not None else rule.cap
    if rule.method is Method.ARTICLE_49:
        return Limits(floor, cap, min(floor, 1 if rule.trigger is None else rule.trigger))
    floor = max(floor, min(first_seats(rule.method), 1 if cap is None else cap))
    return Limits(floor, cap, floor)


def check_rule(rule: SeatRule, units: Sequence[SeatUnit]) -> None:
    """Refuse a rule whose figures cannot be, whatever the populations are."""
    if rule.method is Method.BANDS:
        raise InvalidValue(field="method", value=rule.method, reason=because("bands_share_nothing"))
    check_whole("seats", rule.seats, least=1, most=MOST_SEATS)
    for field, value in (("floor", rule.floor), ("cap", rule.cap)):
        if value is not None:
            check_whole(field, value, least=0, most=MOST_SEATS)
    _check_trigger(rule)
    _check_reserved(rule.reserved)
    _check_lot(rule.lot, {unit.code for unit in units})
    for unit in units:
        limits = find_limits(unit, rule)
        if limits.cap is not None and limits.floor > limits.cap:
            raise InvalidValue(
                field=f"floor ({unit.code})", value=limits.floor, reason=because("floor_over_cap", cap=limits.cap)
            )


def _check_trigger(rule: SeatRule) -> None:
    if rule.trigger is None:
        return
    if rule.method is not Method.ARTICLE_49:
        raise InvalidValue(field="trigger", value=rule.trigger, reason=because("trigger_of_article_49"))
    most = GIVEN_TO_SMALL if rule.floor is None else rule.floor
    check_whole("trigger", rule.trigger, least=1, most=most)


def _check_reserved(reserved: Sequence[Reserve]) -> None:
    for one in reserved:
        check_whole("reserve", one.seats, least=1, most=MOST_SEATS, of=one.key)
    keys = [one.key for one in reserved]
    for key in keys:
        if keys.count(key) > 1 or not key.strip():
            raise InvalidValue(field="reserve", value=key, reason=because("said_twice"))


def _check_lot(lot: Sequence[str], codes: set[str]) -> None:
    for code in lot:
        if code not in codes:
            raise InvalidValue(field="lot", value=code, reason=because("lot_unknown"))
        if lot.count(code) > 1:
            raise InvalidValue(field="lot", value=code, reason=because("said_twice"))
