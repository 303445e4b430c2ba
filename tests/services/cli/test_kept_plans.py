"""Test that the plans of a register are studied, edited, exchanged and published from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import Infeasible, InvalidValue
from services.queries import RegisterState

Run = Callable[..., Result]


@pytest.fixture
def act(run_in_store: Run, register: RegisterState) -> Run:
    """Give a way to command plans of the drawn register, in which the plan `rows` puts A and B, C and D together."""
    asked = ("plan", "draw", "Y", "-k", "2", "--register", register.name, "--name", "halves", "--level", "commune")
    assert run_in_store(*asked).exit_code == 0

    def run(command: str, *arguments: Any) -> Result:
        return run_in_store("plan", command, *(str(word) for word in arguments), "--register", register.name)

    return run


def test_a_plan_is_taken_in_changed_and_given_out(act: Run, tmp_path: Path):
    before, after = tmp_path / "plan.csv", tmp_path / "after.csv"
    before.write_text("code,district\nA,1\nB,1\nC,2\nD,2\n", encoding="utf-8")
    assert act("import", "rows", before).exit_code == 0
    assert act("edit", "rows", "--move", "B=2", "--keep").exit_code == 0
    assert act("export", "rows", "--out", after).exit_code == 0
    assert after.read_text(encoding="utf-8").splitlines() == ['"code","district"', '"A",1', '"B",2', '"C",2', '"D",2']
    assert act("export", "rows", "--out", after, "--version", 1).exit_code == 0
    assert '"B",1' in after.read_text(encoding="utf-8")


@pytest.mark.parametrize("flags", [(), ("--json",), ("--neutral", 5)])
def test_a_plan_is_studied(act: Run, flags: tuple[Any, ...]):
    result = act("study", "halves", *flags)
    assert result.exit_code == 0 and result.stdout


def test_an_edit_that_breaks_a_district_is_refused(act: Run):
    assert act("edit", "halves", "--move", "C=2").exit_code == 0
    with pytest.raises(Infeasible):
        act("edit", "halves", "--move", "C=2", "--keep")


def test_other_endings_are_refused(act: Run, tmp_path: Path):
    with pytest.raises(InvalidValue):
        act("export", "halves", "--out", tmp_path / "plan.xlsx")


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_districts_become_constituencies(act: Run, flags: tuple[str, ...]):
    result = act("publish", "halves", "--body", "council", *flags)
    assert result.exit_code == 0 and "halves 2" in result.stdout
    assert act("publish", "halves", "--body", "council", "--replace").exit_code == 0


@pytest.mark.parametrize(
    ("options", "units"),
    [
        (("--level", "daira", "--except", "C"), {"C", "R"}),
        (("--level", "daira", "--split", "Q", "--pin", "C=2", "--objective", "deviation,cut-edges"), {"C", "R"}),
        (("--level", "commune", "--bridge", "C=D", "--seats", "1,1", "--seconds", "0.1"), {"C", "D"}),
    ],
)
def test_a_plan_is_drawn_over_chosen_units(
    run_in_store: Run, register: RegisterState, options: tuple[str, ...], units: set[str]
):
    asked = ("plan", "draw", "Y", "-k", "2", "--tolerance", "0.5", "--register", register.name, "--json")
    answer = json.loads(run_in_store(*asked, *options).stdout)
    assert {unit["division"]["code"] for unit in answer["units"]} == units


@pytest.mark.parametrize("bridge", ["C", "=C", "C="])
def test_bridges_of_other_shapes_are_refused(run_in_store: Run, register: RegisterState, bridge: str):
    with pytest.raises(InvalidValue):
        run_in_store("plan", "draw", "Y", "-k", "2", "--register", register.name, "--bridge", bridge)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_search_is_ordered_as_a_job(run_in_store: Run, register: RegisterState, flags: tuple[str, ...]):
    asked = ("plan", "draw", "Y", "-k", "2", "--level", "commune", "--register", register.name, "--job")
    assert run_in_store(*asked, *flags).exit_code == 0
    listed = json.loads(run_in_store("jobs", "list", "--json").stdout)
    assert [(job["kind"], job["state"]) for job in listed] == [("plan_solve", "waiting")]
