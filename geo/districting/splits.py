"""Count which divisions a plan splits, and into how many pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.districting.plan import DistrictPlan


@dataclass(frozen=True)
class LevelSplits:
    """Say how a plan treats the divisions of one level."""

    level: str
    """The level."""
    divisions: int
    """How many divisions it has."""
    split: int
    """How many of them lie in more than one district."""
    pieces: int
    """In how many pieces all of them lie: for each, the districts it lies in."""
    parts: Mapping[str, tuple[int, ...]]
    """The districts of each division that is split, by its code."""


def measure_splits(plan: DistrictPlan, divisions: Mapping[str, Sequence[str]]) -> tuple[LevelSplits, ...]:
    """Count the splits of each level; `divisions` says for each level the division of every unit."""
    return tuple(_measure_level(plan, level, held) for level, held in sorted(divisions.items()))


def _measure_level(plan: DistrictPlan, level: str, held: Sequence[str]) -> LevelSplits:
    met: dict[str, set[int]] = defaultdict(set)
    for division, district in zip(held, plan.districts.tolist(), strict=True):
        met[division].add(district)
    parts = {division: tuple(sorted(met[division])) for division in sorted(met) if len(met[division]) > 1}
    return LevelSplits(level, len(met), len(parts), sum(len(districts) for districts in met.values()), parts)
