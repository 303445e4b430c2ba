"""Give the tests of jobs a register to work on and kinds of jobs that are quick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from geo.errors import FindingNotFound
from services.access.roles import Action, make_operator
from services.database.engine import open_session
from services.jobs import JobState, RunningJob, get_job, job_kind, submit_job
from services.queries import get_register
from services.tables.jobs import Job
from services.tables.register import Register

OPERATOR = make_operator("tests")


@job_kind("count", Action.RUN_AUDIT)
def count(session: Session, job: RunningJob) -> Mapping[str, Any]:
    """Count the steps ordered, and write the register's version to see what is committed."""
    for step in range(job.parameters["steps"]):
        job.check_cancelled()
        job.report(step + 1, job.parameters["steps"], "auditing")
    session.execute(update(Register).values(version=7))
    return {"counted": job.parameters["steps"], "by": job.caller.name}


@job_kind("stumble", Action.RUN_AUDIT)
def stumble(session: Session, job: RunningJob) -> Mapping[str, Any]:
    """Fail as ordered, after a write."""
    session.execute(update(Register).values(version=8))
    if job.parameters["how"] == "known":
        raise FindingNotFound(finding=3)
    raise ZeroDivisionError


@job_kind("cancel_itself", Action.RUN_AUDIT)
def cancel_itself(session: Session, job: RunningJob) -> Mapping[str, Any]:
    """Ask that the job end, as somebody else would, and go on to the end."""
    job.control.execute(update(Job).where(Job.id == job.id).values(cancel_asked=True))
    session.execute(update(Register).values(version=9))
    if job.parameters.get("heeds"):
        job.check_cancelled()
    return {}


@job_kind("stop_worker", Action.RUN_AUDIT)
def stop_worker(session: Session, job: RunningJob) -> Mapping[str, Any]:
    """Be told in the midst that the worker ends."""
    job.stop.set()
    job.check_cancelled()
    return {}


class Office:
    """Order jobs and look at them, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with open_session(engine) as session:
            session.execute(insert(Register).values(name="dz", country="dz"))

    def submit(self, kind: str, **parameters: object) -> int:
        """Order a job."""
        with open_session(self.engine) as session:
            register = get_register(session, "dz")
            return submit_job(session, register, kind, parameters, caller=OPERATOR).id

    def look(self, job: int) -> JobState:
        """Look at a job."""
        with open_session(self.engine) as session:
            return get_job(session, job, caller=OPERATOR)

    def set(self, job: int, **values: object) -> None:
        """Write a job as a dead worker would have left it."""
        with open_session(self.engine) as session:
            session.execute(update(Job).where(Job.id == job).values(**values))

    @property
    def version(self) -> int:
        """Give the version of the register, which jobs write."""
        with open_session(self.engine) as session:
            return get_register(session, "dz").version


@pytest.fixture
def office(fresh_engine: Engine) -> Office:
    """Open an office over a store of the test's own."""
    return Office(fresh_engine)
