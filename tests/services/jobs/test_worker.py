"""Test that jobs are done whole or not at all, once, and never stay stuck."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.access.accounts import create_account, set_active
from services.access.grants import Scope, grant_role, revoke_role
from services.access.keys import authenticate_key, issue_key
from services.access.roles import make_operator
from services.database.engine import open_session
from services.jobs import Worker, submit_job, work_jobs
from services.jobs.worker import MOST_ATTEMPTS
from services.queries import get_register

OPERATOR = make_operator("tests")


def test_job_is_done_with_its_result(office):
    job = office.submit("count", steps=3)
    assert work_jobs(office.engine) == 1
    found = office.look(job)
    assert (found.state, found.done, found.total) == ("done", 3, 3)
    assert found.result == {"counted": 3, "by": "cli:tests"}
    assert (office.version, found.ended_at is not None) == (7, True)


def test_oldest_is_done_first_and_no_more_than_asked(office):
    first, second = office.submit("count", steps=1), office.submit("count", steps=1)
    assert work_jobs(office.engine, most=1) == 1
    assert (office.look(first).state, office.look(second).state) == ("done", "waiting")


@pytest.mark.parametrize(("how", "rule"), [("known", "finding_not_found"), ("unknown", "unforeseen")])
def test_failure_leaves_nothing_but_its_reason(office, how, rule):
    job, after = office.submit("stumble", how=how), office.submit("count", steps=0)
    work_jobs(office.engine, most=1)
    assert (office.look(job).state, office.look(job).problem["rule"], office.version) == ("failed", rule, 0)
    work_jobs(office.engine)
    assert office.look(after).state == "done"


@pytest.mark.parametrize("heeds", [True, False])
def test_cancelled_job_leaves_nothing(office, heeds):
    job = office.submit("cancel_itself", heeds=heeds)
    work_jobs(office.engine)
    assert (office.look(job).state, office.version) == ("cancelled", 0)


def test_job_goes_back_when_the_worker_ends(office):
    job = office.submit("stop_worker")
    work_jobs(office.engine)
    assert (office.look(job).state, office.look(job).attempts) == ("waiting", 0)


def test_job_of_a_dead_worker_is_taken_up_again(office):
    job = office.submit("count", steps=2)
    office.set(job, state="running", attempts=1)
    assert work_jobs(office.engine) == 1
    assert (office.look(job).state, office.look(job).attempts) == ("done", 2)


def test_job_that_kills_its_workers_is_given_up(office):
    job = office.submit("count", steps=2)
    office.set(job, state="running", attempts=MOST_ATTEMPTS)
    assert work_jobs(office.engine) == 0
    assert (office.look(job).state, office.look(job).problem["rule"]) == ("failed", "abandoned")


def test_job_of_a_dead_worker_that_shall_end_ends(office):
    job = office.submit("count", steps=2)
    office.set(job, state="running", attempts=1, cancel_asked=True)
    work_jobs(office.engine)
    assert office.look(job).state == "cancelled"


def test_job_that_another_worker_holds_is_left_to_it(office):
    job = office.submit("count", steps=1)
    with office.engine.connect() as other:
        other.execute(select(func.pg_advisory_lock(func.hashtextextended("taqsimat.job", job))))
        assert work_jobs(office.engine) == 0
        other.execute(select(func.pg_advisory_unlock_all()))
    assert work_jobs(office.engine) == 1


@pytest.mark.parametrize("loss", ["role", "account"])
def test_rights_are_checked_again_when_it_runs(office, loss):
    with open_session(office.engine) as session:
        create_account(session, "sara", caller=OPERATOR)
        grant_role(session, "sara", "national_officer", caller=OPERATOR, scope=Scope("dz"))
        secret = issue_key(session, "sara", caller=OPERATOR, label="test").secret
        sara = authenticate_key(session, secret)
        job = submit_job(session, get_register(session, "dz"), "count", {"steps": 1}, caller=sara).id
        if loss == "role":
            revoke_role(session, "sara", "national_officer", caller=OPERATOR, scope=Scope("dz"))
        else:
            set_active(session, "sara", caller=OPERATOR, active=False)
    work_jobs(office.engine)
    assert (office.look(job).state, office.look(job).problem["rule"]) == ("failed", "not_permitted")


def test_worker_beside_the_program_does_jobs(office):
    with Worker(office.engine):
        job = office.submit("count", steps=1)
        until = time.monotonic() + 30
        while office.look(job).state != "done" and time.monotonic() < until:
            time.sleep(0.05)
    assert office.look(job).state == "done"


KILLED = """
import sys, time
from services.access.roles import Action
from services.database.engine import create_store_engine
from services.jobs import job_kind, work_jobs

@job_kind("count", Action.RUN_AUDIT)
def count(session, job):
    print("begun", flush=True)
    time.sleep(60)
    return {}

work_jobs(create_store_engine(sys.argv[1]))
"""


def test_killed_worker_loses_no_job(office, fresh_url):
    job = office.submit("count", steps=1)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), fresh_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        assert (office.look(job).state, work_jobs(office.engine)) == ("running", 0)
        worker.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while not work_jobs(office.engine) and time.monotonic() < until:
        time.sleep(0.05)
    assert office.look(job).state == "done"
