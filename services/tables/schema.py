"""Give every table its naming rule and every dated fact its two periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, MetaData, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Stand under every table of the store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Recorded:
    """Keep a fact with the period in which the register says so."""

    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, server_default=text("tstzrange(now(), NULL)"))
    """When the register learned it and, if it did, dropped it again, half-open."""
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    """The import that brought the fact, if one did."""
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    """The change that brought the fact, if one did."""


class Dated(Recorded):
    """Keep a fact also with the period in which it holds."""

    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    """When the fact holds in the world, half-open."""


def one_at_a_time(rule: str, *columns: str, where: str | None = None) -> ExcludeConstraint:
    """Forbid facts with equal `columns` (or expressions) whose periods overlap in the world and in the record."""
    elements = [(text(column), "=") for column in columns]
    periods = [("valid", "&&"), ("recorded", "&&")]
    return ExcludeConstraint(*elements, *periods, name=f"ex_{rule}", using="gist", where=text(where) if where else None)
