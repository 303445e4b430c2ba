"""Kill the importing process and the database in the middle of imports: the register is as before or as after.

`TAQSIMAT_TEST_KILLS` says how often each is killed, at moments spread over the whole length of an import.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, upgrade_tables
from services.database.process import find_server

ROUNDS = int(os.environ.get("TAQSIMAT_TEST_KILLS", "1"))
ROOT = Path(__file__).resolve().parents[3]
ROWS = 2500

NURSERY = """
import os, sys
from datetime import date
from pathlib import Path
from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import create_store_engine, open_session
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery

def bring(url, path):
    mapping = ColumnMapping(scheme="osm", parent_scheme="osm")
    delivery = Delivery("list", "ir", (LayerSource(Path(path), None, mapping, guess=True),))
    options = ImportOptions(register="test", commit=True)
    with open_session(create_store_engine(url)) as session:
        import_delivery(session, delivery, options, caller=make_operator("child"), today=date(2026, 11, 21))

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            bring(*line.rstrip().split("\\t"))
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print("done" if status == 0 else "dead", flush=True)
"""
"""Imports as often as it is told to, each time in a process of its own that begins without delay."""

STATE = """
select array[
    (select max(version)::text from register),
    (select count(*)::text from division),
    (select count(*)::text from import_run),
    (select count(*)::text from audit_log),
    (select md5(string_agg(code, ' ' order by code)) from code),
    (select md5(string_agg(text || recorded_again, ' ' order by division_id, text))
     from (select *, upper_inf(recorded)::text as recorded_again from name) n),
    (select md5(string_agg(digest || upper_inf(recorded), ' ' order by division_id, digest)) from boundary),
    (select md5(string_agg(level || coalesce(parent_id, 0)::text, ' ' order by division_id)) from standing)
]
"""


@dataclass
class Laboratory:
    """Hold a durable cluster with a database before an import, and the file that is to be imported."""

    cluster: Cluster
    file: Path
    nursery: subprocess.Popen[str]
    states: tuple[list[str], list[str]] = ([], [])
    seconds: float = 0.0
    rounds: int = 0

    def prepare(self) -> str:
        """Copy the database as it is before the import."""
        self.rounds += 1
        return self.cluster.create_database(f"round_{self.rounds}", template="before")

    def begin(self, url: str, file: Path | None = None) -> int:
        """Start a process that imports."""
        self.nursery.stdin.write(f"{url}\t{file or self.file}\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def finish(self) -> bool:
        """Wait for the process and tell whether it reached its end."""
        return self.nursery.stdout.readline() == "done\n"

    def read_state(self, url: str) -> list[str]:
        """Read everything an import changes, ids left out."""
        with psycopg.connect(url) as connection:
            return connection.execute(STATE).fetchone()[0]


def write_list(path: Path, rows: int, word: str) -> Path:
    """Write a province with counties in a row, each with a boundary."""
    lines = ["code,level,parent,name_fa,wkt", f"1,province,,{word},"]
    for number in range(rows):
        west = 50 + number / 1000
        ring = f"{west} 30, {west + 0.001} 30, {west + 0.001} 31, {west} 31, {west} 30"
        lines.append(f'{number + 2},county,1,{word} {number},"POLYGON (({ring}))"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextmanager
def open_nursery() -> Iterator[subprocess.Popen[str]]:
    """Have a process that starts importing ones."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", NURSERY]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """Prepare the database before an import, and see how long a whole import takes and what it leaves."""
    # short, since the path of a socket may have a hundred letters only
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with (
        Cluster(folder / "data") as cluster,
        tempfile.TemporaryDirectory(dir=folder) as files,
        open_nursery() as nursery,
    ):
        engine = create_store_engine(cluster.create_database("before"))
        with connect(engine) as connection:
            upgrade_tables(connection)
        engine.dispose()
        made = Laboratory(cluster, write_list(Path(files) / "new.csv", ROWS, "نو"), nursery)
        made.begin(cluster.find_url("before"), write_list(Path(files) / "old.csv", ROWS // 2, "کهنه"))
        assert made.finish()
        before, url = made.read_state(cluster.find_url("before")), made.prepare()
        start = time.monotonic()
        made.begin(url)
        assert made.finish()
        made.seconds = time.monotonic() - start
        made.states = (before, made.read_state(url))
        yield made
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def kill_importer(laboratory: Laboratory, child: int) -> None:
    os.kill(child, signal.SIGKILL)


def interrupt_importer(laboratory: Laboratory, child: int) -> None:
    os.kill(child, signal.SIGINT)


def kill_server(laboratory: Laboratory, child: int) -> None:
    server = find_server(laboratory.cluster.layout.data)
    assert server is not None
    os.kill(server, signal.SIGKILL)


def test_imports_differ_before_and_after(laboratory):
    before, after = laboratory.states
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("kill", [kill_importer, interrupt_importer, kill_server])
@pytest.mark.parametrize("moment", [(number + 0.5) / ROUNDS for number in range(ROUNDS)])
def test_killed_import_leaves_the_register_before_or_after(laboratory, kill, moment):
    url = laboratory.prepare()
    child = laboratory.begin(url)
    time.sleep(moment * laboratory.seconds)
    with suppress(ProcessLookupError):
        kill(laboratory, child)
    was_done = laboratory.finish()
    laboratory.cluster.start()
    state = laboratory.read_state(url)
    print("after" if state == laboratory.states[1] else "before", "said done" if was_done else "")
    assert state in laboratory.states
    assert not was_done or state == laboratory.states[1]
    laboratory.cluster.drop_database(url.rpartition("/")[2].partition("?")[0])


def test_import_after_a_kill_goes_through(laboratory):
    url = laboratory.prepare()
    child = laboratory.begin(url)
    kill_importer(laboratory, child)
    laboratory.finish()
    laboratory.begin(url)
    assert laboratory.finish()
    assert laboratory.read_state(url) == laboratory.states[1]
