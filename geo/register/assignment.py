"""Give every row at most one division and every division at most one row, so that the scores sum highest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

NOTHING = 2.0
"""What it costs to leave a row without a division; a pair costs so much less as its score is high."""


def assign_once(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Assign rows to divisions one to one; `scores` holds the pairs that may be, each above zero and below 2.

    Only those pairs are looked at, so that a long list costs little more than it has candidates.

    Examples
    --------
    >>> assign_once({(1, 7): 0.9, (1, 8): 0.8, (2, 7): 0.85})
    {1: 8, 2: 7}
    """
    if not scores:
        return {}
    pairs = sorted(scores)
    rows, divisions = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
    places = [{key: place for place, key in enumerate(keys)} for keys in (rows, divisions)]
    # each row may also take a seat of its own that stands for no division
    own = np.arange(len(rows))
    starts = np.concatenate([[places[0][row] for row, _ in pairs], own])
    ends = np.concatenate([[places[1][division] for _, division in pairs], len(divisions) + own])
    costs = np.concatenate([[NOTHING - scores[pair] for pair in pairs], np.full(len(rows), NOTHING)])
    graph = csr_array((costs, (starts, ends)), shape=(len(rows), len(divisions) + len(rows)))
    chosen = min_weight_full_bipartite_matching(graph)[1].tolist()
    return {row: divisions[end] for row, end in zip(rows, chosen, strict=True) if end < len(divisions)}
