"""Know the kinds of jobs: what each does, and which right it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.access.roles import Action
from services.jobs.running import RunningJob

Run = Callable[[Session, RunningJob], Mapping[str, Any]]
"""What does a job in a session that commits when it returns, and gives what shall be kept of it as JSON."""


@dataclass(frozen=True)
class JobKind:
    """Say what a kind of job does."""

    name: str
    """Its lasting name."""
    action: Action
    """What the caller must be allowed to do, when the job is queued and again when it runs."""
    run: Run
    """What does it."""


_KINDS: dict[str, JobKind] = {}


def job_kind(name: str, action: Action) -> Callable[[Run], Run]:
    """Register a function as what does a kind of job; a kind is registered once."""

    def register(run: Run) -> Run:
        if name in _KINDS:
            raise KeyError(f"two functions do the job {name}")
        _KINDS[name] = JobKind(name, action, run)
        return run

    return register


def find_kind(name: str) -> JobKind:
    """Give the kind of that name, or raise InvalidValue with those there are."""
    if name not in _KINDS:
        raise InvalidValue(field="kind", value=name, reason=because("job_kind_unknown", known=tuple(sorted(_KINDS))))
    return _KINDS[name]
