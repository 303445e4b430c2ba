"""Test the names of the methods and the claims of divisor methods."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest

from geo.apportionment import Method, decimals, find_method, methods, seats
from geo.apportionment.methods import first_seats, measure_claim
from geo.errors import InvalidValue


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("hamilton", Method.HAMILTON),
        ("Largest_Remainder", Method.HAMILTON),
        ("D'Hondt", Method.DHONDT),
        ("jefferson", Method.DHONDT),
        ("WEBSTER", Method.SAINTE_LAGUE),
        ("equal-proportions", Method.HUNTINGTON_HILL),
        (" dean ", Method.DEAN),
    ],
)
def test_methods_have_several_names(word, method):
    assert find_method(word) is method


@pytest.mark.parametrize("word", ["", "bands", "best", "۱"])
def test_unknown_method_is_refused(word):
    with pytest.raises(InvalidValue):
        find_method(word)


@pytest.mark.parametrize(
    ("method", "held", "claim"),
    [
        (Method.DHONDT, 0, Fraction(60)),
        (Method.SAINTE_LAGUE, 1, Fraction(40)),
        (Method.HUNTINGTON_HILL, 1, Fraction(1800)),
        (Method.ADAMS, 2, Fraction(30)),
        (Method.DEAN, 1, Fraction(45)),
    ],
)
def test_claims_are_exact(method, held, claim):
    assert measure_claim(method, 60, held) == claim


@pytest.mark.parametrize(("method", "first"), [(Method.DHONDT, 0), (Method.ADAMS, 1), (Method.HAMILTON, 0)])
def test_methods_that_divide_by_nought_begin_with_one_seat_each(method, first):
    assert first_seats(method) == first


@pytest.mark.parametrize("module", [methods, seats, decimals])
def test_examples_hold(module):
    assert doctest.testmod(module) == (0, doctest.testmod(module).attempted)
    assert doctest.testmod(module).attempted
