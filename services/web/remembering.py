"""Remember answers that are dear to make, until something is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import TypeVar

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.statistics import CountTable
from services.civic.counts import ComplaintCounts, count_complaints
from services.civic.density import DensityAnswer, check_question, measure_level
from services.database.recorded import find_moment
from services.queries import RegisterState
from services.register.divisions import count_levels
from services.register.statistics import count_statistics
from services.tables.access import AuditLog
from services.web.scope import PublicYear

T = TypeVar("T")

MOST_ANSWERS = 64
MOST_COUNTS = 4
"""The complaints of so many years of a whole country are remembered: each takes some megabytes."""


class Memory:
    """Hold the latest answers; every write is in the audit log, so its last entry tells how old an answer is."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def recall(self, session: Session, key: Hashable, make: Callable[[], T]) -> T:
        """Give the answer remembered under `key` since the last write, or make it; what was recorded once is apart."""
        full = (session.scalar(select(func.max(AuditLog.id))), find_moment(session), key)
        with self._lock:
            if full in self._answers:
                self._answers.move_to_end(full)
                return self._answers[full]  # type: ignore[return-value]
        answer = make()
        with self._lock:
            self._answers[full] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer


def recall_levels(request: Request, session: Session, register: RegisterState, *, day: date) -> dict[str, int]:
    """Count the divisions of each level on `day` once for every answer that tells how many there are.

    Counts have a memory of their own, since many days may be asked about and must not crowd out maps.
    """
    counts: Memory = request.app.state.counts
    return counts.recall(session, (register.id, day), lambda: count_levels(session, register, day=day))


def recall_statistics(request: Request, session: Session, register: RegisterState, *, day: date) -> CountTable:
    """Count the divisions of a day by level and top division once for API and page."""
    counts: Memory = request.app.state.counts
    return counts.recall(
        session, ("statistics", register.id, day), lambda: count_statistics(session, register, day=day)
    )


def recall_complaints(request: Request, session: Session, register: RegisterState, year: PublicYear) -> ComplaintCounts:
    """Count the complaints of a year once for every level, category and council that is asked about."""
    complaints: Memory = request.app.state.complaints
    return complaints.recall(
        session,
        (register.id, year),
        lambda: count_complaints(session, register, period=year.period, day=year.last_day),
    )


def recall_density(
    request: Request, session: Session, register: RegisterState, year: PublicYear, *, level: str, category: str | None
) -> DensityAnswer:
    """Measure the complaints of one level in a year; API, table and map share one answer."""
    memory: Memory = request.app.state.memory
    check_question(register, level, category)

    def measure() -> DensityAnswer:
        counts = recall_complaints(request, session, register, year)
        return measure_level(session, register, counts, level=level, category=category)

    return memory.recall(session, (register.id, level, category, year), measure)
