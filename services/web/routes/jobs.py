"""Answer about jobs: how far they are, what came of them, and that they shall end."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from services.access.roles import Action
from services.jobs import JobState, cancel_job, explain_problem, get_job, list_jobs
from services.queries import get_register
from services.tables.jobs import STATES
from services.web.access import Authenticated, WriteScope, allow
from services.web.models import Model
from services.web.paging import Limit, Offset
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


class JobOut(Model):
    """A job and how far it has come."""

    id: int = Field(examples=[1])
    register_name: str = Field(alias="register", examples=["dz"])
    kind: str = Field(examples=["audit"])
    parameters: dict[str, Any]
    """What was ordered."""
    state: str = Field(examples=["running"])
    """`waiting`, `running`, `done`, `failed` or `cancelled`."""
    done: int = Field(examples=[2])
    """How many steps are behind."""
    total: int = Field(examples=[5])
    """How many there are; 0 while that is not known."""
    word: str = Field(examples=["auditing"])
    """What is done now."""
    result: dict[str, Any] | None
    """What came of it, when it is done."""
    problem: str | None
    """Why it failed, in the caller's language."""
    rule: str | None
    """The rule that was broken when it failed."""
    actor: str
    """Who ordered it."""
    is_cancelling: bool
    """Whether somebody has asked that it end."""
    attempts: int
    """How often it was begun."""
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


Key = Annotated[int, Path(ge=1, lt=2**63, description="The key of the job.", examples=[1])]


@router.get("")
def list_all(
    session: RequestSession,
    caller: Authenticated,
    language: Language,
    register: Annotated[str | None, Query(max_length=200, description="Only jobs on this register.")] = None,
    state: Annotated[str | None, Query(pattern=f"^({'|'.join(STATES)})$", description="Only of this state.")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[JobOut]:
    """List the caller's jobs, and with a role those of others, the latest first."""
    asked = get_register(session, register) if register else None
    found = list_jobs(session, asked, caller=caller, state=state, limit=limit, offset=offset)
    return [to_job_out(one, language) for one in found]


@router.get("/{job}")
def show_job(session: RequestSession, caller: Authenticated, language: Language, job: Key) -> JobOut:
    """Show one job."""
    return to_job_out(get_job(session, job, caller=caller), language)


@router.delete("/{job}")
def end_job(
    writer: Annotated[WriteScope, allow(Action.MANAGE_JOBS, named_in_body=True)], language: Language, job: Key
) -> JobOut:
    """End a job that waits, or ask one that runs to end; one's own, or with a role those of others."""
    state = cancel_job(writer.session, job, caller=writer.caller)
    # a job has no version: it is ended once, and whoever comes late is told so
    writer.register = get_register(writer.session, state.register)
    return to_job_out(state, language)


def to_job_out(job: JobState, language: str) -> JobOut:
    """Write a job for the API."""
    problem = explain_problem(job.problem, language) if job.problem else None
    rule = job.problem["rule"] if job.problem else None
    return JobOut.model_validate({**vars(job), "problem": problem, "rule": rule})
