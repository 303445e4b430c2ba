"""Count the divisions of a register by level and by division of the top level, as of a date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.register.divisions import Division
from geo.register.statistics import CountTable, count_table
from services.lookups import list_matching
from services.queries import RegisterState, holds_on
from services.tables.register import Division as Record
from services.tables.register import Standing


def count_statistics(session: Session, register: RegisterState, *, day: date) -> CountTable:
    """Count every division once: in the row of the top division it stands in, and the column of its level."""
    levels = register.pack.levels
    is_top = Standing.level.in_([level.key for level in levels if level.is_top])
    rows = session.execute(
        select(Standing.division_id, Standing.level, Standing.parent_id)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day), ~is_top)
    )
    # only the rows of the table have names; all else is counted
    below = [Division(division, level, "", "", parent_id=parent) for division, level, parent in rows]
    return count_table([*list_matching(session, register, day, is_top), *below], levels)
