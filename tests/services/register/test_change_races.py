"""Test that a change is applied once, whole or not at all, whoever else writes and whatever is killed.

`TAQSIMAT_TEST_KILLS` says how often the applying process is killed, at moments spread over an application.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
import shapely
from sqlalchemy import Engine, func, select

from fixtures.registers import CELL, ORIGIN, claim_ground, invent_register
from geo.errors import StaleVersion, TaqsimatError
from services.access.roles import Caller, RoleGrant
from services.database.engine import open_session
from services.queries import RegisterState, get_register
from services.register.change_records import get_change
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.register.replays import replay_changes
from services.tables.access import AuditLog
from services.tables.register import Boundary, Standing

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = int(os.environ.get("TAQSIMAT_TEST_KILLS", "3"))
FIRST, SECOND = (Caller(number, name, (RoleGrant("admin"),)) for number, name in ((1, "first"), (2, "second")))
LONGEST_S = 1.5
"""An application takes about half a second; kills are spread over this."""
FACE = shapely.box(ORIGIN[0] + 2 * CELL, ORIGIN[1] + 2.2 * CELL, ORIGIN[0] + 3 * CELL, ORIGIN[1] + 3 * CELL)
"""Ground of one dehestan that its neighbour in another bakhsh has as well."""
MERGE = {"kind": "merge", "divisions": ["0101"], "to": "0102"}
SETTLE = {
    "kind": "settle",
    "divisions": ["0101010001", "0101020001"],
    "ground": shapely.geometry.mapping(FACE),
    "shares": [{"to": "0101010001", "ground": shapely.geometry.mapping(FACE)}],
}

CHILD = """
import sys
from services.access.roles import Caller, RoleGrant
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.changes import apply_change

with open_session(create_store_engine(sys.argv[1])) as session:
    register = get_register(session, "drawn")
    print("ready", flush=True)
    sys.stdin.readline()
    apply_change(session, register, 1, based_on=3, caller=Caller(2, "second", (RoleGrant("admin"),)))
print("done", flush=True)
"""


@pytest.fixture(params=[MERGE, SETTLE], ids=["merge", "settle"])
def approved(
    request: pytest.FixtureRequest, fresh_engine: Engine, store_states: Callable[..., RegisterState]
) -> Engine:
    """Bring a merger, or the settlement of an overlap, as far as its approval."""
    order = {**request.param, "effective_on": "1400-01-01"}
    with open_session(fresh_engine) as session:
        register = store_states(session, claim_ground(invent_register(), "0101020001", FACE))
        text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 1))
        decree = record_decree(session, register, text, caller=FIRST)
        assert draft_change(session, register, order, decree_id=decree.id, caller=FIRST).id == 1
        check_change(session, register, 1, based_on=1, caller=FIRST)
        approve_change(session, register, 1, based_on=2, caller=SECOND)
    return fresh_engine


def read_state(engine: Engine) -> tuple[str, int, int, int]:
    """Tell how far the change is, the version of the register, its facts and its log."""
    with open_session(engine) as session:
        register = get_register(session, "drawn")
        facts = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Standing, Boundary))
        entries = session.scalar(select(func.count()).select_from(AuditLog)) or 0
        return get_change(session, register, 1).state, register.version, facts, entries


def test_of_two_officers_one_applies(approved: Engine):
    barrier = Barrier(2)

    def apply() -> str:
        try:
            with open_session(approved) as session:
                register = get_register(session, "drawn")
                barrier.wait(timeout=30)
                return apply_change(session, register, 1, based_on=3, caller=SECOND).state
        except TaqsimatError as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(future.result() for future in [pool.submit(apply), pool.submit(apply)])
    assert outcomes == [StaleVersion.__name__, "applied"]
    assert read_state(approved)[:2] == ("applied", 2)


@pytest.mark.parametrize("share", [(number + 0.5) / ROUNDS for number in range(ROUNDS)])
def test_a_killed_application_leaves_the_register_before_or_after(approved: Engine, share: float):
    before = read_state(approved)
    url = approved.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CHILD, url]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environ, text=True, **pipes) as child:
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("go\n")
        child.stdin.flush()
        time.sleep(share * LONGEST_S)
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        was_done = "done" in child.stdout.read()
    state = read_state(approved)
    print("after" if state != before else "before")
    assert state == before or state[:2] == ("applied", 2)
    assert not was_done or state[0] == "applied"
    with open_session(approved) as session:
        assert replay_changes(session, get_register(session, "drawn")).differences == ()
