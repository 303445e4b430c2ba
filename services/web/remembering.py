"""Remember answers that are dear to make, until something is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.tables.access import AuditLog

T = TypeVar("T")

MOST_ANSWERS = 64


class Memory:
    """Hold the latest answers; every write is in the audit log, so its last entry tells how old an answer is."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def recall(self, session: Session, key: Hashable, make: Callable[[], T]) -> T:
        """Give the answer remembered under `key` since the last write, or make it."""
        full = (session.scalar(select(func.max(AuditLog.id))), key)
        with self._lock:
            if full in self._answers:
                self._answers.move_to_end(full)
                return self._answers[full]  # type: ignore[return-value]
        answer = make()
        with self._lock:
            self._answers[full] = answer
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
        return answer
