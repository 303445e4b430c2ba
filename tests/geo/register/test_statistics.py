"""Test that every division is counted once, in the right row."""

from __future__ import annotations

import pytest

from geo.register.divisions import Division
from geo.register.packs import load_pack
from geo.register.statistics import count_table

LEVELS = load_pack("ir").levels


def make(number: int, level: str, parent: int | None = None) -> Division:
    return Division(number, level, f"{number:02}", "sci", parent_id=parent)


PROVINCES = [make(2, "province"), make(1, "province")]
TREE = [*PROVINCES, make(3, "county", 1), make(4, "county", 1), make(5, "bakhsh", 3), make(6, "village", 5)]


def test_rows_come_by_code_and_columns_by_level():
    table = count_table(TREE, LEVELS)
    assert table.levels == ("county", "bakhsh", "village")
    assert [(row.division.id, row.counts) for row in table.rows] == [(1, (2, 1, 1)), (2, (0, 0, 0))]


def test_totals_add_up():
    table = count_table(TREE, LEVELS)
    assert (table.tops, table.totals) == (2, (2, 1, 1))


@pytest.mark.parametrize(
    "strays",
    [
        [make(7, "county")],
        [make(7, "county", 99)],
        [make(7, "county", 7)],
        [make(7, "county", 8), make(8, "bakhsh", 7)],
    ],
    ids=["no parent", "unknown parent", "its own parent", "a circle"],
)
def test_what_stands_nowhere_has_a_row_of_its_own(strays):
    table = count_table([*TREE, *strays], LEVELS)
    assert table.rows[-1].division is None
    assert sum(table.rows[-1].counts) == len(strays)


@pytest.mark.parametrize("order", [1, -1])
def test_order_of_divisions_does_not_matter(order):
    assert count_table(TREE[::order], LEVELS) == count_table(TREE, LEVELS)


def test_nothing_is_counted_in_an_empty_register():
    assert count_table([], LEVELS).rows == ()
