"""Do the jobs that wait, one after another, and take up again what a worker that died has left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row, func, literal, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo.errors import DatabaseDown, JobCancelled, NotPermitted, TaqsimatError, because
from services.access.grants import read_grants
from services.access.roles import Caller, check_permitted, make_operator
from services.database.engine import open_session
from services.jobs.kinds import JobKind, find_kind
from services.jobs.problems import ABANDONED, UNFORESEEN, to_problem
from services.jobs.running import JobInterrupted, RunningJob
from services.queries import get_register
from services.tables.access import Account
from services.tables.jobs import Job
from services.tables.register import Register
from services.traces import note_mistake

log = structlog.get_logger()

MOST_ATTEMPTS = 3
"""A job whose worker died so often is not begun again: it may be what kills them."""

PAUSE_S = 1.0
"""How long a worker without work waits before it looks again."""

OPERATOR = "cli:"
"""What the names of operators begin with, and no account's."""


@dataclass
class Worker:
    """Do jobs beside other work of the program, in a thread of its own."""

    engine: Engine
    """The store."""

    def __post_init__(self) -> None:
        """Prepare the thread."""
        self.stop = Event()
        self.thread = Thread(target=self._work, name="jobs", daemon=True)

    def __enter__(self) -> Worker:
        """Begin."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End: a job under way goes back into the queue at its next step."""
        self.stop.set()
        self.thread.join(timeout=5)

    def _work(self) -> None:
        while not self.stop.is_set():
            try:
                worked = work_jobs(self.engine, stop=self.stop)
            except (SQLAlchemyError, DatabaseDown) as error:
                # a server that is away comes back, and the jobs are still in it
                log.warning("store away", where="jobs", kind=type(error).__name__)
                worked = 0
            if not worked:
                self.stop.wait(PAUSE_S)


def work_jobs(engine: Engine, *, stop: Event | None = None, most: int | None = None) -> int:
    """Do jobs until none waits, `stop` is set or so many are done; give how many were begun."""
    stop = stop or Event()
    begun = 0
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as control:
        while not stop.is_set() and (most is None or begun < most):
            with _take_next(control) as job:
                if job is None:
                    break
                begun += 1
                _do(engine, control, job, stop)
    return begun


@contextmanager
def _take_next(control: Connection) -> Iterator[Row[Any] | None]:
    """Take the oldest job that no living worker has, and hold it until its end."""
    # the lock dies with the connection, so a job that runs without one has lost its worker
    for key in control.scalars(select(Job.id).where(_is_open()).order_by(Job.id)).all():
        lock = func.hashtextextended("taqsimat.job", literal(key))
        if not control.scalar(select(func.pg_try_advisory_lock(lock))):
            continue
        try:
            job = _begin(control, key)
            if job is not None:
                yield job
                return
        finally:
            control.execute(select(func.pg_advisory_unlock(lock)))
    yield None


def _is_open() -> Any:  # noqa: ANN401 - a condition
    return Job.state.in_(("waiting", "running"))


def _begin(control: Connection, key: int) -> Row[Any] | None:
    """Mark a job as begun; None when it has ended, or ends now because it cannot be begun again."""
    ends = control.execute(
        select(Job.state, Job.attempts, Job.cancel_asked).where(Job.id == key, _is_open())
    ).one_or_none()
    if ends is None:
        return None
    if ends.cancel_asked:
        _end(control, key, "cancelled")
        return None
    if ends.attempts >= MOST_ATTEMPTS:
        _end(control, key, "failed", problem=ABANDONED)
        return None
    started = {"state": "running", "started_at": func.clock_timestamp(), "attempts": Job.attempts + 1}
    begun = update(Job).where(Job.id == key, _is_open(), ~Job.cancel_asked).values(done=0, total=0, word="", **started)
    return control.execute(begun.returning(*_COLUMNS)).one_or_none()


_COLUMNS = (Job.id, Job.register_id, Job.division_id, Job.kind, Job.parameters, Job.account_id, Job.actor)


def _do(engine: Engine, control: Connection, row: Row[Any], stop: Event) -> None:
    """Do one job; its work and its end are committed together, and nothing is left of work that failed."""
    try:
        with open_session(engine) as session:
            job, kind = _prepare(session, control, row, stop)
            result = kind.run(session, job)
            _finish(session, row.id, result)
    except JobCancelled:
        _end(control, row.id, "cancelled")
    except JobInterrupted:
        waits = {"state": "waiting", "attempts": Job.attempts - 1}
        control.execute(update(Job).where(Job.id == row.id).values(**waits))
    except DatabaseDown:
        # the job stays as it is, and is taken up again when the server is back
        raise
    except TaqsimatError as error:
        _end(control, row.id, "failed", problem=to_problem(error))
    except Exception as error:
        # a mistake of ours in one job must not keep the others from being done
        note_mistake(error, where=f"job {row.id} ({row.kind})")
        _end(control, row.id, "failed", problem=UNFORESEEN)


def _prepare(session: Session, control: Connection, row: Row[Any], stop: Event) -> tuple[RunningJob, JobKind]:
    """Find who ordered the job, and check that he or she still may."""
    name = session.scalars(select(Register.name).where(Register.id == row.register_id)).one()
    register, kind = get_register(session, name), find_kind(row.kind)
    caller = _find_caller(session, row, kind)
    check_permitted(session, caller, kind.action, register, row.division_id)
    job = RunningJob(row.id, register, row.parameters, caller, control=control, division_id=row.division_id, stop=stop)
    job.check_cancelled()
    return job, kind


def _find_caller(session: Session, row: Row[Any], kind: JobKind) -> Caller:
    if row.account_id is None:
        return make_operator(row.actor.removeprefix(OPERATOR))
    account = session.get_one(Account, row.account_id)
    if not account.active:
        raise NotPermitted(action=because(f"action_{kind.action}"), scope=because("scope_everywhere"))
    return Caller(account.id, account.name, read_grants(session, account.id))


def _finish(session: Session, key: int, result: Mapping[str, Any]) -> None:
    """End a job in the transaction of its work, unless it was asked to end in the last moment."""
    done = {"state": "done", "result": dict(result), "ended_at": func.clock_timestamp()}
    finished = update(Job).where(Job.id == key, ~Job.cancel_asked).values(done=Job.total, word="", **done)
    if session.scalar(finished.returning(Job.id)) is None:
        raise JobCancelled(job=key)


def _end(control: Connection, key: int, state: str, *, problem: Mapping[str, Any] | None = None) -> None:
    ended: dict[str, Any] = {"state": state, "ended_at": func.clock_timestamp()}
    if problem is not None:
        ended["problem"] = dict(problem)
    control.execute(update(Job).where(Job.id == key, _is_open()).values(**ended))
