"""Check how cells are read as texts."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from geo.register.rows import Rows


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (np.datetime64("NaT"), ""),
        (" a\u00a0", "a"),
        ("\u200ca", "\u200ca"),
        (601, "601"),
        (np.int64(601), "601"),
        (601.0, "601.0"),
        (np.float64(0.5), "0.5"),
        (9.1e15, "9.100000000e+15"),
        (float("inf"), "inf"),
        (True, "True"),
        (datetime.date(2020, 3, 20), "2020-03-20"),
        (np.array([1, 2]), "[1 2]"),
        (["a"], "['a']"),
    ],
)
def test_cells_become_texts(cell, text):
    assert Rows([1], {"a": [cell]}).read_texts("a") == [text]


def test_rows_are_counted():
    assert len(Rows([1, 3], {})) == 2
