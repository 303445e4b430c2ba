"""Run the examples in the docstrings."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from geo.register import (
    aggregates,
    assignment,
    calendars,
    crosswalk_ways,
    crosswalks,
    digits,
    match_names,
    names,
    naming,
    romanization,
    skeletons,
    slips,
)

MODULES = [
    aggregates,
    assignment,
    calendars,
    crosswalk_ways,
    crosswalks,
    digits,
    match_names,
    names,
    naming,
    romanization,
    skeletons,
    slips,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
