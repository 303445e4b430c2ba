"""Hold a finished apportionment with every step of its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from geo.apportionment.methods import Method
from geo.apportionment.rules import Reserve


@dataclass(frozen=True)
class QuotaLine:
    """Show the quota of one unit in one round."""

    code: str
    """The unit."""
    people: int
    """Its people."""
    quota: Fraction
    """Its exact share of the round's seats."""
    given: int | None
    """What it got in this round because it was under its floor or over its cap, and left the sharing with."""
    seats: int | None
    """What it has after this round; None where another round follows or a tie leaves it open."""

    @property
    def whole(self) -> int:
        """Give the whole seats of its quota."""
        return self.quota.numerator // self.quota.denominator

    @property
    def remainder(self) -> Fraction:
        """Give what its quota has beyond whole seats."""
        return self.quota - self.whole


@dataclass(frozen=True)
class QuotaRound:
    """Show one round in which seats were shared by quota."""

    number: int
    """Its number, from 1."""
    seats: int
    """The seats that were shared."""
    people: int
    """The people of the units that shared them."""
    lines: tuple[QuotaLine, ...]
    """The units by code."""

    @property
    def people_per_seat(self) -> Fraction | None:
        """Give how many people stand behind one seat; None when no seat was left."""
        return Fraction(self.people, self.seats) if self.seats else None

    @property
    def left_over(self) -> int:
        """Count the seats that whole quotas left to the largest remainders."""
        return self.seats - sum(line.whole for line in self.lines)

    @property
    def is_last(self) -> bool:
        """Tell whether nobody left the sharing, so that the quotas are final."""
        return all(line.given is None for line in self.lines)


@dataclass(frozen=True)
class Award:
    """Show how a divisor method gave one seat."""

    number: int
    """The seat's number among those that were shared, the first seats of all units included."""
    code: str
    """The unit that got it."""
    held: int
    """The seats it had before."""
    claim: Fraction
    """How strong its claim was; for Huntington-Hill, the square of that."""


@dataclass(frozen=True)
class Tie:
    """Name units with exactly the same claim to fewer seats than they are."""

    codes: tuple[str, ...]
    """The units by code."""
    seats: int
    """How many seats they contend for."""
    winners: tuple[str, ...] = ()
    """Whom the lot gave them to; empty while no lot has decided."""


@dataclass(frozen=True)
class BandLine:
    """Show in which band the people of one unit lie."""

    code: str
    """The unit."""
    least: int
    """The fewest people of the band."""
    below: int | None
    """The population from which the next band begins; None for the last."""


@dataclass(frozen=True)
class UnitSeats:
    """Give the seats of one unit."""

    code: str
    """The unit."""
    people: int
    """Its people."""
    seats: int
    """Its seats; while a tie is open, those that are certain."""
    before: int
    """Those of them it had before any claims were ranked: its floor, or its fixed seats."""
    is_fixed: bool
    """Whether the law names its seats, so that it took no part in the sharing."""


@dataclass(frozen=True)
class Apportionment:
    """Give the seats of every unit, and how they came about."""

    method: Method
    """The method."""
    seats: int
    """All seats of the body."""
    reserved: tuple[Reserve, ...]
    """Seats set aside before all sharing."""
    units: tuple[UnitSeats, ...]
    """The units by code."""
    rounds: tuple[QuotaRound, ...] = ()
    """The rounds of a quota method."""
    awards: tuple[Award, ...] = ()
    """The seats of a divisor method in the order they were given, equal claims by code."""
    bands: tuple[BandLine, ...] = ()
    """The bands of the units, where seats go by bands."""
    ties: tuple[Tie, ...] = ()
    """Equal claims to the last seats."""

    @property
    def shared(self) -> int:
        """Count the seats that were shared by the arithmetic."""
        fixed = sum(unit.seats for unit in self.units if unit.is_fixed)
        return self.seats - sum(one.seats for one in self.reserved) - fixed

    @property
    def is_decided(self) -> bool:
        """Tell whether every seat has a holder."""
        return all(tie.winners for tie in self.ties)

    @property
    def undecided(self) -> int:
        """Count the seats that a tie leaves open."""
        return sum(tie.seats for tie in self.ties if not tie.winners)

    def by_code(self) -> dict[str, int]:
        """Give the seats by code."""
        return {unit.code: unit.seats for unit in self.units}
