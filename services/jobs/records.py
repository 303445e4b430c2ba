"""Read jobs: one's own, and with a role those of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from geo.errors import JobNotFound
from services.access.roles import Action, Caller
from services.queries import RegisterState
from services.tables.jobs import Job
from services.tables.register import Register

LONGEST_KEY = 2**63
"""Keys end below this."""


@dataclass(frozen=True)
class JobState:
    """Say what a job is and how far it has come."""

    id: int
    """Its key."""
    register: str
    """The register it works on."""
    kind: str
    """What it does."""
    parameters: dict[str, Any]
    """What was ordered."""
    state: str
    """One of `services.tables.jobs.STATES`."""
    done: int
    """How many steps are behind."""
    total: int
    """How many there are; 0 while that is not known."""
    word: str
    """What is done now, as a key under `job_word.`; empty where it did not say."""
    result: dict[str, Any] | None
    """What came of it, when it is done."""
    problem: dict[str, Any] | None
    """Why it failed, as rule and parameters."""
    actor: str
    """Who ordered it."""
    is_cancelling: bool
    """Whether somebody has asked that it end."""
    attempts: int
    """How often it was begun."""
    created_at: datetime
    """When it was ordered."""
    started_at: datetime | None
    """When it was begun last."""
    ended_at: datetime | None
    """When it ended."""


def get_job(session: Session, job: int, *, caller: Caller) -> JobState:
    """Give a job that the caller may see, or raise JobNotFound."""
    found = find_job(session, job, may_see(caller)) if 0 < job < LONGEST_KEY else None
    if found is None:
        raise JobNotFound(job=job)
    return found


def find_job(session: Session, job: int, *conditions: ColumnElement[bool]) -> JobState | None:
    """Find a job as it stands now, if it meets the conditions."""
    row = session.execute(_select_jobs().where(Job.id == job, *conditions)).one_or_none()
    return _to_state(row) if row else None


def list_jobs(
    session: Session,
    register: RegisterState | None,
    *,
    caller: Caller,
    state: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[JobState, ...]:
    """List the jobs that the caller may see, of one register or of all, the latest first."""
    chosen = _select_jobs().where(may_see(caller))
    if register is not None:
        chosen = chosen.where(Job.register_id == register.id)
    if state is not None:
        chosen = chosen.where(Job.state == state)
    rows = session.execute(chosen.order_by(Job.id.desc()).limit(limit).offset(offset))
    return tuple(map(_to_state, rows))


def may_see(caller: Caller) -> ColumnElement[bool]:
    """Say that a job is the caller's own, or in a register whose jobs the caller may manage."""
    grants = [grant for grant in caller.grants if grant.allows(Action.MANAGE_JOBS) and grant.division_id is None]
    if any(grant.register_id is None for grant in grants):
        return true()
    own = Job.account_id == caller.account_id if caller.account_id is not None else false()
    return or_(own, Job.register_id.in_([grant.register_id for grant in grants]))


def _select_jobs() -> Select[Job, str]:
    chosen = select(Job, Register.name.label("register")).join(Register, Register.id == Job.register_id)
    # a worker on another connection moves jobs on, so what the session has seen before says nothing
    return chosen.execution_options(populate_existing=True)


def _to_state(row: Any) -> JobState:  # noqa: ANN401 - a row of `_select_jobs`
    job: Job = row[0]
    return JobState(
        id=job.id,
        register=row.register,
        kind=job.kind,
        parameters=job.parameters,
        state=job.state,
        done=job.done,
        total=job.total,
        word=job.word,
        result=job.result,
        problem=job.problem,
        actor=job.actor,
        is_cancelling=job.cancel_asked and job.ended_at is None,
        attempts=job.attempts,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )
