"""Put jobs into the queue, and ask that they end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, JobEnded, because
from services.access.log import record_write
from services.access.roles import Caller, check_permitted
from services.jobs.kinds import find_kind
from services.jobs.records import JobState, find_job, get_job
from services.queries import RegisterState
from services.tables.jobs import Job

MOST_BYTES = 64 * 1024
"""The most that the parameters of a job may take: they say what to do, and hold no data."""


def submit_job(
    session: Session,
    register: RegisterState,
    kind: str,
    parameters: Mapping[str, Any],
    *,
    caller: Caller,
    division_id: int | None = None,
) -> JobState:
    """Queue a job in the transaction of the session; what it needs is checked now and again when it runs.

    Parameters name what shall be worked on and hold nothing about persons. Raises NotPermitted, and InvalidValue
    for an unknown kind or parameters that cannot be kept.
    """
    check_permitted(session, caller, find_kind(kind).action, register, division_id)
    values = {
        "register_id": register.id,
        "division_id": division_id,
        "kind": kind,
        "parameters": _check_parameters(parameters),
        "account_id": caller.account_id,
        "actor": caller.name,
    }
    key = session.scalars(insert(Job).values(**values).returning(Job.id)).one()
    detail = {"job": key, "kind": kind, "parameters": values["parameters"]}
    record_write(session, caller=caller, action="submit_job", subject=register.name, detail=detail)
    return _get(session, key)


def cancel_job(session: Session, job: int, *, caller: Caller) -> JobState:
    """End a job that waits, or ask one that runs to end at its next step; raise JobEnded when it has ended already."""
    state = get_job(session, job, caller=caller)
    # the row is held from here to the commit, so that a worker does not begin it meanwhile
    held = session.scalars(select(Job.state).where(Job.id == job).with_for_update()).one()
    if held not in ("waiting", "running"):
        raise JobEnded(job=job, state=because(f"job_{held}"))
    ends = {"state": "cancelled", "ended_at": func.now()} if held == "waiting" else {}
    session.execute(update(Job).where(Job.id == job).values(cancel_asked=True, **ends))
    detail = {"job": job, "kind": state.kind, "state": held}
    record_write(session, caller=caller, action="cancel_job", subject=state.register, detail=detail)
    return _get(session, job)


def _check_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        text = json.dumps(dict(parameters), ensure_ascii=False, allow_nan=False, sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue(field="parameters", value="", reason=because("job_parameters_json")) from error
    if len(text.encode(errors="replace")) > MOST_BYTES or "\\u0000" in text:
        raise InvalidValue(field="parameters", value="", reason=because("job_parameters_size", most=MOST_BYTES))
    kept: dict[str, Any] = json.loads(text)
    return kept


def _get(session: Session, job: int) -> JobState:
    found = find_job(session, job)
    assert found is not None
    return found
