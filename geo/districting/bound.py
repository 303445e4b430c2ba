"""Say how few edges any plan must cut."""

from __future__ import annotations

from math import ceil

import numpy as np

from geo.districting.graph import UnitGraph
from geo.districting.plan import PlanRule

MOST_UNITS = 800
"""Above so many units the spectrum takes too long."""


def bound_cuts(graph: UnitGraph, rule: PlanRule) -> int:
    """Give a number of edges that no plan keeping the rule cuts fewer than; often far below the best plan.

    Districts of one connected piece are tied together by at least one cut edge each but one. And with the people of
    the units as masses, half the people of the smallest district times the sum of the lowest frequencies of the graph,
    as many as there are districts, is no more than what is cut (Donath and Hoffman 1973).
    """
    joined = rule.districts - (int(graph.pieces.max()) + 1)
    return max(joined, _bound_by_spectrum(graph, rule) if 1 < len(graph.keys) <= MOST_UNITS else 0)


def _bound_by_spectrum(graph: UnitGraph, rule: PlanRule) -> int:
    size = len(graph.keys)
    laplacian = np.zeros((size, size))
    first, second = graph.edges.T
    laplacian[first, second] = laplacian[second, first] = -1
    np.fill_diagonal(laplacian, -laplacian.sum(axis=1))
    # units without people get some: more mass only lowers the frequencies
    masses = np.maximum(graph.people, 1).astype(float)
    scale = 1 / np.sqrt(masses)
    lowest = np.linalg.eigvalsh(laplacian * np.outer(scale, scale))[: rule.districts]
    least = rule.find_bounds(int(graph.people.sum()))[0]
    return ceil(least * float(lowest.sum()) / 2 * (1 - 1e-6) - 1e-6)
