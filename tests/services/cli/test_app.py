"""Test that the command line starts light, lists what there is, and tells what goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import Result

from services.cli.app import app
from services.messages import LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("geopandas", "shapely", "sqlalchemy", "numpy", "fastapi", "pyproj", "folium", "rich.table", "alembic")


def start(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start the command line as a program of its own."""
    known = {"PATH": os.environ["PATH"], "HOME": "/", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "services.cli", *arguments]
    return subprocess.run(command, env=known | environ, capture_output=True, text=True, cwd=ROOT, check=False)


def test_commands_are_listed():
    names = set(get_command(app).commands)
    assert {"demo", "serve", "db", "import", "export", "audit", "findings", "check", "find", "map", "accounts"} <= names


def test_start_loads_nothing_heavy():
    code = f"import sys, services.cli.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("language", "word"), [("fa", "واحد"), ("en", "division")])
def test_help_is_in_the_language_of_the_operator(language, word):
    assert word in start("--help", TAQSIMAT_LANGUAGE=language).stdout


def test_help_names_the_wrapper():
    assert "./taqsimat" in start("audit", "--help", TAQSIMAT_LANGUAGE="en").stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusal_is_a_sentence_and_no_traceback(language, tmp_path):
    done = start("check", str(tmp_path / "absent.gpkg"), TAQSIMAT_LANGUAGE=language)
    assert done.returncode == 2
    assert "absent.gpkg" in done.stderr and "Traceback" not in done.stderr


def test_bad_setting_is_the_fault_of_the_machine():
    done = start("db", "status", TAQSIMAT_PORT="many")
    assert (done.returncode, "TAQSIMAT_PORT" in done.stderr) == (3, True)


@pytest.mark.parametrize("arguments", [("nonsense",), ("audit", "commune", "--nonsense"), ("find", "--count", "0")])
def test_misuse_ends_with_the_code_of_usage(run: Callable[..., Result], arguments):
    assert run(*arguments).exit_code == 2
