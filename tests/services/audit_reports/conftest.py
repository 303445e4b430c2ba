"""Give the tests of reports a run with a defect, a lawful case and hostile words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shapely import box
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.audit_reports.content import RunContent, load_run_content
from services.boundaries.audits import audit_levels
from services.boundaries.exceptions import ExceptionText, declare_exception

OPERATOR = make_operator("tests")
FORMULA = '=HYPERLINK("http://x","<b>y")'


@pytest.fixture
def reported(session: Session, build: Callable[..., Any]) -> RunContent:
    """Audit three communes: the first reaches into the second, an island of the third is lawful."""
    drawn = build()
    drawn.add("X", "wilaya", ground=box(0, 30, 3, 31))
    drawn.add("P", "daira", parent="X", ground=box(0, 30, 3, 31))
    drawn.add("007", "commune", parent="P", ground=box(0, 30, 1.1, 31), name=FORMULA)
    drawn.add("008", "commune", parent="P", ground=box(1, 30, 2, 31))
    parts = box(2, 30, 3, 30.9).union(box(2.5, 30.95, 2.6, 31))
    drawn.add("009", "commune", parent="P", ground=parts)
    said = ExceptionText("detached_part", "=reason", ground=box(1, 29, 4, 32))
    declare_exception(session, drawn.register, said, caller=OPERATOR)
    run = audit_levels(session, drawn.register, ["commune"], day=date(2026, 1, 1), caller=OPERATOR).run
    return load_run_content(session, drawn.register, run)
