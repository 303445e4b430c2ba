"""Place a plan among many that nobody has wished for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.districting.aims import compute_compactness
from geo.districting.plan import DistrictPlan, PlanRule
from geo.districting.splits import measure_splits
from geo.districting.votes import measure_votes

CITATIONS: Mapping[str, str] = {
    "deviation": "Reynolds v. Sims, 377 U.S. 533 (1964)",
    "cut_edges": "DeFord, Duchin, Solomon: Recombination (2021)",
    "cut_m": "Horton: Comments on compactness (1932)",
    "polsby_popper": "Polsby, Popper: The third criterion (1991)",
    "reock": "Reock: Measuring compactness (1961)",
    "hull_ratio": "Niemi, Grofman, Carlucci, Hofeller: Measuring compactness (1990)",
    "splits": "Becker, Duchin, Gold, Hirsch: Computational redistricting (2021)",
    "efficiency_gap": "Stephanopoulos, McGhee: Partisan gerrymandering and the efficiency gap (2015)",
    "mean_median": "McDonald, Best: Unfair partisan gerrymanders (2015)",
    "bias": "King, Browning: Democratic representation and partisan bias (1987)",
}
"""Where each measure comes from."""

BINS = 24
"""The most bars of a histogram."""


@dataclass(frozen=True)
class Standing:
    """Say where one measure of a plan stands among an ensemble."""

    measure: str
    """What is measured."""
    value: float
    """What the plan has."""
    percentile: float
    """The share of plans that have less, those with as much counted half (0-1)."""
    least: float
    """The least of the ensemble."""
    median: float
    """Its median."""
    most: float
    """Its most."""
    plans: int
    """How many plans it holds."""
    edges: tuple[float, ...]
    """Where the bars of its histogram begin and end."""
    counts: tuple[int, ...]
    """How many plans stand in each bar."""


def list_measures(plan: DistrictPlan, rule: PlanRule, *, votes: Sequence[str] = ()) -> dict[str, float]:
    """Measure a plan by single numbers, those that its graph knows enough for; `votes` names two lists."""
    graph, deviations = plan.graph, np.abs(plan.list_deviations(rule))
    is_cut = plan.districts[graph.edges[:, 0]] != plan.districts[graph.edges[:, 1]]
    found = {
        "deviation": float(deviations.max()),
        "mean_deviation": float(deviations.mean()),
        "cut_edges": float(is_cut.sum()),
    }
    if np.isfinite(graph.lengths_m).all():
        found["cut_m"] = float(graph.lengths_m[is_cut].sum())
        if np.isfinite(graph.areas_m2).all():
            compactness = compute_compactness(graph, plan.districts)
            found |= {"polsby_popper": float(compactness.mean()), "least_polsby_popper": float(compactness.min())}
    for level in measure_splits(plan, graph.divisions):
        found |= {f"split_{level.level}": float(level.split), f"pieces_{level.level}": float(level.pieces)}
    if votes:
        held = measure_votes(plan.districts, *(graph.votes[party] for party in votes))
        found |= {"efficiency_gap": held.efficiency_gap, "mean_median": held.mean_median, "bias": held.bias}
    return {measure: round(value, 9) for measure, value in found.items()}


def place_plan(measure: str, value: float, ensemble: Sequence[float]) -> Standing:
    """Place a value among those of an ensemble, which must not be empty.

    >>> place_plan("cut_edges", 3, [1, 2, 3, 4]).percentile
    0.625
    """
    values = np.asarray(ensemble, dtype=np.float64)
    below, equal = float((values < value).mean()), float((values == value).mean())
    counts, edges = np.histogram(values, bins=count_bins(values))
    return Standing(
        measure=measure,
        value=value,
        percentile=round(below + equal / 2, 6),
        least=float(values.min()),
        median=float(np.median(values)),
        most=float(values.max()),
        plans=len(values),
        edges=tuple(np.round(edges, 9).tolist()),
        counts=tuple(counts.tolist()),
    )


def count_bins(values: np.ndarray) -> int | np.ndarray:
    """Give each whole number a bar of its own where they are few, or else some bars of the same width."""
    whole = bool((values == np.round(values)).all())
    if whole and np.ptp(values) < BINS:
        return np.arange(values.min() - 0.5, values.max() + 1)
    return BINS
