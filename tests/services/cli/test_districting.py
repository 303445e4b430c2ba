"""Test that plans over plain graphs are commanded from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from fixtures.graphs import list_rook_grid
from geo.errors import Infeasible, InvalidValue
from services.cli.app import app
from services.cli.plan_options import Asked
from services.cli.store import INFEASIBLE, exit_code


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """Write a grid of four by four."""
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(list_rook_grid(4, 4)), encoding="utf-8")
    return path


def test_solve_answers_machines(run: Callable[..., Result], grid: Path):
    asked = ("--districts", 4, "--tolerance", 0.005, "--objective", "cut-edges", "--seed", 3, "--seconds", 0.1)
    answer = json.loads(run("plan", "solve", "--graph", grid, *asked, "--json").stdout)
    assert (answer["objective"], answer["seed"], len(answer["assignment"]), len(answer["hash"])) == (8, 3, 16, 64)


def test_solve_shows_people_a_table(run: Callable[..., Result], grid: Path):
    result = run("plan", "solve", "--graph", grid, "-k", 4, "--seconds", 0.1)
    assert result.exit_code == 0 and "8" in result.stdout


def test_no_plan_is_told_with_its_certificate(grid: Path):
    result = CliRunner().invoke(app, ["plan", "solve", "--graph", str(grid), "-k", "17", "--json"])
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["certificate"]["kind"]) == ("infeasible", "too_few_units")
    assert isinstance(result.exception, Infeasible) and exit_code(result.exception) == INFEASIBLE


def test_a_search_in_vain_is_no_proof(tmp_path: Path):
    path = tmp_path / "grid.json"
    people = [40, 2, *[1] * 4, 2, *[1] * 24, *[2] * 5]
    path.write_text(json.dumps(list_rook_grid(6, 6, people)), encoding="utf-8")
    asked = ["plan", "solve", "--graph", str(path), "-k", "2", "--tolerance", "0", "--seconds", "0.1", "--json"]
    assert json.loads(CliRunner().invoke(app, asked).stdout)["status"] == "not_found"


def test_sample_writes_its_file(run: Callable[..., Result], grid: Path, tmp_path: Path):
    out = tmp_path / "plans.jsonl"
    asked = ("--districts", 4, "--tolerance", 0.3, "--steps", 7, "--seed", 2, "--out", out)
    assert run("plan", "sample", "--graph", grid, *asked).exit_code == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 7


@pytest.mark.parametrize("wrong", [("--steps", 0), ("--tree", "oak"), ("--pairs", "friends"), ("--every", 0)])
def test_samples_without_meaning_are_refused(run: Callable[..., Result], grid: Path, tmp_path: Path, wrong: tuple):
    asked = {"--steps": 3, "--out": tmp_path / "plans.jsonl", "-k": 4} | dict([wrong])
    with pytest.raises(InvalidValue):
        run("plan", "sample", "--graph", grid, *(part for pair in asked.items() for part in pair))


@pytest.mark.parametrize("wrong", [("--tolerance", 2), ("--districts", 0), ("--seconds", 0), ("--objective", "beauty")])
def test_searches_without_meaning_are_refused(run: Callable[..., Result], grid: Path, wrong: tuple):
    asked = {"--districts": 4} | dict([wrong])
    with pytest.raises(InvalidValue):
        run("plan", "solve", "--graph", grid, *(part for pair in asked.items() for part in pair))


@pytest.mark.parametrize(("command", "own"), [("solve", {"objective", "prove"}), ("sample", {"steps", "tree"})])
def test_commands_share_the_options_of_an_order(command: str, own: set[str]):
    found = {option.name for option in get_command(app).commands["plan"].commands[command].params}
    assert {field.name for field in fields(Asked)} | own <= found
    assert "asked" not in found


def test_what_is_whole_today_stays_whole(run: Callable[..., Result], tmp_path: Path):
    graph = list_rook_grid(4, 4)
    for unit in graph["units"]:
        unit["divisions"] = {"county": unit["code"][3:]}
    path, today = tmp_path / "grid.json", tmp_path / "today.json"
    path.write_text(json.dumps(graph), encoding="utf-8")
    today.write_text(json.dumps({u["code"]: 1 + (u["code"][3:] > "001") for u in graph["units"]}), encoding="utf-8")
    asked = ("--graph", path, "-k", 2, "--split-level", "county", "--no-new-splits", "--current", today)
    answer = json.loads(run("plan", "solve", *asked, "--seconds", 0.1, "--json").stdout)
    assert len({(code[3:], district) for code, district in answer["assignment"].items()}) == 4
