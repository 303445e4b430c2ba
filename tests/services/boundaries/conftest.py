"""Give the tests of audits a small country with a gap and an overlap, and places on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shapely import Point, box
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.boundaries.audits import AuditSummary, audit_levels
from services.queries import RegisterState

DAY = date(2026, 1, 1)
OPERATOR = make_operator("tests")


@pytest.fixture
def torn(build: Callable[..., Any]) -> Any:
    """Draw one province of four bakhsh: 1 reaches into 2, and a hole stands between them all; villages lie on both."""
    drawn = build("ir")
    drawn.add("99", "province", ground=box(50, 30, 54, 32))
    drawn.add("9901", "county", parent="99", ground=box(50, 30, 54, 32))
    rooms = {
        "990101": box(50, 30, 52.1, 31),
        "990102": box(52, 30, 54, 31),
        "990103": box(50, 31, 51.5, 32),
        "990104": box(52, 31, 54, 32).union(box(51.5, 31.5, 52, 32)),
    }
    for code, ground in rooms.items():
        drawn.add(code, "bakhsh", parent="9901", ground=ground, people=100)
    drawn.add("99010101", "dehestan", parent="990101")
    points = {"990101010001": (52.05, 30.5), "990101010002": (51.75, 31.25), "990101010003": (50.5, 30.5)}
    for code, (lon, lat) in points.items():
        drawn.add(code, "village", parent="99010101", position=Point(lon, lat), people=40)
    return drawn


@pytest.fixture
def audit(session: Session, torn: Any) -> Callable[..., AuditSummary]:
    """Give the way to audit the bakhsh of the drawn country."""

    def run(**options: Any) -> AuditSummary:
        return audit_levels(session, torn.register, ["bakhsh"], day=DAY, caller=OPERATOR, **options)

    return run


@pytest.fixture
def torn_register(torn: Any) -> RegisterState:
    """Name the register of the drawn country."""
    return torn.register  # type: ignore[no-any-return]
