"""Test that complaints and maps are commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidPeriod, InvalidValue, PlanNotFound, UnknownLevel
from services.queries import RegisterState


def test_complaints_are_counted_by_division(read_json: Callable[..., Any], register: RegisterState):
    answer = read_json("complaints", "commune", "--register", register.name)
    assert [row["division"]["code"] for row in answer["rows"]] == ["A", "B", "C", "D"]


def test_complaints_are_a_table_for_people(run_in_store: Callable[..., Result], register: RegisterState):
    result = run_in_store("complaints", "commune", "--register", register.name, "--limit", "2")
    assert result.exit_code == 0 and "A" in result.stdout and "D" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("ostan",), UnknownLevel),
        (("commune", "--since", "1404-01-01", "--until", "1403-01-01"), InvalidPeriod),
        (("commune", "--category", "weather"), InvalidValue),
    ],
)
def test_complaints_of_what_is_not_there_are_refused(run_in_store, register: RegisterState, arguments, error):
    with pytest.raises(error):
        run_in_store("complaints", *arguments, "--register", register.name)


@pytest.mark.parametrize("subject", ["findings", "complaints"])
def test_map_is_one_whole_page(read_json, register: RegisterState, tmp_path: Path, subject):
    read_json("audit", "commune", "--register", register.name)
    out = tmp_path / "map.html"
    read_json("map", subject, "--register", register.name, "--level", "commune", "--out", str(out))
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")


@pytest.mark.parametrize(("subject", "error"), [("weather", InvalidValue), ("plan", PlanNotFound)])
def test_map_of_what_is_not_there_leaves_no_file(run_in_store, register: RegisterState, tmp_path: Path, subject, error):
    with pytest.raises(error):
        run_in_store("map", subject, "--register", register.name, "--out", tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []
