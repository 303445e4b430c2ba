"""Keep statements that are sent over and over as finished text, for building one takes longer than running it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ReadyStatement:
    """Hold a finished statement with the values that are always the same."""

    text: str
    """The statement as the driver takes it."""
    fixed: Mapping[str, Any]
    """Its values by name; those left to the caller are among them as None."""

    def run(self, session: Session, **values: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - whatever a column holds
        """Send it with the caller's values, through the session's connection and all that listens there."""
        return session.connection().exec_driver_sql(self.text, {**self.fixed, **values}).all()


def finish_statement(query: Select[*tuple[Any, ...]]) -> ReadyStatement:
    """Finish a statement whose open values are parameters by name (`bindparam`)."""
    # lists that are written out only when their length is known would be cut off here; `any` takes arrays instead
    compiled = query.compile(dialect=dialect())  # type: ignore[no-untyped-call]
    return ReadyStatement(str(compiled), dict(compiled.params))
