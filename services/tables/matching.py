"""Keep worksheets: the rows of another source, which divisions they may be, and what was decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table

STATES = ("proposed", "confirmed", "refused", "split")
"""The states of a row."""


class MatchSheet(Table):
    """Name a source that is matched to a register."""

    __tablename__ = "match_sheet"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    title: Mapped[str]
    source: Mapped[str]
    digest: Mapped[str]
    scheme: Mapped[str | None]
    as_of: Mapped[date]
    based_on: Mapped[int]
    rules: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(server_default="1")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MatchRow(Table):
    """Hold one row of a source with its candidates and its state."""

    __tablename__ = "match_row"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'confirmed', 'refused', 'split')", name="state"),
        # the rows of a worksheet that are still to be decided
        Index("ix_match_row_sheet_id_state", "sheet_id", "state"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("match_sheet.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str | None]
    codes: Mapped[list[Any]]
    names: Mapped[list[Any]]
    parents: Mapped[list[Any]]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    options: Mapped[list[Any]]
    divisions: Mapped[list[Any]]
    score: Mapped[float]
    margin: Mapped[float]
    clear: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default="proposed")
    note: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
