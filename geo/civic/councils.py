"""Say what a council is: the elected body of a division, with its seats and the members who sit in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.register.periods import Period


@dataclass(frozen=True)
class Member:
    """Describe one person in a council for a period."""

    name: str
    """The full name, in the country's first language."""
    role: str
    """The lasting key of the post: `chair`, `deputy`, `secretary` or `member`."""
    period: Period
    """When the person sits, half-open."""


@dataclass(frozen=True)
class Council:
    """Describe the council of one division during one term."""

    code: str
    """The code of the council, unique in its term."""
    name: str
    """The official name, in the country's first language."""
    division_code: str
    """The division it is elected for."""
    seats: int
    """How many members the law gives it; seats may be vacant."""
    members: tuple[Member, ...]
    """The people who sit or sat during the term, the chair first."""
    term: Period
    """The legislative period, half-open."""
    synthetic: bool
    """True for an invented record, which must never be shown as an official one."""

    def list_members(self, on: date) -> tuple[Member, ...]:
        """List who sits on a date."""
        return tuple(member for member in self.members if member.period.contains(on))

    def count_vacant(self, on: date) -> int:
        """Count the seats nobody holds on a date."""
        return self.seats - len(self.list_members(on))
