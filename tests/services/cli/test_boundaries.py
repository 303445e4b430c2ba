"""Test that audits are commanded from a shell, of a register and of a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import Result

from geo.errors import RegisterNotFound, UnknownLevel
from services.queries import RegisterState


@pytest.fixture
def overlapping(tmp_path: Path) -> Path:
    """Write two squares of which one reaches into the other."""
    squares = {"A": shapely.box(50, 30, 51, 31), "B": shapely.box(50.9, 30, 52, 31)}
    features = [
        {"type": "Feature", "properties": {"code": key}, "geometry": json.loads(shapely.to_geojson(square))}
        for key, square in squares.items()
    ]
    path = tmp_path / "squares.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_audit_of_a_register_is_kept(read_json: Callable[..., Any], register: RegisterState):
    summary = read_json("audit", "commune", "--register", register.name)
    assert (summary["certified"], summary["levels"]) == (True, ["commune"])


def test_findings_are_listed_as_audited(read_json: Callable[..., Any], register: RegisterState):
    counts = read_json("audit", "commune", "--register", register.name)["counts"]
    assert len(read_json("findings", "--register", register.name)) == sum(counts.values())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [(("commune", "--register", "nowhere"), RegisterNotFound), (("ostan",), UnknownLevel)],
)
def test_audit_of_what_is_not_there_is_refused(run_in_store, register: RegisterState, arguments, error):
    named = arguments if "--register" in arguments else (*arguments, "--register", register.name)
    with pytest.raises(error):
        run_in_store("audit", *named)


def test_check_of_a_file_prints_what_machines_read(run: Callable[..., Result], overlapping: Path):
    report = json.loads(run("check", overlapping, "--json").stdout)
    assert report.keys() == {"certified", "counts", "area_m2", "findings"}
    assert report["counts"]["overlap"] == 1
    assert report["findings"][0].keys() >= {"kind", "divisions", "area_m2", "point"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [((), 0), (("gap",), 0), (("overlap",), 1), (("gap", "overlap"), 1), (("any",), 1)],
)
def test_check_ends_with_one_only_where_asked(run: Callable[..., Result], overlapping: Path, asked, code):
    named = [word for kind in asked for word in ("--fail-on", kind)]
    assert run("check", overlapping, *named).exit_code == code


def test_check_of_a_sound_file_finds_nothing(run: Callable[..., Result], overlapping: Path):
    text = overlapping.read_text(encoding="utf-8").replace("50.9", "51.0")
    overlapping.write_text(text, encoding="utf-8")
    assert run("check", overlapping, "--fail-on", "any").exit_code == 0


def test_check_writes_its_findings(run: Callable[..., Result], overlapping: Path):
    out = overlapping.with_name("findings.gpkg")
    assert run("check", overlapping, "--key", "code", "--out", out).exit_code == 0
    assert out.exists()
