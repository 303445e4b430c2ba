"""Give every row at most one division and every division at most one row, so that the scores sum highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

NOTHING = 2.0
"""What it costs to leave a row without a division; a pair costs so much less as its score is high."""

Pair = tuple[int, int]


def assign_once(scores: Mapping[Pair, float]) -> dict[int, int]:
    """Assign rows to divisions one to one; `scores` holds the pairs that may be, each above zero and below 2.

    Rows that compete for no common division are settled apart, so that the cost grows with the largest knot and not
    with the list.

    Examples
    --------
    >>> assign_once({(1, 7): 0.9, (1, 8): 0.8, (2, 7): 0.85})
    {1: 8, 2: 7}
    """
    found: dict[int, int] = {}
    for knot in _list_knots(sorted(scores)):
        found.update(_settle_knot(knot, scores))
    return dict(sorted(found.items()))


def _list_knots(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Group the pairs that have to be settled together."""
    if not pairs:
        return []
    starts, row_at = np.unique([row for row, _ in pairs], return_inverse=True)
    ends, division_at = np.unique([division for _, division in pairs], return_inverse=True)
    size = len(starts) + len(ends)
    graph = csr_array((np.ones(len(pairs)), (row_at, len(starts) + division_at)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    knots: dict[int, list[Pair]] = {}
    for pair, label in zip(pairs, labels[row_at].tolist(), strict=True):
        knots.setdefault(label, []).append(pair)
    return list(knots.values())


def _settle_knot(pairs: Sequence[Pair], scores: Mapping[Pair, float]) -> dict[int, int]:
    rows, divisions = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
    if len(rows) == 1 or len(divisions) == 1:
        return dict([max(pairs, key=lambda pair: (scores[pair], -pair[0], -pair[1]))])
    places = [{key: place for place, key in enumerate(keys)} for keys in (rows, divisions)]
    # each row may also take a seat of its own that stands for no division
    own = np.arange(len(rows))
    starts = np.concatenate([[places[0][row] for row, _ in pairs], own])
    ends = np.concatenate([[places[1][division] for _, division in pairs], len(divisions) + own])
    costs = np.concatenate([[NOTHING - scores[pair] for pair in pairs], np.full(len(rows), NOTHING)])
    graph = csr_array((costs, (starts, ends)), shape=(len(rows), len(divisions) + len(rows)))
    chosen = min_weight_full_bipartite_matching(graph)[1].tolist()
    return {row: divisions[end] for row, end in zip(rows, chosen, strict=True) if end < len(divisions)}
