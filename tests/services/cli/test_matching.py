"""Test that matching is commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from geo.errors import InvalidMapping, InvalidValue, RowsRefused
from services.queries import RegisterState

Run = Callable[..., Result]


@pytest.fixture
def sheet(read_json: Callable[..., Any], register: RegisterState, tmp_path: Path) -> str:
    """Match three communes by code and name."""
    (tmp_path / "rows.csv").write_text("code,name_fr,parent\nA,A,P\nB,Beta,P\nZ,Zeta,Q\n")
    order = ("--register", register.name, "--level", "commune", "--scheme", "osm")
    return str(read_json("match", "run", str(tmp_path / "rows.csv"), *order)["sheet"]["id"])


def test_worksheets_and_rows_are_printed(run_in_store: Run, register: RegisterState, sheet: str):
    assert "rows.csv" in run_in_store("match", "list", "--register", register.name).stdout
    rows = run_in_store("match", "list", sheet, "--register", register.name, "--state", "clear").stdout
    assert "A" in rows


def test_rows_are_decided_and_applied(read_json: Callable[..., Any], register: RegisterState, sheet: str):
    own = ("--register", register.name)
    assert read_json("match", "confirm", sheet, "--all-clear", *own)["counts"]["confirmed"] == 1
    assert read_json("match", "confirm", sheet, "2", *own)["counts"]["confirmed"] == 2
    assert read_json("match", "refuse", sheet, "3", "--note", "gone", *own)["counts"]["refused"] == 1
    assert read_json("match", "reopen", sheet, "3", *own)["counts"]["refused"] == 0
    assert read_json("match", "split", sheet, "3", "--code", "C", "--code", "D", *own)["counts"]["split"] == 1
    assert read_json("match", "apply", sheet, *own)["committed"] is False
    done = read_json("match", "apply", sheet, "--commit", "--skip-refused", *own)
    assert (done["committed"], done["rows"], done["names"]) == (True, 2, 1)


def test_worksheet_is_written(run_in_store: Run, register: RegisterState, sheet: str, tmp_path: Path):
    done = run_in_store("match", "export", sheet, str(tmp_path / "out.csv"), "--register", register.name)
    assert "۳ سطر" in done.stdout
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def test_refused_codes_are_told(run_in_store: Run, register: RegisterState, sheet: str):
    run_in_store("match", "confirm", sheet, "1", "--code", "D", "--register", register.name)
    with pytest.raises(RowsRefused):
        run_in_store("match", "apply", sheet, "--commit", "--register", register.name)


@pytest.mark.parametrize("rows", [[], ["1", "--all-clear"]])
def test_rows_or_all_are_named(run_in_store: Run, register: RegisterState, sheet: str, rows: list[str]):
    with pytest.raises(InvalidValue):
        run_in_store("match", "confirm", sheet, *rows, "--register", register.name)


def test_pairs_need_two_sides(run_in_store: Run, register: RegisterState, tmp_path: Path):
    with pytest.raises(InvalidMapping):
        run_in_store("match", "run", str(tmp_path / "rows.csv"), "--map", "code", "--register", register.name)
