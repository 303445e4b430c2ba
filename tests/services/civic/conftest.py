"""Give the tests of councils and complaints somebody who may record them, and complaints to record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest
from shapely import Point
from sqlalchemy.orm import Session

from geo.civic.complaints import Complaint, ComplaintStatus
from services.access.roles import Caller, make_operator
from services.civic.complaints import record_complaints
from services.queries import RegisterState


@pytest.fixture
def operator() -> Caller:
    """Stand for the operator of the machine."""
    return make_operator("tests")


@pytest.fixture
def complain(session: Session, register: RegisterState, operator: Caller) -> Callable[..., int]:
    """Record a number of equal complaints in the drawn register."""
    codes = count(1)

    def put(
        number: int = 1,
        *,
        at: tuple[float, float] | None = None,
        division: str | None = None,
        category: str = "water",
        status: ComplaintStatus = ComplaintStatus.RECEIVED,
        on: datetime = datetime(2025, 6, 1, tzinfo=UTC),
        synthetic: bool = True,
    ) -> int:
        point = Point(at) if at is not None else None
        complaints = [
            Complaint(f"c{next(codes)}", category, on, point, division, "قطع آب", status, synthetic)
            for _ in range(number)
        ]
        return record_complaints(session, register, complaints, caller=operator)

    return put
