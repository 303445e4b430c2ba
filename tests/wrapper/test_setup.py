"""Check the steps of the set-up: what they say when they fail, and that nothing half-made passes for whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]

READ_WRAPPER = """
set -euo pipefail
ROOT=$1
eval "$(sed -n '/^stamp_python/,/^is_set_up/p' "$ROOT/taqsimat")"
. "$ROOT/scripts/setup.sh"
has_postgis() { return 0; }; has_browser() { return 0; }; has_printing() { return 0; }
"""
"""Read the wrapper's functions without starting it, on a machine that lacks nothing."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay out a fresh clone, as far as the set-up knows it."""
    root = tmp_path / "fresh clone"
    shutil.copytree(SOURCE / "scripts", root / "scripts")
    for name in ("taqsimat", "requirements.lock", "package-lock.json"):
        shutil.copy(SOURCE / name, root / name)
    return root


def run(checkout: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script that knows the set-up's functions, with a temporary folder of its own."""
    environ = {"HOME": str(checkout), "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(checkout)}
    command = ["bash", "-c", READ_WRAPPER + script, "bash", str(checkout)]
    return subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)


FAKE_BUILD = """
make_environment() { rm -rf "$ROOT/.venv"; mkdir -p "$ROOT/.venv/bin"; ln -s /bin/true "$ROOT/.venv/bin/python"; }
fill_environment() { stamp_python >"$ROOT/.venv/.ready"; echo built >>"$ROOT/built"; }
fetch_assets() { mkdir -p "$ROOT/node_modules"; stamp_assets >"$ROOT/node_modules/.ready"; }
"""


def test_first_start_builds_and_second_does_not(checkout):
    run(checkout, FAKE_BUILD + "prepare demo")
    again = run(checkout, FAKE_BUILD + "prepare demo")
    assert ((checkout / "built").read_text(encoding="utf-8"), again.stderr) == ("built\n", "")


def test_progress_goes_past_the_programs_output(checkout):
    said = run(checkout, FAKE_BUILD + "prepare demo")
    assert (said.returncode, said.stdout) == (0, "")
    assert "✓ Map assets" in said.stderr


@pytest.mark.parametrize("changed", ["requirements.lock", "scripts/uv.lock"])
def test_new_lock_builds_again(checkout, changed):
    run(checkout, FAKE_BUILD + "prepare demo")
    with (checkout / changed).open("a", encoding="utf-8") as lock:
        lock.write("# newer\n")
    run(checkout, FAKE_BUILD + "prepare demo")
    assert (checkout / "built").read_text(encoding="utf-8") == "built\nbuilt\n"


def test_new_asset_lock_leaves_python_alone(checkout):
    run(checkout, FAKE_BUILD + "prepare demo")
    (checkout / "package-lock.json").write_text("{}", encoding="utf-8")
    said = run(checkout, FAKE_BUILD + "prepare demo").stderr
    assert ("Map assets" in said, "Python" in said) == (True, False)


def test_moved_checkout_builds_again(checkout, tmp_path):
    run(checkout, FAKE_BUILD + "prepare demo")
    moved = checkout.rename(tmp_path / "moved")
    assert "Python packages" in run(moved, FAKE_BUILD + "prepare demo").stderr


def test_half_made_environment_is_begun_again(checkout):
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "leftover").touch()
    run(checkout, FAKE_BUILD + "prepare demo")
    assert not (checkout / ".venv" / "leftover").exists()


@pytest.mark.parametrize(
    ("said", "advice"), [("cannot resolve", "Check the connection"), ("No space left on device", "make room")]
)
def test_failed_step_says_what_to_do(checkout, said, advice):
    broken = f"fill_environment() {{ echo {said}; return 1; }}\n"
    result = run(checkout, FAKE_BUILD + broken + "prepare demo")
    assert (result.returncode, (checkout / ".venv" / ".ready").exists()) == (3, False)
    assert said in result.stderr and advice in result.stderr


@pytest.mark.parametrize(
    ("asked", "missing", "package"),
    [
        ("demo", "has_postgis", "postgresql-postgis"),
        ("test", "has_postgis", "postgresql-postgis"),
        ("demo", "find_python", "python3 python3-venv"),
    ],
)
def test_who_may_not_install_gets_the_command(checkout, asked, missing, package):
    script = f"{missing}() {{ return 1; }}; may_sudo() {{ return 1; }}; id() {{ echo 1000; }}; prepare {asked}"
    result = run(checkout, FAKE_BUILD + script)
    assert result.returncode == 3
    assert f"sudo apt-get install --no-install-recommends {package}" in result.stderr


def test_pages_go_untested_without_a_browser(checkout):
    script = "has_browser() { return 1; }; may_sudo() { return 1; }; id() { echo 1000; }; prepare test"
    result = run(checkout, FAKE_BUILD + script)
    assert (result.returncode, "Chromium is missing" in result.stderr) == (0, True)


def test_reports_go_unprinted_without_pango(checkout):
    script = "has_printing() { return 1; }; may_sudo() { return 1; }; id() { echo 1000; }; prepare demo"
    result = run(checkout, FAKE_BUILD + script)
    assert (result.returncode, "Pango is missing" in result.stderr, "libpango" in result.stderr) == (0, True, True)
    assert "Pango" not in run(checkout, FAKE_BUILD + script).stderr


@pytest.mark.parametrize(("names", "optional"), [("browser printing", 0), ("printing", 0), ("postgis printing", 1)])
def test_only_what_may_be_missing_is_optional(checkout, names, optional):
    assert run(checkout, f"is_optional {names}").returncode == optional


def test_server_of_ones_own_needs_no_postgresql_here(checkout):
    script = "has_postgis() { return 1; }; export TAQSIMAT_DATABASE_URL=postgresql://h/d; prepare demo"
    assert run(checkout, FAKE_BUILD + script).returncode == 0


def test_set_up_started_twice_builds_once(checkout):
    slow = (
        FAKE_BUILD
        + 'make_environment() { sleep 0.5; mkdir -p "$ROOT/.venv/bin"; ln -sf /bin/true "$ROOT/.venv/bin/python"; }\n'
    )
    result = run(checkout, slow + "(prepare demo) & sleep 0.2; (prepare demo); wait")
    assert ((checkout / "built").read_text(encoding="utf-8"), "waiting for it" in result.stderr) == ("built\n", True)


def test_interrupted_step_leaves_no_stamp(checkout):
    slow = FAKE_BUILD + 'fill_environment() { touch "$ROOT/begun"; sleep 30; }\nprepare demo'
    command = ["bash", "-c", READ_WRAPPER + slow, "bash", str(checkout)]
    environ = {"HOME": str(checkout), "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(checkout)}
    child = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True, process_group=0)
    while not (checkout / "begun").exists():
        time.sleep(0.02)
    os.killpg(child.pid, signal.SIGTERM)
    assert ("Interrupted" in child.communicate()[1], child.returncode) == (True, 130)
    assert not (checkout / ".venv" / ".ready").exists()


def test_home_that_cannot_be_written_has_no_caches(checkout):
    result = run(checkout, 'HOME=/proc/none; trust_system; echo "$UV_NO_CACHE $npm_config_cache"')
    assert result.stdout == f"1 {checkout}/.venv/npm-cache\n"


def test_python_is_new_enough(checkout):
    assert Path(run(checkout, "find_python").stdout.strip()).exists()
