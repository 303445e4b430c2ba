"""Run the examples in the docstrings."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from geo.register import calendars, digits, names


@pytest.mark.parametrize("module", [calendars, digits, names], ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
