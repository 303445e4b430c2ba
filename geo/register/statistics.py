"""Count the divisions of a country by level and top division, as the closing table of a yearbook does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.register.divisions import Division
from geo.register.levels import Level


@dataclass(frozen=True)
class CountRow:
    """Hold the counts of one division of the top level, with all below it."""

    division: Division | None
    """The division; None gathers what stands under none of them."""
    counts: tuple[int, ...]
    """How many there are of each level of the table."""


@dataclass(frozen=True)
class CountTable:
    """Hold how many divisions of each level stand in each division of the top level."""

    top: tuple[str, ...]
    """The keys of the levels of its rows."""
    levels: tuple[str, ...]
    """The keys of the levels of its columns, from the top; levels without divisions are left out."""
    rows: tuple[CountRow, ...]
    """A row for each division of the top level, by code; the last gathers what stands under none, if anything does."""

    @property
    def totals(self) -> tuple[int, ...]:
        """Add the rows up."""
        return tuple(sum(row.counts[at] for row in self.rows) for at in range(len(self.levels)))

    @property
    def tops(self) -> int:
        """Count the divisions of the top level."""
        return sum(row.division is not None for row in self.rows)


def count_table(divisions: Sequence[Division], levels: Sequence[Level]) -> CountTable:
    """Count divisions by level and by the division of the top level they stand in.

    Whatever stands under no such division, in a circle or under a parent that is not among `divisions`, is counted
    in a row of its own, so that every division is counted once.
    """
    top = tuple(level.key for level in levels if level.is_top)
    present = {one.level for one in divisions}
    columns = tuple(level.key for level in levels if level.key in present and level.key not in top)
    known = {one.id: one for one in divisions}
    heads = find_heads(known, top)
    counts = Counter((heads[one.id], one.level) for one in divisions if one.level not in top)
    tops = sorted((one for one in divisions if one.level in top), key=lambda one: (one.code, one.id))
    rows = [CountRow(one, tuple(counts[one.id, level] for level in columns)) for one in tops]
    strays = tuple(counts[None, level] for level in columns)
    return CountTable(top, columns, (*rows, *([CountRow(None, strays)] if any(strays) else [])))


def find_heads(known: Mapping[int, Division], top: Sequence[str]) -> dict[int, int | None]:
    """Find under which division of the top levels each stands; None where the way up ends elsewhere."""
    heads: dict[int, int | None] = {one.id: one.id for one in known.values() if one.level in top}
    for division in known:
        way: list[int] = []
        at: int | None = division
        while at is not None and at not in heads and at in known:
            # what is on the way is without a head until one is found, which also ends a circle
            heads[at] = None
            way.append(at)
            at = known[at].parent_id
        found = heads.get(at) if at is not None else None
        heads.update(dict.fromkeys(way, found))
    return heads
