"""Test that points are located from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from typer.testing import Result

from fixtures.letters import draw
from services.cli.language import tell


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """Write two squares and three points, and ask for them."""
    features = [
        {"type": "Feature", "properties": {"code": f"0{key}"}, "geometry": json.loads(shapely.to_geojson(shape))}
        for key, shape in draw("AB").items()
    ]
    coverage = tmp_path / "squares.geojson"
    coverage.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    points = tmp_path / "points.csv"
    points.write_text("x,y\n0.5,0.5\n1,0.5\n7,7\n", encoding="utf-8")
    named = {"--coverage": coverage, "--key": "code", "--points": points, "--x": "x", "--y": "y"}
    return ["locate", *(str(word) for pair in named.items() for word in pair)]


def test_points_are_written_with_their_keys(run: Callable[..., Result], arguments: list[str], tmp_path: Path):
    out = tmp_path / "out.csv"
    report = json.loads(run(*arguments, "--out", out, "--json").stdout)
    assert out.read_text(encoding="utf-8").splitlines()[1:] == [
        '"0.5","0.5","0A",false,false,',
        '"1","0.5","0A",true,false,',
        '"7","7",,false,false,"outside"',
    ]
    assert (report["points"], report["located"], report["on_boundary"]) == (3, 2, 1)


def test_counts_are_told_to_people_and_progress_apart(run: Callable[..., Result], arguments: list[str], tmp_path: Path):
    result = run(*arguments, "--out", tmp_path / "out.csv")
    assert tell("locate.on_boundary") in result.stdout
    assert "3" in result.stderr or "۳" in result.stderr


@pytest.mark.parametrize("left_out", ["--coverage", "--key", "--points"])
def test_what_is_needed_must_be_said(run: Callable[..., Result], arguments: list[str], tmp_path: Path, left_out: str):
    at = arguments.index(left_out)
    assert run(*arguments[:at], *arguments[at + 2 :], "--out", tmp_path / "out.csv").exit_code == 2
