"""Give every row at most one division and every division at most one row, so that the scores sum highest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.errors import InvalidValue, because

MOST_TOGETHER = 6_000
"""So many rows and divisions that compete with each other are assigned at most."""


def assign_once(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Assign rows to divisions one to one; `scores` holds the pairs that may be, each above zero.

    Rows that compete for no common division are settled apart, so that the cost grows with the largest knot and not
    with the list. Raises InvalidValue when that knot is too large.

    Examples
    --------
    >>> assign_once({(1, 7): 0.9, (1, 8): 0.8, (2, 7): 0.85})
    {1: 8, 2: 7}
    """
    rows, divisions = (sorted({pair[side] for pair in scores}) for side in (0, 1))
    found: dict[int, int] = {}
    for pairs in _list_knots(scores, rows, divisions):
        found.update(_assign_knot({pair: scores[pair] for pair in pairs}))
    return dict(sorted(found.items()))


def _list_knots(
    scores: Mapping[tuple[int, int], float], rows: list[int], divisions: list[int]
) -> list[list[tuple[int, int]]]:
    """Group the pairs that have to be settled together."""
    row_at = {row: place for place, row in enumerate(rows)}
    division_at = {division: len(rows) + place for place, division in enumerate(divisions)}
    pairs = sorted(scores)
    ends = np.array([(row_at[row], division_at[division]) for row, division in pairs]).reshape(-1, 2)
    size = len(rows) + len(divisions)
    graph = csr_array((np.ones(len(pairs)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1] if pairs else np.zeros(0, dtype=int)
    knots: dict[int, list[tuple[int, int]]] = {}
    for pair, end in zip(pairs, ends[:, 0].tolist(), strict=True):
        knots.setdefault(int(labels[end]), []).append(pair)
    return list(knots.values())


def _assign_knot(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    rows, divisions = (sorted({pair[side] for pair in scores}) for side in (0, 1))
    if max(len(rows), len(divisions)) > MOST_TOGETHER:
        raise InvalidValue(field="rows", value=len(rows), reason=because("match_knot", most=MOST_TOGETHER))
    places = [{key: place for place, key in enumerate(keys)} for keys in (rows, divisions)]
    table = np.zeros((len(rows), len(divisions)))
    for (row, division), score in scores.items():
        table[places[0][row], places[1][division]] = score
    chosen = zip(*(side.tolist() for side in linear_sum_assignment(table, maximize=True)), strict=True)
    pairs = [(rows[one], divisions[other]) for one, other in chosen]
    return {row: division for row, division in pairs if (row, division) in scores}
