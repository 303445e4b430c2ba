"""Test that crosswalks are commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidValue
from services.queries import RegisterState


@pytest.fixture
def weights(run_in_store: Callable[..., Result], register: RegisterState, tmp_path: Path) -> Path:
    """Write the crosswalk from communes to wilayas."""
    out = tmp_path / "weights.csv"
    done = run_in_store(
        *("crosswalk", "make", str(out), "--register", register.name),
        *("--level", "commune", "--to-level", "wilaya", "--by", "area"),
    )
    assert "۴ وزن" in done.stdout
    return out


def test_crosswalk_is_made(weights: Path):
    lines = weights.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [["A", "X"], ["B", "X"], ["C", "Y"], ["D", "Y"]]


def test_table_is_carried(read_json: Callable[..., Any], weights: Path, tmp_path: Path):
    (tmp_path / "t.csv").write_text("code,people\nA,5\nB,6\nQ,1\n")
    report = read_json("crosswalk", "apply", str(weights), str(tmp_path / "t.csv"), str(tmp_path / "out.csv"))
    assert (report["totals"], report["remainders"]) == ({"people": 12}, {"people": {"Q": 1}})


def test_totals_are_printed(run_in_store: Callable[..., Result], weights: Path, tmp_path: Path):
    (tmp_path / "t.csv").write_text("code,people,share\nX,12,0.5\n")
    done = run_in_store(
        *("crosswalk", "apply", str(weights), str(tmp_path / "t.csv"), str(tmp_path / "out.csv"), "--back")
    )
    assert "people: جمع ۱۲، که ۰ آن" in done.stdout


def test_unknown_way_is_refused(run_in_store: Callable[..., Result], register: RegisterState, tmp_path: Path):
    with pytest.raises(InvalidValue):
        run_in_store("crosswalk", "make", str(tmp_path / "w.csv"), "--register", register.name, "--by", "moon")
