"""Share the seats of a body among units by a rule, exactly, and keep every step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from geo.apportionment.divisors import share_by_rank
from geo.apportionment.methods import DIVISORS, Method
from geo.apportionment.quotas import share_by_quota
from geo.apportionment.rules import Limits, SeatRule, check_rule, find_limits
from geo.apportionment.trace import Apportionment, UnitSeats
from geo.apportionment.units import SeatUnit, sort_units
from geo.errors import Infeasible, because


def apportion(units: Iterable[SeatUnit], rule: SeatRule) -> Apportionment:
    """Share seats by a rule in whole numbers and fractions; raises Infeasible with what stands in the way.

    Equal claims to the last seats are never decided here: the answer names them and counts their seats as undecided,
    unless the rule brings a lot that was drawn.

    Examples
    --------
    >>> found = apportion([SeatUnit("a", 6), SeatUnit("b", 6), SeatUnit("c", 2)], SeatRule(Method.HAMILTON, 10))
    >>> found.by_code()
    {'a': 4, 'b': 4, 'c': 2}
    """
    found = sort_units(units)
    check_rule(rule, found)
    sharing = [unit for unit in found if unit.fixed is None]
    seats = _count_shared(rule, found)
    limits = {unit.code: find_limits(unit, rule) for unit in sharing}
    _check_limits(rule, seats, list(limits.values()))
    if rule.method in DIVISORS:
        ranked = share_by_rank(rule.method, sharing, seats, limits=limits, lot=rule.lot)
        before = {code: one.floor for code, one in limits.items()}
        return Apportionment(
            *(rule.method, rule.seats, rule.reserved, _list_units(found, ranked.seats, before)),
            awards=ranked.awards,
            ties=(ranked.tie,) if ranked.tie else (),
        )
    shared = share_by_quota(sharing, seats, limits=limits, lot=rule.lot)
    return Apportionment(
        *(rule.method, rule.seats, rule.reserved, _list_units(found, shared.seats, {})),
        rounds=shared.rounds,
        ties=(shared.tie,) if shared.tie else (),
    )


def _count_shared(rule: SeatRule, units: Sequence[SeatUnit]) -> int:
    """Count the seats that reserved and fixed ones leave."""
    reserved = sum(one.seats for one in rule.reserved)
    fixed = sum(unit.fixed or 0 for unit in units)
    if reserved + fixed > rule.seats:
        raise Infeasible(reason=because("set_aside_over_seats", reserved=reserved, fixed=fixed, seats=rule.seats))
    return rule.seats - reserved - fixed


def _check_limits(rule: SeatRule, seats: int, limits: Sequence[Limits]) -> None:
    """Refuse floors above, or caps below, the seats there are."""
    floors = sum(one.floor for one in limits)
    # article 49 promises its floor only to the small, and the rounds see whether that can be kept
    if rule.method is not Method.ARTICLE_49 and floors > seats:
        raise Infeasible(reason=because("floors_over_seats", floors=floors, seats=seats, units=len(limits)))
    caps = [one.cap for one in limits if one.cap is not None]
    if len(caps) == len(limits) and sum(caps) < seats:
        raise Infeasible(reason=because("caps_under_seats", caps=sum(caps), seats=seats, units=len(limits)))


def _list_units(
    units: Sequence[SeatUnit], seats: Mapping[str, int], before: Mapping[str, int]
) -> tuple[UnitSeats, ...]:
    return tuple(
        UnitSeats(unit.code, unit.people, unit.fixed, before=unit.fixed, is_fixed=True)
        if unit.fixed is not None
        else UnitSeats(unit.code, unit.people, seats[unit.code], before=before.get(unit.code, 0), is_fixed=False)
        for unit in units
    )
