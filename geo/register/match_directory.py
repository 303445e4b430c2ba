"""Find the divisions that a row of another source may be: by code, name, parent and ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely
from rapidfuzz import fuzz, process

from geo.coverage import measure_many
from geo.register.crosswalk_ways import measure_shared
from geo.register.match_names import FoldedName, fold_romanization
from geo.register.matching_scores import PARENT_LIKE, Asked, Listed, find_likeness

LEAST_OVERLAP = 0.01
"""Divisions that share less ground with a row are no candidates for it."""

MOST_ALIKE = 8
"""So many divisions are taken as candidates for their names, when none has the very name or code."""

MOST_SEARCHED = 20_000
"""Among more divisions than these, names that are only alike are looked for in the parent alone."""

MOST_NAMESAKES = 50
"""With more divisions of a name than these, those in the parent alone are looked at, where that is known."""

MOST_PARENTS = 20
"""A parent that may be any of more divisions than these says nothing."""

NEAREST_DEGREES = 0.1
"""How far around a point candidates are looked for."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class Directory:
    """Hold the divisions that rows may be of, ready to be looked up."""

    listed: Mapping[int, Listed]
    """The divisions rows may be of."""
    above: Mapping[int, Listed]
    """The divisions they lie in."""
    _parents: dict[tuple[object, object], list[int]] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, list[int]]:
        """Give the divisions that have a code in any scheme."""
        return _index(self.listed, lambda one: (key.code for key in one.codes))

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Give the divisions called so, romanizations folded."""
        return _index(self.listed, lambda one: map(fold_key, one.names))

    @cached_property
    def inside(self) -> dict[int, list[int]]:
        """Give the divisions that lie in another, however deep."""
        return _index(self.listed, lambda one: one.above)

    @cached_property
    def drawn(self) -> list[Listed]:
        """Give the divisions that have a boundary or point."""
        return [one for _, one in sorted(self.listed.items()) if one.ground is not None]

    def find(self, asked: Asked) -> set[int]:
        """Find the divisions worth scoring for a row, ground aside."""
        found = {key for _, code in asked.codes for key in self.by_code.get(code, ())}
        named = {key for name in asked.names for key in self.by_name.get(fold_key(name), ())}
        parents = self._find_parents(asked)
        inside = {key for parent in parents[:MOST_PARENTS] for key in self.inside.get(parent, ())}
        if len(parents) <= MOST_PARENTS:
            found |= inside
        # a village of a thousand namesakes is looked for where it is said to lie
        found |= named & inside if inside and len(named) > MOST_NAMESAKES else named
        fitting = {key for key in found if fits_level(asked, self.listed[key])}
        return fitting or self._find_alike(asked)

    @cached_property
    def above_by_code(self) -> dict[str, list[int]]:
        """Give the divisions above that have a code in any scheme."""
        return _index(self.above, lambda one: (key.code for key in one.codes))

    @cached_property
    def above_by_name(self) -> dict[str, list[int]]:
        """Give the divisions above that are called so."""
        return _index(self.above, lambda one: map(fold_key, one.names))

    def _find_parents(self, asked: Asked) -> list[int]:
        """Find what the parent of a row may be: by code, else by name, else by a name like it; rows alike ask once."""
        known = (asked.parent_codes, asked.parent_names)
        if known not in self._parents:
            coded = {key for code in asked.parent_codes for key in self.above_by_code.get(code, ())}
            named = {key for name in asked.parent_names for key in self.above_by_name.get(fold_key(name), ())}
            self._parents[known] = sorted(coded or named) or self._find_like_parents(asked)
        return self._parents[known]

    def _find_like_parents(self, asked: Asked) -> list[int]:
        likes = {key: find_likeness(asked.parent_names, one.names) or 0.0 for key, one in self.above.items()}
        return [key for key, like in likes.items() if like >= PARENT_LIKE]

    def _find_alike(self, asked: Asked) -> set[int]:
        """Find the divisions whose names are most alike, in a list that is not too long."""
        texts = list(self.by_name) if len(self.listed) <= MOST_SEARCHED else []
        found: set[int] = set()
        for name in asked.names:
            for text, _, _ in process.extract(fold_key(name), texts, scorer=fuzz.ratio, limit=MOST_ALIKE):
                found.update(key for key in self.by_name[text] if fits_level(asked, self.listed[key]))
        return found

    def find_near(self, rows: Sequence[Asked]) -> dict[int, set[int]]:
        """Find the divisions at or near the point of each row, and the points inside its polygon."""
        placed = [asked for asked in rows if asked.ground is not None]
        if not self.drawn or not placed:
            return {}
        reach = [0.0 if is_polygon(asked.ground) else NEAREST_DEGREES for asked in placed]
        tree = shapely.STRtree(np.array([one.ground for one in self.drawn], dtype=object))
        grounds = np.array([asked.ground for asked in placed], dtype=object)
        found: dict[int, set[int]] = defaultdict(set)
        for one, other in tree.query(grounds, predicate="dwithin", distance=reach).T.tolist():
            asked, listed = placed[one], self.drawn[other]
            both = is_polygon(asked.ground) and is_polygon(listed.ground)
            if not both and fits_level(asked, listed):
                found[asked.row].add(listed.id)
        return found

    def measure_overlaps(self, rows: Sequence[Asked]) -> dict[int, dict[int, float]]:
        """Measure which share of ground each row with a polygon has in common with divisions of its level.

        The share is twice the common ground over the sum of both: 1 for the same polygon, low when either is larger.
        """
        ours = [one for one in self.drawn if is_polygon(one.ground)]
        theirs = [asked for asked in rows if is_polygon(asked.ground)]
        if not ours or not theirs:
            return {}
        left, right = (np.array([one.ground for one in side], dtype=object) for side in (theirs, ours))
        ones, others, shared = measure_shared(left, right)
        shares = 2 * shared / (measure_many(left)[ones] + measure_many(right)[others])
        found: dict[int, dict[int, float]] = defaultdict(dict)
        for one, other, share in zip(ones.tolist(), others.tolist(), shares.tolist(), strict=True):
            if share >= LEAST_OVERLAP and fits_level(theirs[one], ours[other]):
                found[theirs[one].row][ours[other].id] = min(share, 1.0)
        return found


def _index(listed: Mapping[int, Listed], list_keys: Callable[[Listed], Iterable[Key]]) -> dict[Key, list[int]]:
    index: dict[Key, list[int]] = defaultdict(list)
    for key in sorted(listed):
        for word in dict.fromkeys(list_keys(listed[key])):
            index[word].append(key)
    return dict(index)


def fits_level(asked: Asked, listed: Listed) -> bool:
    """Tell whether a division is of the level a row is of, or the row does not say."""
    return asked.level in (None, listed.level)


def is_polygon(ground: shapely.Geometry | None) -> bool:
    """Tell whether a ground has an area."""
    return ground is not None and int(shapely.get_type_id(ground)) in (3, 6)


def fold_key(name: FoldedName) -> str:
    """Write a name as the directory keeps it."""
    return fold_romanization(name[1]) if name[0] == "Latn" else name[1]
