"""Share seats by quota and largest remainder, in rounds that take out whoever is too small or too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from geo.apportionment.rules import Limits
from geo.apportionment.ties import decide_tie
from geo.apportionment.trace import QuotaLine, QuotaRound, Tie
from geo.apportionment.units import SeatUnit
from geo.errors import Infeasible, because

MOST_NAMED = 10
"""How many units a certificate names."""


@dataclass(frozen=True)
class QuotaShare:
    """Hold what the rounds came to."""

    seats: dict[str, int]
    """The seats by code; while a tie is open, those that are certain."""
    rounds: tuple[QuotaRound, ...]
    """The rounds in order."""
    tie: Tie | None
    """Equal remainders at the last seat."""


def share_by_quota(
    units: Sequence[SeatUnit], seats: int, *, limits: Mapping[str, Limits], lot: Sequence[str]
) -> QuotaShare:
    """Share seats by rounds of quotas and then by the largest remainders; raises Infeasible.

    In each round those whose quota is under their floor, or over their cap, get just that and leave; the rest is
    computed again. Where both happen at once, the side that moves more seats leaves first, so that the other is
    judged by what is really left to it.
    """
    settled: dict[str, int] = {}
    rounds: list[QuotaRound] = []
    while True:
        staying = [unit for unit in units if unit.code not in settled]
        left = seats - sum(settled.values())
        _check_left(left, staying, settled, seats)
        if not staying:
            return QuotaShare(settled, tuple(rounds), None)
        current = _run_round(len(rounds) + 1, staying, left, limits)
        if current.is_last:
            last, tie = _give_remainders(current, lot)
            held = {line.code: line.seats or 0 for line in last.lines}
            # an open tie leaves the tied with what is certain, their whole seats
            held |= {line.code: line.whole for line in last.lines if line.seats is None}
            return QuotaShare(settled | held, (*rounds, last), tie)
        rounds.append(current)
        settled |= {line.code: line.given for line in current.lines if line.given is not None}


def _check_left(left: int, staying: Sequence[SeatUnit], settled: Mapping[str, int], seats: int) -> None:
    """Refuse when those who left took more seats than there are, or nobody is there for the rest."""
    if left < 0:
        units, count = sorted(settled)[:MOST_NAMED], len(settled)
        raise Infeasible(reason=because("small_need_more", needed=seats - left, seats=seats, units=units, count=count))
    if left and not staying:
        raise Infeasible(reason=because("seats_without_units", left=left))


def _run_round(number: int, units: Sequence[SeatUnit], seats: int, limits: Mapping[str, Limits]) -> QuotaRound:
    people = sum(unit.people for unit in units)
    quotas = {unit.code: Fraction(unit.people * seats, people) for unit in units}
    given = dict(_list_given(quotas, limits))
    lines = tuple(QuotaLine(unit.code, unit.people, quotas[unit.code], given.get(unit.code), None) for unit in units)
    return QuotaRound(number, seats, people, lines)


def _list_given(quotas: Mapping[str, Fraction], limits: Mapping[str, Limits]) -> Iterator[tuple[str, int]]:
    """List who leaves the sharing, and with how many seats."""
    small = {code: limits[code].floor for code, quota in quotas.items() if quota < limits[code].trigger}
    caps = {code: limits[code].cap for code in quotas}
    large = {code: cap for code, cap in caps.items() if cap is not None and quotas[code] > cap}
    short = sum((seats - quotas[code] for code, seats in small.items()), Fraction())
    over = sum((quotas[code] - seats for code, seats in large.items()), Fraction())
    if short >= over:
        yield from small.items()
    if over >= short:
        yield from large.items()


def _give_remainders(last: QuotaRound, lot: Sequence[str]) -> tuple[QuotaRound, Tie | None]:
    """Give the seats that whole quotas leave over, by remainder from the largest."""
    more, tied, left = set[str](), None, last.left_over
    ranked = sorted(last.lines, key=lambda line: (-line.remainder, line.code))
    for _, group in groupby(ranked, key=lambda line: line.remainder):
        codes = [line.code for line in group]
        if not left:
            break
        if len(codes) > left:
            tied = decide_tie(codes, left, lot)
            codes = list(tied.winners)
            left = 0
        else:
            left -= len(codes)
        more.update(codes)
    open_codes = set(tied.codes) if tied and not tied.winners else set()
    lines = tuple(
        replace(line, seats=None if line.code in open_codes else line.whole + (line.code in more))
        for line in last.lines
    )
    return replace(last, lines=lines), tied
