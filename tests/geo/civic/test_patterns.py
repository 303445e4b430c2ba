"""Find moves that change nothing that is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import null_space

from geo.civic.patterns import PatternFinder
from geo.civic.tables import TOTAL, CountTable, build_table

PARENTS = {1: None, 2: None, 11: 1, 12: 1, 21: 2}


def make_table(*own: int) -> CountTable:
    """Make a table of two divisions, of two parts and one, with two categories each."""
    figures = np.array(own).reshape(-1, 2)
    rows = zip((11, 12, 21), figures.tolist(), strict=True)
    return build_table(PARENTS, {key: [sum(pair), *pair] for key, pair in rows}, groups=((1, 2),))


def leaves_sums(table: CountTable, cells: tuple[np.ndarray, np.ndarray]) -> bool:
    """Tell whether counts in some cells, and in each of them, can change without changing any sum."""
    changed = np.zeros(table.counts.shape, dtype=bool)
    changed[cells] = True
    equations = []
    for row in set(table.above[1:].tolist()):
        for column in range(3):
            equation = np.zeros(table.counts.shape)
            equation[table.above == row, column], equation[row, column] = 1, -1
            equations.append(equation[changed])
    for row in range(len(table.keys)):
        equation = np.zeros(table.counts.shape)
        equation[row, 1:], equation[row, TOTAL] = 1, -1
        equations.append(equation[changed])
    free = null_space(np.array(equations))
    return bool((np.abs(free).max(axis=1, initial=0) > 1e-9).all())


@given(st.lists(st.integers(1, 9), min_size=6, max_size=6), st.sampled_from([1, 11, 21, 2]), st.integers(0, 2))
def test_pattern_runs_through_its_cell_and_keeps_every_sum(own: list[int], key: int, column: int) -> None:
    table = make_table(*own)
    rows, columns = PatternFinder(table, reach=1).find(table.rows[key], column)
    assert (table.rows[key], column) in set(zip(rows.tolist(), columns.tolist(), strict=True))
    assert leaves_sums(table, (rows, columns))


def test_siblings_are_preferred_to_the_whole_register() -> None:
    table = make_table(3, 4, 9, 9, 9, 9)
    rows, _ = PatternFinder(table, reach=1).find(table.rows[11], 1)
    assert set(rows.tolist()) == {table.rows[11], table.rows[12]}


def test_hidden_cells_cost_nothing() -> None:
    table = make_table(3, 4, 2, 2, 900, 900)
    finder = PatternFinder(table, reach=1)
    finder.hidden[:] = True
    finder.hidden[table.rows[12]] = False
    rows, _ = finder.find(table.rows[2], 1)
    assert table.rows[12] not in rows


@pytest.mark.parametrize(("reach", "siblings"), [(1, True), (3, True), (5, False)])
def test_reach_asks_for_counts_that_can_move_so_far(reach: int, siblings: bool) -> None:
    table = make_table(3, 4, 5, 5, 9, 9)
    rows, _ = PatternFinder(table, reach=reach).find(table.rows[11], 1)
    assert (set(rows.tolist()) == {table.rows[11], table.rows[12]}) is siblings
