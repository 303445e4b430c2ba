"""Kill the applying process and the database in the middle of an application: before or after, never between.

`TAQSIMAT_TEST_KILLS` says how often each is killed, at moments spread over the whole length of an application.
"""

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
from datetime import date
from pathlib import Path

import psycopg
import pytest
import shapely
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.database.process import find_server
from services.disputes.claims import ClaimText
from services.disputes.decisions import DecisionText, approve_decision, propose_decision
from services.disputes.opening import OpeningText, open_from_claim
from services.disputes.options import OptionsWish, prepare_options
from services.disputes.records import get_dispute
from services.queries import get_register
from services.register.decrees import DecreeText, record_decree

ROUNDS = int(os.environ.get("TAQSIMAT_TEST_KILLS", "1"))
ROOT = Path(__file__).resolve().parents[3]
DAY = date(2025, 9, 1)
FIRST, SECOND = make_operator("first"), make_operator("second")

NURSERY = """
import os, sys
from services.access.roles import make_operator
from services.database.engine import create_store_engine, open_session
from services.disputes.decisions import apply_decision
from services.disputes.records import get_dispute
from services.queries import get_register

def carry_out(url):
    caller = make_operator("child")
    with open_session(create_store_engine(url)) as session:
        register = get_register(session, "drawn")
        version = get_dispute(session, register, 1, reader=caller).version
        apply_decision(session, register, 1, based_on=version, caller=caller)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            carry_out(line.strip())
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print("done" if status == 0 else "dead", flush=True)
"""
"""Applies as often as it is told to, each time in a process of its own that begins without delay."""

STATE = """
select array[
    (select max(version)::text from register),
    (select state || version from dispute),
    (select string_agg(state || (applied_at is null), ' ') from dispute_decision),
    (select string_agg(state || (ledger is null), ' ') from change),
    (select count(*)::text from dispute_event),
    (select count(*)::text from audit_log),
    (select count(*)::text from exception),
    (select md5(string_agg(digest || upper_inf(recorded), ' ' order by division_id, digest)) from boundary)
]
"""


@dataclass
class Laboratory:
    """Hold a durable cluster with a dispute that is decided and not applied."""

    cluster: Cluster
    nursery: subprocess.Popen[str]
    states: tuple[list[str], list[str]] = ([], [])
    seconds: float = 0.0
    rounds: int = 0

    def prepare(self) -> str:
        """Copy the database as it is before."""
        self.rounds += 1
        return self.cluster.create_database(f"round_{self.rounds}", template="before")

    def begin(self, url: str) -> int:
        """Start a process that applies."""
        self.nursery.stdin.write(f"{url}\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def finish(self) -> bool:
        """Wait for the process and tell whether it reached its end."""
        return self.nursery.stdout.readline() == "done\n"

    def read_state(self, url: str) -> list[str]:
        """Read everything an application changes."""
        with psycopg.connect(url) as connection:
            return connection.execute(STATE).fetchone()[0]


def decide(session: Session, store: Callable[..., object]) -> None:
    """Bring a dispute so far that it can be applied; its ground is left undetermined, which declares exceptions."""
    store(session, invent_register())
    register = get_register(session, "drawn")
    claim = ClaimText("0101010001", "0101020001", shapely.LineString([(51.035, 34.0), (51.035, 36.0)]))
    key = open_from_claim(session, register, claim, OpeningText(), day=DAY, caller=FIRST).id
    prepare_options(session, register, key, OptionsWish(DAY), based_on=2, caller=FIRST)
    text = DecreeText("1", "هیئت وزیران", date(2025, 3, 1), date(2025, 3, 1))
    decree = record_decree(session, register, text, caller=FIRST).id
    ways = get_dispute(session, register, key).options
    number = next(one.number for one in ways if one.kind == "undetermined")
    propose_decision(session, register, key, DecisionText(decree, "x", number), based_on=3, caller=FIRST)
    approve_decision(session, register, key, based_on=4, caller=SECOND)


@contextmanager
def open_nursery() -> Iterator[subprocess.Popen[str]]:
    """Have a process that starts applying ones."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture(scope="module")
def laboratory(store_states: Callable[..., object]) -> Iterator[Laboratory]:
    """Prepare the database before, and see how long a whole application takes and what it leaves."""
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with Cluster(folder / "data") as cluster, open_nursery() as nursery:
        engine = create_store_engine(cluster.create_database("before"))
        with connect(engine) as connection:
            upgrade_tables(connection)
        with open_session(engine) as session:
            decide(session, store_states)
        engine.dispose()
        made = Laboratory(cluster, nursery)
        before, url = made.read_state(cluster.find_url("before")), made.prepare()
        start = time.monotonic()
        made.begin(url)
        assert made.finish()
        made.seconds = time.monotonic() - start
        made.states = (before, made.read_state(url))
        yield made
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def kill_officer(laboratory: Laboratory, child: int) -> None:
    os.kill(child, signal.SIGKILL)


def kill_server(laboratory: Laboratory, child: int) -> None:
    server = find_server(laboratory.cluster.layout.data)
    assert server is not None
    os.kill(server, signal.SIGKILL)


def test_before_and_after_differ(laboratory):
    before, after = laboratory.states
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("kill", [kill_officer, kill_server])
@pytest.mark.parametrize("moment", [(number + 0.5) / ROUNDS for number in range(ROUNDS)])
def test_a_killed_application_is_before_or_after(laboratory, kill, moment):
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
