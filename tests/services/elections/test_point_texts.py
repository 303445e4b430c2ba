"""Test that texts become degrees, and formulas become harmless."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from services.elections.point_texts import disarm, disarm_names, fit_row, is_empty, read_degrees


@pytest.mark.parametrize(
    ("column", "degrees"),
    [
        (pa.array([51.5, None]), [51.5, np.nan]),
        (pa.array([51, 2]), [51.0, 2.0]),
        (pa.array([1.5], pa.float32()), [1.5]),
        (pa.array(["51.5", " -3 ", "1e1"]), [51.5, -3.0, 10.0]),
        (pa.array(["۵۱٫۵", "", "x", None, "1_0", " 7 "]), [51.5, np.nan, np.nan, np.nan, np.nan, 7.0]),
        (pa.array(["51,5"]), [np.nan]),
        (pa.array(["2", "2", "x"]).dictionary_encode(), [2.0, 2.0, np.nan]),
    ],
)
def test_degrees_are_read_from_numbers_and_texts(column: pa.Array, degrees: list[float]):
    assert np.array_equal(read_degrees(column), degrees, equal_nan=True)


@pytest.mark.parametrize(
    ("column", "empty"),
    [
        (pa.array([1.0, None]), [False, True]),
        (pa.array(["1", "", "  ", None, "x"]), [False, True, True, True, False]),
        (pa.array(["", "1"]).dictionary_encode(), [True, False]),
    ],
)
def test_empty_is_told_from_wrong(column: pa.Array, empty: list[bool]):
    assert is_empty(column).tolist() == empty


@pytest.mark.parametrize(
    ("text", "fields"),
    [("1", ["1", "", ""]), ("1,2,3,4", ["1", "2", "3,4"]), ('"a,b",c', ["a,b", "c", ""]), ("", ["", "", ""])],
)
def test_rows_are_fitted(text: str, fields: list[str]):
    assert fit_row(text, 3) == fields


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("-35.5", "-35.5"),
        ("+98912", "+98912"),
        ("تهران", "تهران"),
        ("", ""),
        (None, None),
    ],
)
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_formulas_become_texts(text: str | None, harmless: str | None, kind: pa.DataType):
    column = pa.array(["x", text, "y"], kind)[1:]
    assert disarm(column).to_pylist() == [harmless, "y"]


def test_numbers_are_no_formulas():
    column = pa.array([-1.0, 2.0])
    assert disarm(column) is column


def test_names_of_columns_are_disarmed():
    assert disarm_names(["=a", "b", "", "-1"]) == ["'=a", "b", "", "'-1"]
