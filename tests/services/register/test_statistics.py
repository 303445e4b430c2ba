"""Test the counts of a register on its days."""

from __future__ import annotations

from datetime import date

import pytest

from services.queries import get_register
from services.register.statistics import count_statistics


@pytest.mark.parametrize(("day", "totals"), [(date(2025, 6, 1), (1,)), (date(2026, 6, 1), (2,))])
def test_counts_are_those_of_the_day(bring, session, day, totals):
    bring("code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n", valid_from=date(2025, 1, 1))
    bring("code,level,parent,name_fa\n0102,shahrestan,01,شمیران\n", valid_from=date(2026, 1, 1))
    table = count_statistics(session, get_register(session, "test"), day=day)
    assert (table.levels, table.totals) == (("county",), totals)


def test_rows_have_names(bring, session):
    bring("code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n")
    [row] = count_statistics(session, get_register(session, "test"), day=bring.today).rows
    assert (row.division.code, row.division.names) == ("01", {"fa": "تهران"})
