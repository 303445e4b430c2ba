"""Grade divisions by a hierarchy of indices with weights, and say of whom a figure is missing.

An index is a leaf with values by division, or a node whose parts have weights that sum to one. Values are brought to
0-1 over all divisions compared, weighed up the tree, and the score at the top falls into a grade. A missing value is
never filled: the division is incomplete, and what is missing is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from statistics import NormalDist, fmean, pstdev

from geo.errors import InvalidValue, because
from geo.register.translations import Names

DECIMALS = 9
"""Scores are rounded here, so that the order of a sum does not show."""

MIDDLE = 0.5
"""What every division gets of an index in which they do not differ."""


class Direction(StrEnum):
    """Say which end of an index is the better one."""

    MORE = "more"
    """More is better."""
    LESS = "less"
    """Less is better."""


class Scale(StrEnum):
    """Say how values are brought to 0-1."""

    MIN_MAX = "min-max"
    """The lowest is 0 and the highest 1."""
    Z = "z"
    """The share of a normal curve below the standard score."""
    RANK = "rank"
    """The place in the order, equal values at their mean place."""


@dataclass(frozen=True)
class Index:
    """Hold one index: a leaf with values, or a node that weighs its parts."""

    key: str
    """Its key, unique in the set."""
    names: Names
    """What people call it, by language."""
    weight: float
    """Its share in the node above, 0-1."""
    parts: tuple[Index, ...] = ()
    """What it weighs; empty for a leaf."""
    direction: Direction = Direction.MORE
    """Which end is better; for a leaf."""
    scale: Scale = Scale.MIN_MAX
    """How values are brought to 0-1; for a leaf."""

    def list_leaves(self) -> Iterator[Index]:
        """List the leaves below, or itself."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.list_leaves()


@dataclass(frozen=True)
class Grade:
    """Name a class of scores."""

    key: str
    """Its key."""
    names: Names
    """What people call it, by language."""
    least: float
    """The score from which on it counts."""


@dataclass(frozen=True)
class IndexSet:
    """Hold a whole hierarchy with the grades that its scores fall into."""

    key: str
    """Its key."""
    names: Names
    """What people call it, by language."""
    levels: tuple[str, ...]
    """The levels whose divisions may be graded by it."""
    mains: tuple[Index, ...]
    """The main indices, whose weights sum to one."""
    grades: tuple[Grade, ...]
    """The grades, the best first; the last begins at 0."""
    source: str
    """Who ordained it."""
    verified: bool = True
    """Whether it was read in the order itself."""

    @property
    def leaves(self) -> tuple[Index, ...]:
        """List the indices that have values."""
        return tuple(leaf for main in self.mains for leaf in main.list_leaves())

    def find_leaf(self, word: str) -> Index | None:
        """Find a leaf by its key or one of its names."""
        for leaf in self.leaves:
            if word in (leaf.key, *leaf.names.values()):
                return leaf
        return None


@dataclass(frozen=True)
class Graded:
    """Hold how one division stands."""

    key: int
    """The division."""
    score: float | None
    """From 0 to 1; None while a value is missing."""
    grade: Grade | None
    """The grade of the score; None while a value is missing."""
    scores: Mapping[str, float]
    """The score of every index whose values are all there, by key."""
    missing: tuple[str, ...]
    """The leaves without a value."""


Values = Mapping[str, Mapping[int, float]]
"""Values by the key of a leaf, then by division."""


def grade_divisions(indices: IndexSet, divisions: tuple[int, ...], values: Values) -> tuple[Graded, ...]:
    """Grade divisions among each other, in their order.

    Raises InvalidValue when an index has no value of any of them: nobody could be graded by it.
    """
    bare = tuple(leaf.key for leaf in indices.leaves if not set(divisions) & set(values.get(leaf.key, ())))
    if bare:
        raise InvalidValue(field="indices", value=", ".join(bare), reason=because("index_without_values"))
    scaled = {
        leaf.key: scale_values({key: values[leaf.key][key] for key in divisions if key in values[leaf.key]}, leaf)
        for leaf in indices.leaves
    }
    return tuple(_grade(indices, division, scaled) for division in divisions)


def scale_values(values: Mapping[int, float], leaf: Index) -> dict[int, float]:
    """Bring the values of a leaf to 0-1, 1 being the better end."""
    if min(values.values()) == max(values.values()):
        return dict.fromkeys(values, MIDDLE)
    scaled = _SCALES[leaf.scale](values)
    return {key: share if leaf.direction is Direction.MORE else 1 - share for key, share in scaled.items()}


def _scale_range(values: Mapping[int, float]) -> dict[int, float]:
    lowest, highest = min(values.values()), max(values.values())
    return {key: (value - lowest) / (highest - lowest) for key, value in values.items()}


def _scale_normal(values: Mapping[int, float]) -> dict[int, float]:
    spread = pstdev(values.values())
    if not spread:  # values so near to each other that their spread is lost in rounding
        return dict.fromkeys(values, MIDDLE)
    curve = NormalDist(fmean(values.values()), spread)
    return {key: curve.cdf(value) for key, value in values.items()}


def _scale_ranks(values: Mapping[int, float]) -> dict[int, float]:
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values.values())):
        places.setdefault(value, []).append(place)
    return {key: fmean(places[value]) / (len(values) - 1) for key, value in values.items()}


_SCALES = {Scale.MIN_MAX: _scale_range, Scale.Z: _scale_normal, Scale.RANK: _scale_ranks}


def _grade(indices: IndexSet, division: int, scaled: Values) -> Graded:
    scores: dict[str, float] = {}
    tops = [_weigh(main, division, scaled, scores=scores) for main in indices.mains]
    missing = tuple(leaf.key for leaf in indices.leaves if division not in scaled[leaf.key])
    if missing:
        return Graded(division, None, None, scores, missing)
    score = round(
        fsum(main.weight * top for main, top in zip(indices.mains, tops, strict=True) if top is not None), DECIMALS
    )
    return Graded(division, score, find_grade(indices, score), scores, ())


def _weigh(index: Index, division: int, scaled: Values, *, scores: dict[str, float]) -> float | None:
    """Weigh an index and note the scores on the way; None while anything below has no value."""
    if not index.parts:
        score = scaled[index.key].get(division)
    else:
        below = [_weigh(part, division, scaled, scores=scores) for part in index.parts]
        weighed = [part.weight * share for part, share in zip(index.parts, below, strict=True) if share is not None]
        score = fsum(weighed) if len(weighed) == len(below) else None
    if score is not None:
        score = scores[index.key] = round(score, DECIMALS)
    return score


def find_grade(indices: IndexSet, score: float) -> Grade | None:
    """Find the grade that a score falls into."""
    return next((grade for grade in indices.grades if score >= grade.least), None)
