"""Test that plans over plain graphs are measured, compared and explained from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from fixtures.graphs import list_rook_grid
from geo.errors import InvalidValue
from services.cli.store import DEFECTS


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Write a grid of four by two and two plans of it."""
    paths = {name: tmp_path / name for name in ("grid.json", "halves.csv", "rows.csv", "odd.csv")}
    paths["grid.json"].write_text(json.dumps(list_rook_grid(4, 2)), encoding="utf-8")
    for name, districts in (("halves.csv", "11221122"), ("rows.csv", "11112222"), ("odd.csv", "12211221")):
        lines = [f"{at // 4:03}{at % 4:03},{district}" for at, district in enumerate(districts)]
        paths[name].write_text("\n".join(["code,district", *lines]), encoding="utf-8")
    return paths


def test_evaluate_answers_machines(run: Callable[..., Result], files: dict[str, Path]):
    answer = json.loads(
        run("plan", "evaluate", "--graph", files["grid.json"], "--plan", files["halves.csv"], "--json").stdout
    )
    assert (answer["measures"]["cut_edges"], answer["broken"], len(answer["districts"])) == (2, [], 2)
    assert "Stephanopoulos" in answer["citations"]["efficiency_gap"]


def test_evaluate_shows_people_tables(run: Callable[..., Result], files: dict[str, Path]):
    result = run("plan", "evaluate", "--graph", files["grid.json"], "--plan", files["odd.csv"])
    assert result.exit_code == 0 and "2" in result.stdout


def test_evaluate_draws_where_a_plan_stands(run: Callable[..., Result], files: dict[str, Path], tmp_path: Path):
    sample, plot = tmp_path / "sample.parquet", tmp_path / "plot.svg"
    asked = ("--graph", files["grid.json"], "-k", 2, "--tolerance", 0.5, "--steps", 50, "--out", sample)
    assert run("plan", "sample", *asked).exit_code == 0
    asked = ("--graph", files["grid.json"], "--plan", files["rows.csv"], "--ensemble", sample, "--plot", plot)
    assert run("plan", "evaluate", *asked).exit_code == 0
    assert plot.read_text(encoding="utf-8").startswith("<svg")


def test_a_plot_needs_an_ensemble(run: Callable[..., Result], files: dict[str, Path], tmp_path: Path):
    asked = ("--graph", files["grid.json"], "--plan", files["rows.csv"], "--plot", tmp_path / "plot.svg")
    with pytest.raises(InvalidValue):
        run("plan", "evaluate", *asked)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_compare_says_who_moves(run: Callable[..., Result], files: dict[str, Path], flags: tuple[str, ...]):
    asked = ("--graph", files["grid.json"], "--plan", files["halves.csv"], "--other", files["rows.csv"])
    result = run("plan", "compare", *asked, *flags)
    assert result.exit_code == 0 and "000002" in result.stdout


@pytest.mark.parametrize(("plan", "code"), [("halves.csv", 0), ("odd.csv", DEFECTS)])
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_explain_ends_by_what_it_found(
    run: Callable[..., Result], files: dict[str, Path], plan: str, code: int, flags: tuple[str, ...]
):
    result = run("plan", "explain", "--graph", files["grid.json"], "--plan", files[plan], *flags)
    assert result.exit_code == code and result.stdout


@pytest.mark.parametrize(
    "wrong", [("--pin", "000000"), ("--pin", "=1"), ("--bar", "000000=x"), ("--seats", "1,b"), ("--seats", "1,2,3")]
)
def test_options_without_meaning_are_refused(
    run: Callable[..., Result], files: dict[str, Path], wrong: tuple[str, str]
):
    with pytest.raises(InvalidValue):
        run("plan", "solve", "--graph", files["grid.json"], "-k", 2, *wrong)


def test_solve_takes_seats_and_fixed_units(run: Callable[..., Result], files: dict[str, Path]):
    asked = ("-k", 2, "--tolerance", 0, "--seats", "3,1", "--pin", "000003=2", "--objective", "deviation,cut-edges")
    answer = json.loads(run("plan", "solve", "--graph", files["grid.json"], *asked, "--seconds", 0.1, "--json").stdout)
    assert answer["objective"] == [0, 2] and answer["assignment"]["000003"] == 2
    assert sorted(answer["assignment"].values()) == [1] * 6 + [2] * 2


def test_solve_proves(run: Callable[..., Result], files: dict[str, Path]):
    asked = ("-k", 2, "--tolerance", 0, "--prove", "--bar", "000000=2", "--seconds", 0.1)
    answer = json.loads(run("plan", "solve", "--graph", files["grid.json"], *asked, "--json").stdout)
    assert (answer["status"], answer["objective"], answer["bound"]) == ("optimal", 2, 2)


def test_sample_tells_how_far_it_can_be_believed(run: Callable[..., Result], files: dict[str, Path], tmp_path: Path):
    asked = ("-k", 2, "--tolerance", 0.5, "--steps", 40, "--chains", 2, "--out", tmp_path / "a.jsonl")
    answer = json.loads(run("plan", "sample", "--graph", files["grid.json"], *asked, "--json").stdout)
    assert (answer["written"], answer["is_cut_short"], answer["diagnoses"]["cut_edges"]["chains"]) == (80, False, 2)
