"""Measure what a plan does with votes: whose are wasted, and how many seats a share of them brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.districting.graph import Floats, Integers
from geo.errors import InvalidValue, because

SWINGS = tuple(round(share / 100, 2) for share in range(40, 61, 2))
"""The shares of votes at which the seats are told."""


@dataclass(frozen=True)
class VoteMeasures:
    """Hold what districts of one seat each make of the votes for two lists; the first is the one looked at."""

    votes: tuple[tuple[int, int], ...]
    """The votes of both lists in each district."""
    share: float
    """The share of the first list in the votes of both."""
    seats: float
    """How many districts it wins; a tie counts half."""
    efficiency_gap: float
    """Votes that the other list wastes beyond those of the first, as a share of all: above 0 the plan favours the first
    (Stephanopoulos and McGhee 2015)."""
    mean_median: float
    """The median of its shares less their mean: above 0 the plan favours it (McDonald and Best 2015)."""
    bias: float
    """The share of seats it would win with half of the votes, less a half, by even swing (King and Browning 1987)."""
    curve: tuple[tuple[float, float], ...]
    """The share of seats it would win with each share of the votes, by uniform swing."""


def measure_votes(districts: Integers, first: Sequence[int], second: Sequence[int]) -> VoteMeasures:
    """Measure the votes for two lists, given for each unit, in districts from 1.

    >>> measure_votes(np.array([1, 1, 2, 2]), [60, 0, 45, 0], [0, 40, 0, 55]).efficiency_gap
    -0.05
    """
    count = int(districts.max())
    one, other = (np.bincount(districts - 1, weights=held, minlength=count).astype(float) for held in (first, second))
    both = one + other
    if not both.sum() or (both == 0).any():
        empty = int(np.flatnonzero(both == 0)[0]) + 1 if (both == 0).any() else 1
        raise InvalidValue(field="votes", value=empty, reason=because("district_without_votes", district=empty))
    shares = one / both
    return VoteMeasures(
        votes=tuple(zip(one.astype(int).tolist(), other.astype(int).tolist(), strict=True)),
        share=round(float(one.sum() / both.sum()), 6),
        seats=count_wins(shares),
        efficiency_gap=round(float((waste(other, one) - waste(one, other)).sum() / both.sum()), 6),
        mean_median=round(float(np.median(shares) - shares.mean()), 6),
        bias=round(swing_to(shares, one, both, 0.5) - 0.5, 6),
        curve=tuple((share, round(swing_to(shares, one, both, share), 6)) for share in SWINGS),
    )


def waste(own: Floats, others: Floats) -> Floats:
    """Count the votes of a list that win nothing: all where it loses, and those beyond half where it wins."""
    half = (own + others) / 2
    return np.asarray(np.where(own > half, own - half, np.where(own == half, own / 2, own)), dtype=np.float64)


def count_wins(shares: Floats) -> float:
    """Count the districts that are won; a tie counts half."""
    return float((shares > 0.5).sum() + 0.5 * (shares == 0.5).sum())


def swing_to(shares: Floats, one: Floats, both: Floats, wanted: float) -> float:
    """Give the share of seats when the share of votes changes everywhere by as much as the whole must."""
    moved = shares + (wanted - one.sum() / both.sum())
    # a hair around the half, so that what is a tie but for rounding counts as one
    return count_wins(np.where(np.abs(moved - 0.5) < 1e-9, 0.5, moved)) / len(shares)
