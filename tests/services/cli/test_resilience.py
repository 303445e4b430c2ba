"""Test that the program ends in order, whatever ends it, and that no traceback reaches the user."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.store import end_on_signals
from services.database.cluster import Cluster
from services.settings import CHECKOUT

MAIN = [sys.executable, "-P", "-m", "services.cli"]


def run_program(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user would, in English."""
    seen = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "TAQSIMAT_LANGUAGE": "en", **environ}
    return subprocess.run([*MAIN, *arguments], env=seen, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TAQSIMAT_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"}, "does not answer"),
        ({"TAQSIMAT_DATABASE_URL": "postgresql://nobody@nowhere.invalid/x"}, "does not answer"),
        ({"TAQSIMAT_DATABASE_URL": "postgresql://[::"}, ""),
        ({"TAQSIMAT_DATABASE_URL": "mysql://x"}, "TAQSIMAT_DATABASE_URL"),
        ({"TAQSIMAT_DATA_FOLDER": "/dev/null/x"}, "/dev/null"),
        ({"TAQSIMAT_DATA_FOLDER": "/proc/x"}, "/proc"),
    ],
)
def test_unfit_machine_is_told_in_a_sentence(environ: dict[str, str], said: str):
    result = run_program("findings", **environ)
    assert (result.returncode, "Traceback" in result.stderr) == (3, False)
    assert said in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_unwinds_the_command(number: signal.Signals):
    with pytest.raises(SystemExit) as ended, end_on_signals():
        signal.raise_signal(number)
    assert ended.value.code == 143


def test_ignored_hangup_stays_ignored():
    kept = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with end_on_signals():
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, kept)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Make a folder that the database's own user can walk to, unlike those of pytest."""
    made = Path(tempfile.mkdtemp(prefix="taqsimat-end-"))
    made.chmod(0o755)
    yield made / "data"
    shutil.rmtree(made)


def test_ended_service_stops_its_database(folder: Path):
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TAQSIMAT_DATA_FOLDER": str(folder), "TAQSIMAT_DURABLE": "no"}
    service = subprocess.Popen([*MAIN, "serve", "--port", "0"], env=environ, stderr=subprocess.PIPE, text=True)
    assert service.stderr is not None
    lines = iter(service.stderr.readline, "")
    assert any("startup complete" in line for line in lines)
    service.send_signal(signal.SIGTERM)
    rest = service.communicate(timeout=60)[1]
    assert (service.returncode, "Traceback" in rest, Cluster(folder).status().state) == (143, False, "stopped")
