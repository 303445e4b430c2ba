"""Hide small counts and whatever would give them away."""

from __future__ import annotations

import pytest

from geo.civic.suppression import ProtectedTable, protect
from geo.civic.tables import TOTAL, CountTable, build_table


def make_table(*counts: int) -> CountTable:
    """Make a table of divisions 1, 2, 3 … at the top."""
    return build_table(dict.fromkeys(range(1, len(counts) + 1)), {key: [n] for key, n in enumerate(counts, start=1)})


def show(protected: ProtectedTable, column: int = TOTAL) -> list[int | None]:
    """Show the counts of all divisions in order."""
    return [protected.show(row, column) for _, row in sorted(protected.table.rows.items())]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param((20, 30, 40), [20, 30, 40], id="nothing small"),
        pytest.param((0, 30, 40), [0, 30, 40], id="zero is shown"),
        pytest.param((4, 30, 20), [None, 30, None], id="the smallest partner is hidden too"),
        pytest.param((4, 3, 20), [None, None, 20], id="two small ones hide each other"),
        pytest.param((5, 30, 40), [5, 30, 40], id="the threshold itself is shown"),
    ],
)
def test_one_level(counts: tuple[int, ...], shown: list[int | None]) -> None:
    assert show(protect(make_table(*counts), threshold=5)) == shown


@pytest.mark.parametrize("counts", [(1, 1), (1,), (4, 0)])
def test_total_is_hidden_where_it_would_tell_the_parts(counts: tuple[int, ...]) -> None:
    assert protect(make_table(*counts), threshold=5).show(0) is None


def test_partner_of_two_ones_is_hidden_since_their_sum_would_tell_both() -> None:
    assert show(protect(make_table(1, 1, 20), threshold=5)) == [None, None, None]


def test_only_child_is_hidden_with_its_parent() -> None:
    table = build_table({1: None, 2: None, 11: 1, 21: 2}, {11: [3], 21: [50]})
    protected = protect(table, threshold=5)
    assert [protected.show(table.rows[key]) for key in (1, 11)] == [None, None]


def test_category_is_hidden_without_the_total() -> None:
    own = {key: [40, 20, 20] for key in (1, 2)} | {1: [23, 3, 20]}
    protected = protect(build_table({1: None, 2: None}, own, groups=((1, 2),)), threshold=5)
    assert show(protected) == [23, 40]
    assert [show(protected, column) for column in (1, 2)] == [[None, None], [None, None]]


def test_rest_of_a_division_is_protected_like_a_division() -> None:
    table = build_table({1: None, 11: 1, 12: 1}, {1: [2], 11: [30], 12: [40]})
    protected = protect(table, threshold=5)
    rest = table.rest_rows[table.rows[1]]
    assert protected.hidden[rest, TOTAL]
    assert sum(protected.show(table.rows[key]) is None for key in (11, 12)) == 1


@pytest.mark.parametrize(("rows", "total"), [([1, 2], 50), ([1, 3], None), ([], 0)])
def test_sum_with_a_hidden_count_is_hidden(rows: list[int], total: int | None) -> None:
    table = make_table(20, 30, 4, 3)
    assert protect(table, threshold=5).show_sum(rows) == total


def test_same_table_is_always_hidden_alike() -> None:
    own = {key: [key % 7, key % 7] for key in range(1, 30)}
    tables = [build_table(dict.fromkeys(order), own, groups=((1,),)) for order in (range(1, 30), range(29, 0, -1))]
    assert (protect(tables[0], threshold=4).hidden == protect(tables[1], threshold=4).hidden).all()
