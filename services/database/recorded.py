"""Let a session read the register as it was recorded at an earlier moment.

Every read says through `services.queries.is_current` that the register still says so: `upper_inf(x.recorded)`. A
session that looks back sends `x.recorded @> moment` in its place, whatever the statement and however deep the
condition stands in it. So no use case knows of it, and the present is read from its indexes as before.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, event, literal
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because

KNOWN_AT = "taqsimat.known_at"
"""Where a session keeps its moment."""

STILL_SAID = re.compile(r"\bupper_inf\(((?:\w+\.)?recorded)\)", re.IGNORECASE)
"""How a statement says that the register still says so."""

READ_ONLY = "25006"
"""What PostgreSQL answers to a write in a transaction that only reads."""


def look_back(engine: Engine, known_at: datetime) -> Engine:
    """Give an engine on the same connections that reads what was recorded at a moment and writes nothing."""
    past = engine.execution_options(postgresql_readonly=True)
    condition = rf"\1 @> '{known_at.astimezone(UTC).isoformat()}'::timestamptz"

    def rewrite(
        _connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: bool
    ) -> tuple[str, object]:
        return STILL_SAID.sub(condition, statement), parameters

    event.listen(past, "before_cursor_execute", rewrite, retval=True)
    return past


def find_moment(session: Session) -> datetime | None:
    """Find the moment whose record a session reads; None is the present one."""
    moment: datetime | None = session.info.get(KNOWN_AT)
    return moment


def was_recorded(session: Session, column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of instants
    """Say that what happened at a column's instant had happened when the session's record was made."""
    moment = find_moment(session)
    recorded: ColumnElement[bool] = column.is_not(None) if moment is None else column <= literal(moment)
    return recorded


def find_write_fault(error: DBAPIError, known_at: datetime | None) -> InvalidValue | None:
    """Say plainly that the past cannot be written, if that was tried."""
    if known_at is None or getattr(error.orig, "sqlstate", None) != READ_ONLY:
        return None
    return InvalidValue(field="recorded", value=known_at.isoformat(), reason=because("record_read_only"))
