"""Check that `./taqsimat` hands everything on untouched, wherever it is called from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]

STAND_IN = """#!/bin/sh
printf '%s\\n' "cwd=$PWD" "path=$PYTHONPATH" "home=${PYTHONHOME-none}"
for argument; do printf 'arg=%s\\n' "$argument"; done
exit 7
"""


@pytest.fixture(params=["plain", "with space", "تقسیمات", "a$b'c"])
def checkout(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Lay out a checkout that is set up, with a Python that only says how it was called."""
    root = tmp_path / request.param
    (root / ".venv" / "bin").mkdir(parents=True)
    shutil.copytree(SOURCE / "scripts", root / "scripts")
    for name in ("taqsimat", "requirements.lock"):
        shutil.copy(SOURCE / name, root / name)
    python = root / ".venv" / "bin" / "python"
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    stamp = 'ROOT=$1; eval "$(sed -n "/^stamp_python/,/^}/p" "$1/taqsimat")"; stamp_python >"$1/.venv/.ready"'
    subprocess.run(["bash", "-c", stamp, "bash", str(root)], check=True)
    return root


def call(program: Path, *arguments: str, folder: Path, **environ: str) -> tuple[int, list[str]]:
    """Call the wrapper as a bare shell would, with nothing but HOME and PATH."""
    bare = {"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", **environ}
    run = subprocess.run(
        [str(program), *arguments], cwd=folder, env=bare, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert run.stderr == ""
    return run.returncode, run.stdout.splitlines()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["find", "a b", "*", "$HOME", "", "خراسان", "--name=x y"], ["import", "-"], []]
)
def test_arguments_arrive_as_they_are(checkout, tmp_path, arguments):
    _code, said = call(checkout / "taqsimat", *arguments, folder=tmp_path)
    assert said[3:] == [f"arg={argument}" for argument in ["-P", "-m", "services.cli", *arguments]]


def test_callers_folder_is_kept(checkout, tmp_path):
    (tmp_path / "here").mkdir()
    assert call(checkout / "taqsimat", folder=tmp_path / "here")[1][0] == f"cwd={tmp_path / 'here'}"


def test_link_leads_to_the_checkout(checkout, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "first").symlink_to(checkout / "taqsimat")
    (tmp_path / "bin" / "tq").symlink_to("first")
    assert call(tmp_path / "bin" / "tq", folder=tmp_path)[1][1] == f"path={checkout}"


def test_exit_code_is_the_programs(checkout, tmp_path):
    assert call(checkout / "taqsimat", "find", folder=tmp_path)[0] == 7


def test_callers_python_variables_stay_out(checkout, tmp_path):
    said = call(checkout / "taqsimat", folder=tmp_path, PYTHONPATH="/other", PYTHONHOME="/other")[1]
    assert said[1:3] == [f"path={checkout}", "home=none"]
