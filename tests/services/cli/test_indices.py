"""Test the commands of indices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidValue, RowsRefused, UnreadableFile
from services.queries import RegisterState

WHOLE = "code,people,growth,schools,distance,colour\nA,10,1,1,40,red\nB,20,3,2,30,blue\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write a table of values."""
    path = tmp_path / "values.csv"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_values_come_in_and_grade(read_json: Callable[..., Any], register: RegisterState, table: Path):
    report = read_json("indices", "import", str(table), "--set", "example", "-r", register.name)
    assert (report["new"], report["passed_over"]) == (8, ["colour"])
    lines = read_json("indices", "grade", "commune", "--set", "example", "-r", register.name)["lines"]
    assert [line["division"]["code"] for line in lines] == ["B", "A", "C", "D"]
    assert lines[-1]["graded"]["missing"] == ["people", "growth", "schools", "distance"]


def test_both_print_for_people(run_in_store: Callable[..., Result], register: RegisterState, table: Path):
    brought = run_in_store("indices", "import", table, "--set", "example", "-r", register.name)
    graded = run_in_store("indices", "grade", "commune", "--set", "example", "-r", register.name)
    assert (brought.exit_code, graded.exit_code) == (0, 0)
    assert "colour" in brought.output


def test_refused_rows_are_told(run_in_store: Callable[..., Result], register: RegisterState, table: Path):
    table.write_text(WHOLE.replace("20,3", "x,3"), encoding="utf-8")
    with pytest.raises(RowsRefused):
        run_in_store("indices", "import", table, "--set", "example", "-r", register.name)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("grade", "commune", "--set", "other"), InvalidValue),
        (("grade", "commune", "--set", "example"), InvalidValue),
        (("import", "/nowhere.csv", "--set", "example"), UnreadableFile),
    ],
)
def test_useless_questions_are_refused(
    run_in_store: Callable[..., Result], register: RegisterState, arguments: tuple[str, ...], error: type[Exception]
):
    with pytest.raises(error):
        run_in_store("indices", *arguments, "-r", register.name)
