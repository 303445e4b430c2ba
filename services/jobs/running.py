"""Be what a running job speaks through: it tells how far it is, and hears that it shall end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

from sqlalchemy import Connection, select, update

from geo.errors import JobCancelled
from services.access.roles import Caller
from services.queries import RegisterState
from services.tables.jobs import Job

LEAST_PAUSE_S = 0.2
"""Progress told more often than this is passed over, but for the last step."""


class JobInterrupted(Exception):
    """The worker ends, so the job goes back into the queue."""


@dataclass
class RunningJob:
    """Stand for the job under way, on a connection of its own, so that progress shows before the work is committed."""

    id: int
    """Its key."""
    register: RegisterState
    """The register it works on."""
    parameters: Mapping[str, Any]
    """What was ordered."""
    caller: Caller
    """Who ordered it, with the rights that he or she has now."""
    control: Connection = field(repr=False)
    """The connection on which progress is told; every statement on it commits at once."""
    division_id: int | None = None
    """The division it keeps within; None means the whole register."""
    stop: Event = field(default_factory=Event, repr=False)
    """Set when the worker itself shall end."""
    _told_at: float = field(default=0.0, repr=False)

    def report(self, done: int, total: int, word: str = "") -> None:
        """Tell that `done` steps of `total` are behind, and what is done now, as a key under `job_word.`."""
        if done < total and monotonic() - self._told_at < LEAST_PAUSE_S:
            return
        self._told_at = monotonic()
        self.control.execute(update(Job).where(Job.id == self.id).values(done=done, total=total, word=word))

    def check_cancelled(self) -> None:
        """Raise JobCancelled when somebody has asked that the job end; call it between steps."""
        if self.stop.is_set():
            raise JobInterrupted(self.id)
        if self.control.scalar(select(Job.cancel_asked).where(Job.id == self.id)):
            raise JobCancelled(job=self.id)
