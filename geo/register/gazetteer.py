"""Hold the names of a register on one day in memory, with the hierarchy they stand in.

Divisions are numbered by their place in a walk of the hierarchy, so that all that lies in one is a stretch of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.register.divisions import Division
from geo.register.names import BLANKS, wide_key
from geo.register.wordlist import Wordlist, build_wordlist, group_rows

Numbers = NDArray[np.int64]
Texts = Sequence[str]

NO_FIGURE = -1
"""The count of a division that nobody has counted."""


@dataclass(frozen=True, eq=False)
class DivisionColumns:
    """List divisions, one row each, in any order."""

    ids: Numbers
    """Their lasting keys."""
    parents: Numbers
    """The key of the division each stands under; negative at the top."""
    levels: Numbers
    """The rank of the level of each."""
    people: Numbers
    """Its own latest count, or NO_FIGURE."""
    codes: Texts
    """Its code."""
    schemes: Texts
    """The scheme of the code."""
    areas: NDArray[np.float64]
    """Its geodesic area in square metres; NaN where unknown."""


@dataclass(frozen=True, eq=False)
class NameColumns:
    """List names, one row each, in any order."""

    divisions: Numbers
    """The key of the division that is called so."""
    texts: Texts
    """The name."""
    languages: Texts
    """The tag of its language."""
    official: NDArray[np.bool_]
    """Whether it is the official one of its language."""


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Keep divisions in the order of their walk, and their names by key."""

    divisions: DivisionColumns
    """The divisions; their places are the numbers used everywhere here."""
    parents: NDArray[np.int32]
    """The place of the division each stands under, or -1."""
    ends: NDArray[np.int32]
    """The place after the last division that lies in each."""
    code_order: NDArray[np.int32]
    """Where each stands when all are sorted by code."""
    names: NameColumns
    """The names, by division in the order of the walk."""
    holders: NDArray[np.int32]
    """The place of the division of each name."""
    name_starts: NDArray[np.int32]
    """Where the names of each division begin."""
    words: Wordlist
    """The wide keys of the names."""
    level_keys: tuple[str, ...]
    """The levels by their rank."""

    def __len__(self) -> int:
        """Count the divisions."""
        return len(self.ends)

    @property
    def size_bytes(self) -> int:
        """Add up what its arrays take; its texts take about as much again."""
        own = (self.parents, self.ends, self.code_order, self.holders, self.name_starts, self.names.official)
        columns = (self.divisions.ids, self.divisions.levels, self.divisions.people, self.divisions.areas)
        return sum(column.nbytes for column in (*own, *columns)) + self.words.size_bytes

    def climb(self, place: int) -> list[int]:
        """List the places of the divisions above one, from the top."""
        above: list[int] = []
        parent = int(self.parents[place])
        while parent >= 0:
            above.insert(0, parent)
            parent = int(self.parents[parent])
        return above

    def describe(self, place: int) -> Division:
        """Give the division at a place as the register says it stands."""
        parent, people, area = int(self.parents[place]), int(self.divisions.people[place]), self.divisions.areas[place]
        names = range(int(self.name_starts[place]), int(self.name_starts[place + 1]))
        official = [name for name in names if self.names.official[name]]
        return Division(
            id=int(self.divisions.ids[place]),
            level=self.level_keys[int(self.divisions.levels[place])],
            code=self.divisions.codes[place],
            scheme=self.divisions.schemes[place],
            names={self.names.languages[name]: self.names.texts[name] for name in official},
            parent_id=int(self.divisions.ids[parent]) if parent >= 0 else None,
            area_m2=None if np.isnan(area) else float(area),
            people=None if people == NO_FIGURE else people,
        )


