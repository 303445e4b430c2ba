"""Check that no hidden count can be worked out from what is shown, whatever the table."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.civic.suppression import ProtectedTable, protect
from geo.civic.tables import TOTAL, CountTable, build_table


@st.composite
def count_tables(draw: st.DrawFn) -> CountTable:
    """Draw small trees of up to three levels with up to two groups of columns and rather small counts."""
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    parents: dict[int, int | None] = dict.fromkeys(range(len(sizes)))
    for parent, size in enumerate(sizes):
        parents |= {100 * (parent + 1) + child: parent for child in range(size)}
    widths = draw(st.sampled_from([(), (2,), (3,), (2, 2), (3, 2)]))
    figures = st.lists(st.integers(0, 7), min_size=3, max_size=3)
    own = {key: _draw_columns(draw(figures), widths, draw(st.integers(0, 99))) for key in [None, *parents]}
    groups, first = [], 1
    for width in widths:
        groups.append(tuple(range(first, first + width)))
        first += width
    return build_table(parents, own, groups=tuple(groups))


def _draw_columns(figures: list[int], widths: tuple[int, ...], seed: int) -> list[int]:
    """Split the same total at random over the columns of every group."""
    dice, total = np.random.default_rng(seed), sum(figures) if figures[0] % 3 else 0
    parts = (dice.multinomial(total, np.full(width, 1 / width)).tolist() for width in widths)
    return [total, *(count for part in parts for count in part)]


def _list_equations(table: CountTable) -> np.ndarray:
    """Write every sum over rows and over columns as a row of coefficients of the cells."""
    shape = table.counts.shape
    equations = []
    for row, column in product(sorted(set(table.above[1:].tolist())), range(shape[1])):
        equation = np.zeros(shape)
        equation[table.above == row, column] = 1
        equation[row, column] = -1
        equations.append(equation.ravel())
    for row, group in product(range(shape[0]), table.groups):
        equation = np.zeros(shape)
        equation[row, list(group)] = 1
        equation[row, TOTAL] = -1
        equations.append(equation.ravel())
    return np.array(equations).reshape(-1, table.counts.size)


def _measure_range(shown: ProtectedTable, cell: int) -> float:
    """Measure how far a hidden count may lie from itself for somebody who knows all that is shown, in whole numbers.

    Whoever looks knows also that a hidden count is at least one, since zero is always shown.
    """
    counts, hidden = shown.table.counts.ravel(), shown.hidden.ravel()
    equations = _list_equations(shown.table)[:, hidden]
    rules = (
        [LinearConstraint(equations, equations @ counts[hidden], equations @ counts[hidden])] if len(equations) else []
    )
    aim = (np.flatnonzero(hidden) == cell).astype(float)
    ends = [
        milp(sign * aim, constraints=rules, integrality=np.ones(len(aim)), bounds=Bounds(1, 200)).x @ aim
        for sign in (1, -1)
    ]
    return round(ends[1] - ends[0])


@settings(max_examples=60, deadline=None)
@given(count_tables(), st.integers(2, 6))
def test_hidden_counts_cannot_be_worked_out(table: CountTable, threshold: int) -> None:
    shown = protect(table, threshold=threshold)
    assert all(_measure_range(shown, int(cell)) >= 1 for cell in np.flatnonzero(shown.hidden.ravel()))


@settings(max_examples=100, deadline=None)
@given(count_tables(), st.integers(1, 6))
def test_small_counts_are_hidden_and_zero_is_shown(table: CountTable, threshold: int) -> None:
    hidden = protect(table, threshold=threshold).hidden
    small = (table.counts > 0) & (table.counts < threshold)
    assert hidden[small].all() and not hidden[table.counts == 0].any()


@settings(max_examples=50, deadline=None)
@given(count_tables())
def test_nothing_is_hidden_where_nothing_is_small(table: CountTable) -> None:
    assert not protect(table, threshold=1).hidden.any()
