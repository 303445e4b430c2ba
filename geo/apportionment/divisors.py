"""Give seats one by one to the strongest claim: the divisor methods."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from geo.apportionment.methods import Method, measure_claim
from geo.apportionment.rules import Limits
from geo.apportionment.ties import decide_tie
from geo.apportionment.trace import Award, Tie
from geo.apportionment.units import SeatUnit


@dataclass(frozen=True)
class RankedShare:
    """Hold what the ranking came to."""

    seats: dict[str, int]
    """The seats by code; while a tie is open, those that are certain."""
    awards: tuple[Award, ...]
    """The seats in the order they were given."""
    tie: Tie | None
    """Equal claims to the last seats."""


class _Ranking:
    """Keep the next claim of every unit that may still get a seat, the strongest first."""

    def __init__(self, method: Method, units: Sequence[SeatUnit], limits: Mapping[str, Limits]) -> None:
        self.method = method
        self.people = {unit.code: unit.people for unit in units}
        self.limits = limits
        self.held = {unit.code: limits[unit.code].floor for unit in units}
        self.given = sum(self.held.values())
        self.claims: list[tuple[Fraction, str]] = []
        for code in self.held:
            self._claim(code)

    def _claim(self, code: str) -> None:
        cap = self.limits[code].cap
        if cap is None or self.held[code] < cap:
            heapq.heappush(self.claims, (-measure_claim(self.method, self.people[code], self.held[code]), code))

    def take_strongest(self) -> tuple[Fraction, list[str]]:
        """Take out all units with the strongest claim."""
        strongest, first = heapq.heappop(self.claims)
        codes = [first]
        while self.claims and self.claims[0][0] == strongest:
            codes.append(heapq.heappop(self.claims)[1])
        return -strongest, codes

    def give(self, code: str, claim: Fraction) -> Award:
        """Give a unit its next seat."""
        self.given += 1
        award = Award(self.given, code, self.held[code], claim)
        self.held[code] += 1
        self._claim(code)
        return award


def share_by_rank(
    method: Method, units: Sequence[SeatUnit], seats: int, *, limits: Mapping[str, Limits], lot: Sequence[str]
) -> RankedShare:
    """Give every unit its floor, then each further seat to the strongest claim under its cap."""
    ranking = _Ranking(method, units, limits)
    left = seats - ranking.given
    awards: list[Award] = []
    tie: Tie | None = None
    while left:
        claim, codes = ranking.take_strongest()
        if len(codes) > left:
            tie = decide_tie(codes, left, lot)
            codes, left = list(tie.winners), 0
        else:
            left -= len(codes)
        awards += [ranking.give(code, claim) for code in codes]
    return RankedShare(ranking.held, tuple(awards), tie)
