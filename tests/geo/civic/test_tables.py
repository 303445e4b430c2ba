"""Hold counts so that every sum is a cell of its own."""

from __future__ import annotations

import numpy as np
import pytest

from geo.civic.tables import NOWHERE, TOTAL, build_table

PARENTS = {1: None, 2: None, 11: 1, 12: 1}


def test_rows_sum_to_the_row_above() -> None:
    table = build_table(PARENTS, {11: [3], 12: [4], 2: [5]})
    assert {key: int(table.counts[row, TOTAL]) for key, row in table.rows.items()} == {1: 7, 2: 5, 11: 3, 12: 4}
    assert table.counts[0, TOTAL] == 12


def test_what_lies_in_no_division_below_has_its_own_row() -> None:
    table = build_table(PARENTS, {1: [6], 11: [3], None: [2]})
    assert {above: int(table.counts[row, TOTAL]) for above, row in table.rest_rows.items()} == {0: 2, table.rows[1]: 6}
    assert table.counts[0, TOTAL] == 11


def test_rows_follow_the_rows_above_them() -> None:
    table = build_table(PARENTS, {})
    assert table.above[0] == NOWHERE
    assert all(table.above[row] < row for row in range(1, len(table.keys)))


@pytest.mark.parametrize(
    "parents",
    [
        pytest.param({1: 2, 2: 1}, id="circle"),
        pytest.param({1: 99, 2: None}, id="unknown parent"),
    ],
)
def test_no_division_is_lost(parents: dict[int, int | None]) -> None:
    table = build_table(parents, {1: [3], 2: [4]})
    assert set(table.rows) == {1, 2} and table.counts[0, TOTAL] == 7


def test_register_without_divisions() -> None:
    table = build_table({}, {None: [2]})
    assert table.counts.tolist() == [[2]] or table.counts.tolist() == [[2], [2]]


def test_leaves_and_depths() -> None:
    table = build_table(PARENTS, {})
    assert sorted(table.keys[row] for row in table.leaves) == [2, 11, 12]
    assert dict(zip(table.keys, table.depths.tolist(), strict=True)) == {None: 0, 1: 1, 2: 1, 11: 2, 12: 2}


def test_groups_must_sum_to_the_total() -> None:
    with pytest.raises(ValueError, match="do not sum"):
        build_table({1: None}, {1: [3, 1, 1]}, groups=((1, 2),))


def test_columns_add_up_in_every_row() -> None:
    table = build_table(PARENTS, {11: [3, 1, 2], 2: [4, 4, 0]}, groups=((1, 2),))
    assert np.array_equal(table.counts[:, 1:].sum(axis=1), table.counts[:, TOTAL])