def build_gazetteer(divisions: DivisionColumns, names: NameColumns, level_keys: tuple[str, ...]) -> Gazetteer:
    """Put divisions into the order of their walk and index their names; names of unknown divisions are left out."""
    parents = _find_places(divisions.ids, divisions.parents)
    walk = _walk(parents, divisions.codes)
    place_of = np.empty(len(walk), np.int32)
    place_of[walk] = np.arange(len(walk), dtype=np.int32)
    walked = _take_divisions(divisions, walk)
    above = np.where(parents[walk] >= 0, place_of[parents[walk]], -1).astype(np.int32) if len(walk) else place_of
    holders = _find_places(divisions.ids, names.divisions)
    known = np.flatnonzero(holders >= 0)
    kept = known[np.lexsort((known, place_of[holders[known]]))]
    held, starts = place_of[holders[kept]], np.arange(len(walk) + 1)
    by_code = np.empty(len(walk), np.int32)
    by_code[sorted(range(len(walk)), key=lambda at: (walked.codes[at], int(walked.ids[at])))] = np.arange(len(walk))
    listed = _take_names(names, kept)
    return Gazetteer(
        divisions=walked,
        parents=above,
        ends=_find_ends(above),
        code_order=by_code,
        names=listed,
        holders=held.astype(np.int32),
        name_starts=np.searchsorted(held, starts).astype(np.int32),
        words=build_wordlist(_split_names(listed.texts)),
        level_keys=level_keys,
    )


def _split_names(texts: Texts) -> list[tuple[str, ...]]:
    """Write names as the wide keys of their words; words repeat, so each is folded once."""
    known: dict[str, str] = {}
    split = [BLANKS.split(text) for text in texts]
    for words in split:
        for word in words:
            if word not in known:
                known[word] = wide_key(word)
    return [tuple(key for word in words if (key := known[word])) for words in split]


def _find_places(ids: Numbers, asked: Numbers) -> NDArray[np.int32]:
    """Find at which row of `ids` each key stands; -1 where it stands at none."""
    if not len(ids):
        return np.full(len(asked), -1, np.int32)
    order = np.argsort(ids, kind="stable")
    at = order[np.minimum(np.searchsorted(ids, asked, sorter=order), len(ids) - 1)]
    return np.where(ids[at] == asked, at, -1).astype(np.int32)


def _walk(parents: NDArray[np.int32], codes: Texts) -> Numbers:
    """Order rows so that each is followed by all that lie in it; rows in a circle of parents come last."""
    by_code = sorted(range(len(parents)), key=lambda row: (codes[row], row))
    starts, below = group_rows(parents[by_code].astype(np.int64) + 1, len(parents) + 1)
    children = np.asarray(by_code, dtype=np.int64)[below]
    order: list[int] = []
    waiting = children[starts[0] : starts[1]][::-1].tolist()
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting.extend(children[starts[row + 1] : starts[row + 2]][::-1].tolist())
    walked = np.asarray(order, dtype=np.int64)
    return np.concatenate([walked, np.setdiff1d(np.arange(len(parents)), walked)])


def _find_ends(parents: NDArray[np.int32]) -> NDArray[np.int32]:
    """Find where the stretch of each division in the walk ends."""
    sizes = [1] * len(parents)
    above = parents.tolist()
    for place in range(len(sizes) - 1, -1, -1):
        # in a circle of parents one would come after its part; its stretch is itself alone
        if 0 <= above[place] < place:
            sizes[above[place]] += sizes[place]
    return (np.arange(len(sizes)) + np.asarray(sizes, dtype=np.int64)).astype(np.int32)


def _take_divisions(divisions: DivisionColumns, rows: Numbers) -> DivisionColumns:
    chosen = rows.tolist()
    return DivisionColumns(
        ids=divisions.ids[rows],
        parents=divisions.parents[rows],
        levels=divisions.levels[rows],
        people=divisions.people[rows],
        codes=[divisions.codes[row] for row in chosen],
        schemes=[divisions.schemes[row] for row in chosen],
        areas=divisions.areas[rows],
    )


def _take_names(names: NameColumns, rows: Numbers) -> NameColumns:
    chosen = rows.tolist()
    texts, languages = [names.texts[row] for row in chosen], [names.languages[row] for row in chosen]
    return NameColumns(names.divisions[rows], texts, languages, names.official[rows])
