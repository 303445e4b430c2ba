"""Test the commands of thresholds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidValue, UnknownCountry, UnknownLevel

Run = Callable[..., Result]


def check(run: Run, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("thresholds", "check", *arguments, "--json").stdout)
    return found


def test_every_way_is_listed(run: Run):
    rules = json.loads(run("thresholds", "list", "--json").stdout)
    assert [len(rule["ways"]) for rule in rules] == [2, 3, 3, 4, 1, 2, 1]


def test_tables_are_printed(run: Run):
    assert all(run("thresholds", *words).exit_code == 0 for words in (["list"], ["check", "bakhsh"]))


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (("bakhsh", "--figure", "people=12000", "--circumstance", "border"), "met_with_approval"),
        (("bakhsh", "--figure", "people=۱۲۰۰۰", "--density", "dense"), "not_met"),
        (("province", "--kind", "split"), "unknown"),
        (("city", "--kind", "relevel", "--circumstance", "bakhsh_centre"), "met"),
    ],
)
def test_figures_are_tested(run: Run, arguments: tuple[str, ...], outcome: str):
    assert [one["outcome"] for one in check(run, *arguments)] == [outcome]


def test_nothing_is_asked_of_other_countries(run: Run):
    assert check(run, "wilaya", "--country", "dz") == []
    assert run("thresholds", "check", "wilaya", "--country", "dz").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("ostan9",), UnknownLevel),
        (("bakhsh", "--country", "xx"), UnknownCountry),
        (("bakhsh", "--figure", "people"), InvalidValue),
        (("bakhsh", "--figure", "wealth=5"), InvalidValue),
        (("bakhsh", "--circumstance", "ghost"), InvalidValue),
        (("bakhsh", "--density", "full"), InvalidValue),
        (("bakhsh", "--kind", "rename"), InvalidValue),
    ],
)
def test_useless_questions_are_refused(run: Run, arguments: tuple[str, ...], error: type[Exception]):
    with pytest.raises(error):
        run("thresholds", "check", *arguments)
