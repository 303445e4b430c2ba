"""Record complaints in bulk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.civic.complaints import Complaint as Draft
from geo.civic.complaints import ComplaintStatus
from geo.errors import DivisionNotFound, InvalidValue, NotPermitted
from services.access.roles import ANONYMOUS
from services.civic.complaints import record_complaints
from services.civic.counts import STATUSES
from services.queries import RegisterState
from services.tables.access import AuditLog
from services.tables.civic import Complaint

MOMENT = datetime(2025, 6, 1, 12, tzinfo=UTC)
DRAFT = Draft("c1", "water", MOMENT, Point(0.25, 0.75), "A", "قطع آب", ComplaintStatus.RECEIVED, True)


@pytest.fixture
def record(session: Session, register: RegisterState, operator: Any) -> Callable[..., int]:
    """Record complaints in the drawn register."""
    return lambda *drafts: record_complaints(session, register, drafts, caller=operator)


def test_complaint_is_kept(session: Session, record: Callable[..., int], country: Any) -> None:
    assert record(DRAFT) == 1
    row = session.scalar(select(Complaint))
    assert (row.code, row.category, row.submitted_at, row.description) == ("c1", "water", MOMENT, "قطع آب")
    assert (to_shape(row.geom), row.division_id, row.synthetic) == (Point(0.25, 0.75), country.ids["A"], True)


def test_complaint_may_lack_point_and_division(session: Session, record: Callable[..., int]) -> None:
    record(replace(DRAFT, point=None, division_code=None))
    assert session.execute(select(Complaint.geom, Complaint.division_id)).one() == (None, None)


def test_same_code_replaces_the_complaint(session: Session, record: Callable[..., int]) -> None:
    record(DRAFT)
    record(replace(DRAFT, status=ComplaintStatus.CLOSED))
    assert session.scalars(select(Complaint.status)).all() == ["closed"]


@pytest.mark.parametrize("status", list(ComplaintStatus))
def test_every_status_can_be_kept(session: Session, record: Callable[..., int], status: ComplaintStatus) -> None:
    record(replace(DRAFT, status=status))
    assert session.scalar(select(Complaint.status)) in STATUSES


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"category": "weather"}, InvalidValue),
        ({"submitted_at": datetime(2025, 6, 1)}, InvalidValue),
        ({"division_code": "nowhere"}, DivisionNotFound),
    ],
)
def test_bad_complaints_are_refused(
    session: Session, record: Callable[..., int], changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        record(DRAFT, replace(DRAFT, code="c2", **changes))
    assert session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_same_code_twice_is_refused(record: Callable[..., int]) -> None:
    with pytest.raises(InvalidValue):
        record(DRAFT, DRAFT)


def test_public_may_not_record(session: Session, register: RegisterState) -> None:
    with pytest.raises(NotPermitted):
        record_complaints(session, register, [DRAFT], caller=ANONYMOUS)


def test_writing_is_logged_without_what_was_written(session: Session, record: Callable[..., int]) -> None:
    record(DRAFT)
    assert session.scalars(select(AuditLog.detail)).all() == [{"complaints": 1}]
