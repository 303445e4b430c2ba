"""Test that fractions and roots are written exactly as far as they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from geo.apportionment import write_fraction, write_root


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(91, 5), 4, "18.2000"),
        (Fraction(99999, 100000), 4, "0.9999"),
        (Fraction(0), 2, "0.00"),
        (Fraction(7, 2), 0, "3"),
        (Fraction(10**30, 7), 3, "142857142857142857142857142857.142"),
    ],
)
def test_fraction_is_cut_off_and_never_rounded_up(value, places, text):
    assert write_fraction(value, places) == text


@pytest.mark.parametrize(
    ("square", "text"), [(Fraction(2), "1.4142"), (Fraction(9), "3.0000"), (Fraction(1, 4), "0.5000")]
)
def test_root_is_cut_off(square, text):
    assert write_root(square) == text
