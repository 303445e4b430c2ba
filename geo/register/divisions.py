"""Describe a division as it stands on one date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Division:
    """Hold what the register says of one division or place on one date."""

    id: int
    """The lasting key inside the register."""
    level: str
    """The key of its level in the country pack."""
    code: str
    """Its code in the scheme that is primary for its level."""
    scheme: str
    """That scheme."""
    names: dict[str, str] = field(default_factory=dict)
    """Official names by language."""
    parent_id: int | None = None
    """The division it stands under."""
    area_m2: float | None = None
    """Geodesic area of its boundary; None without one."""
    people: int | None = None
    """The latest population figure, of its own or summed over its parts."""

    def name_in(self, *languages: str) -> str:
        """Give the name in the first of `languages` that has one, else in any, else the code.

        A language stands also for its kinds: who reads `fa` is given a name in `fa-AF` before one in another language.
        """
        for wanted in languages:
            for language in (wanted, *sorted(self.names)):
                if language in self.names and language.split("-")[0] == wanted.split("-")[0]:
                    return self.names[language]
        return next((self.names[language] for language in sorted(self.names)), self.code)


def sum_parts(parents: Mapping[int, int | None], figures: Mapping[int, int]) -> dict[int, int]:
    """Give each division without a figure of its own the sum over its parts, level by level up to the top.

    `parents` says under which division each stands; `figures` holds the figures known. A division none of whose
    parts has a figure gets none.
    """
    totals = dict(figures)
    for division in _from_leaves(parents):
        parent = parents[division]
        if parent is not None and parent not in figures and division in totals:
            totals[parent] = totals.get(parent, 0) + totals[division]
    return totals


def _from_leaves(parents: Mapping[int, int | None]) -> list[int]:
    """Order divisions so that each comes before its parent; a circle of parents is left out."""
    waiting = Counter(parent for parent in parents.values() if parent is not None)
    ready = sorted(division for division in parents if not waiting[division])
    for division in ready:
        parent = parents[division]
        if parent is None:
            continue
        waiting[parent] -= 1
        if not waiting[parent] and parent in parents:
            ready.append(parent)
    return ready
