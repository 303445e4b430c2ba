"""Test that plans of a register are drawn from a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidValue
from services.queries import RegisterState

Run = Callable[..., Result]


@pytest.fixture
def act(run_in_store: Run, register: RegisterState) -> Run:
    """Give a way to command plans of the drawn register, which has the plan `halves`."""
    asked = ("plan", "draw", "Y", "-k", "2", "--register", register.name, "--name", "halves", "--level", "commune")
    assert run_in_store(*asked).exit_code == 0

    def run(command: str, *arguments: Any) -> Result:
        return run_in_store("plan", command, *(str(word) for word in arguments), "--register", register.name)

    return run


@pytest.mark.parametrize(("name", "opening"), [("plan.html", "<!DOCTYPE html>"), ("plan.svg", "<svg")])
def test_a_plan_is_drawn(act: Run, tmp_path: Path, name: str, opening: str) -> None:
    assert act("map", "halves", "--out", tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith(opening)


@pytest.mark.parametrize("name", ["plan.png", "plan"])
def test_other_endings_are_refused(act: Run, tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValue):
        act("map", "halves", "--out", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_study_is_drawn(act: Run, tmp_path: Path) -> None:
    plot = tmp_path / "plot.svg"
    result = act("study", "halves", "--neutral", 10, "--every", 3, "--plot", plot)
    assert result.exit_code == 0
    assert plot.read_text(encoding="utf-8").startswith("<svg")
    assert "R-hat" in result.stdout


def test_a_plot_needs_neutral_plans(act: Run, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue):
        act("study", "halves", "--plot", tmp_path / "plot.svg")


@pytest.mark.parametrize(("neutral", "every"), [(10, 0), (10, 100_001), (10_000, 101), (0, -1)])
def test_steps_without_meaning_are_refused(act: Run, neutral: int, every: int) -> None:
    with pytest.raises(InvalidValue):
        act("study", "halves", "--neutral", neutral, "--every", every)
