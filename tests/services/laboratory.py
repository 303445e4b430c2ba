"""Carry out work in processes that are killed, on copies of a durable database, and see what is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, upgrade_tables
from services.database.process import find_server

ROUNDS = int(os.environ.get("TAQSIMAT_TEST_KILLS", "1"))
MOMENTS = [(number + 0.5) / ROUNDS for number in range(ROUNDS)]
"""The moments of the kills, as shares of the whole length of the work."""

ROOT = Path(__file__).resolve().parents[2]

NURSERY = """
import os, sys
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            carry_out(*line.rstrip().split("\\t"))
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print("done" if status == 0 else "dead", flush=True)
"""
"""Calls `carry_out` as often as it is told to, each time in a process of its own that begins without delay."""


@dataclass
class Laboratory:
    """Hold a durable cluster with a database as it is before some work, and what the work makes of it."""

    cluster: Cluster
    nursery: subprocess.Popen[str]
    statement: str
    """Reads everything the work changes."""
    arguments: tuple[str, ...] = ()
    """What the work is told beside the database."""
    states: tuple[list[str], list[str]] = ([], [])
    seconds: float = 0.0
    rounds: int = 0

    def prepare(self) -> str:
        """Copy the database as it is before."""
        self.rounds += 1
        return self.cluster.create_database(f"round_{self.rounds}", template="before")

    def begin(self, url: str, *arguments: str) -> int:
        """Start a process that does the work."""
        self.nursery.stdin.write("\t".join((url, *(arguments or self.arguments))) + "\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def finish(self) -> bool:
        """Wait for the process and tell whether it reached its end."""
        return self.nursery.stdout.readline() == "done\n"

    def read_state(self, url: str) -> list[str]:
        """Read everything the work changes."""
        with psycopg.connect(url) as connection:
            return connection.execute(self.statement).fetchone()[0]

    def learn(self) -> None:
        """See how long the whole work takes and what it leaves."""
        before, url = self.read_state(self.cluster.find_url("before")), self.prepare()
        start = time.monotonic()
        self.begin(url)
        assert self.finish()
        self.seconds = time.monotonic() - start
        self.states = (before, self.read_state(url))

    def run_killed(self, kill: Callable[[Laboratory, int], None], moment: float) -> tuple[list[str], bool]:
        """Kill the work at a moment; give what is left, and whether it had said that it was done."""
        url = self.prepare()
        child = self.begin(url)
        time.sleep(moment * self.seconds)
        with suppress(ProcessLookupError):
            kill(self, child)
        was_done = self.finish()
        self.cluster.start()
        state = self.read_state(url)
        print("after" if state == self.states[1] else "before", "said done" if was_done else "")
        self.cluster.drop_database(url.rpartition("/")[2].partition("?")[0])
        return state, was_done


@contextmanager
def open_laboratory(work: str, statement: str, fill: Callable[[Engine], None]) -> Iterator[Laboratory]:
    """Open a laboratory over a database that `fill` has filled; `work` is a program text that defines `carry_out`."""
    # short, since the path of a socket may have a hundred letters only
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with Cluster(folder / "data") as cluster, _open_nursery(work) as nursery:
        engine = create_store_engine(cluster.create_database("before"))
        with connect(engine) as connection:
            upgrade_tables(connection)
        fill(engine)
        engine.dispose()
        yield Laboratory(cluster, nursery, statement)
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _open_nursery(work: str) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", work + NURSERY]
    with subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **pipes) as process:
        yield process
        process.stdin.close()


def kill_worker(laboratory: Laboratory, child: int) -> None:
    """Kill the process that works."""
    os.kill(child, signal.SIGKILL)


def interrupt_worker(laboratory: Laboratory, child: int) -> None:
    """Interrupt the process that works, as Ctrl-C does."""
    os.kill(child, signal.SIGINT)


def kill_server(laboratory: Laboratory, child: int) -> None:
    """Kill the database server."""
    server = find_server(laboratory.cluster.layout.data)
    assert server is not None
    os.kill(server, signal.SIGKILL)
