"""Test that codes are commanded from a shell."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import Result

from geo.errors import CodeTaken, DivisionNotFound, RowsRefused
from services.cli import codes

TABLE = "sci/1399,iso/2020\n01,IR-01\n3,IR-03\n"


@pytest.fixture
def iran(build: Any) -> Any:
    """Name two provinces and a county."""
    country = build("ir")
    for code, level, parent in (("01", "province", ""), ("03", "province", ""), ("0301", "county", "03")):
        country.add(code, level, parent=parent)
    return country


@pytest.fixture(autouse=True)
def lend(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work over the session of the test."""

    @contextmanager
    def lend_session() -> Any:
        with session.begin_nested():
            yield session

    monkeypatch.setattr(codes, "open_cli_session", lend_session)


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Write a table of codes to a file."""
    path = tmp_path / "iso.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_code_is_resolved(read_json: Callable[..., Any], iran: Any, table: str):
    register = iran.register.name
    read_json("codes", "attach", table, "-r", register, "--commit")
    answer = read_json("codes", "resolve", "iso3166-2:IR-01", "-r", register, "--as-of", "1399-09-04")
    assert [(one["tense"], one["division"]["code"]) for one in answer["holdings"]] == [("holds", "01")]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("resolve", "0301"), ["sci/1399", "0301"]),
        (("resolve", "sci:301"), ["صفرهای آغاز بازگردانده شد"]),
        (("next", "county", "--parent", "03"), ["sci/1399:0302", "01"]),
        (("reserve", "county", "--parent", "03"), ["sci/1399:0302"]),
        (("retire", "sci", "0344"), ["sci/1399:0344"]),
        (("kept",), ["0"]),
        (("schemes",), ["iso/1998", "2020-11-24"]),
    ],
)
def test_answers_are_printed(run_in_store: Callable[..., Result], iran: Any, command: tuple[str, ...], told: list[str]):
    printed = run_in_store("codes", *command, "-r", iran.register.name).stdout
    assert [text for text in told if text not in printed] == []


def test_what_is_kept_is_listed(run_in_store: Callable[..., Result], read_json: Callable[..., Any], iran: Any):
    register = iran.register.name
    run_in_store("codes", "reserve", "county", "--parent", "03", "-r", register, "--reason", "draft")
    run_in_store("codes", "retire", "sci", "0344", "-r", register)
    kept = read_json("codes", "kept", "-r", register, "--scheme", "sci")
    assert [(one["code"], one["state"], one["reason"]) for one in kept] == [
        ("0302", "reserved", "draft"),
        ("0344", "retired", ""),
    ]


def test_reserved_code_is_told_and_released(run_in_store: Callable[..., Result], iran: Any):
    register = iran.register.name
    run_in_store("codes", "reserve", "county", "--code", "0355", "-r", register, "--reason", "draft")
    assert "draft" in run_in_store("codes", "resolve", "0355", "-r", register).stdout
    assert "sci:0355" in run_in_store("codes", "release", "sci", "0355", "-r", register).stdout
    with pytest.raises(DivisionNotFound):
        run_in_store("codes", "resolve", "0355", "-r", register)


def test_taken_code_is_refused(run_in_store: Callable[..., Result], iran: Any):
    with pytest.raises(CodeTaken):
        run_in_store("codes", "reserve", "county", "--code", "0301", "-r", iran.register.name)


def test_preview_says_how_to_write(run_in_store: Callable[..., Result], iran: Any, table: str):
    printed = run_in_store("codes", "attach", table, "-r", iran.register.name).stdout
    assert "iso/2020" in printed
    assert "--commit" in printed


def test_refused_table_is_told_before_the_error(run_in_store: Callable[..., Result], iran: Any):
    with pytest.raises(RowsRefused):
        run_in_store("codes", "attach", "iso/2020", "-r", iran.register.name, "--commit")


def test_tables_are_written(read_json: Callable[..., Any], iran: Any, table: str, tmp_path: Path):
    register, out = iran.register.name, tmp_path / "out.csv"
    read_json("codes", "attach", table, "-r", register, "--commit")
    read_json("codes", "table", str(out), "-r", register, "--level", "province", "--scheme", "iso/2020")
    assert [row[2] for row in csv.reader(out.read_text().splitlines())] == ["iso/2020", "IR-01", "IR-03"]


def test_ids_are_written(read_json: Callable[..., Any], iran: Any, tmp_path: Path):
    report = read_json("codes", "ocd", str(tmp_path / "ir.csv"), "-r", iran.register.name, "--former")
    assert report["rows"] == 4
