"""Load the facts of divisions with their periods, as the timeline of a division tells them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, aliased

from geo.register.periods import Period
from geo.register.timeline import Aspect, FactSpan
from services.queries import RegisterState, is_current, to_period
from services.tables.register import Boundary, Code, Name, Position, Standing
from services.tables.register import Division as Record

TABLES = (Standing, Name, Code, Boundary, Position)
"""The tables whose facts hold for a period in the world."""


def load_facts(session: Session, divisions: Collection[int], window: Period | None = None) -> list[FactSpan]:
    """Load what the register says of divisions; with a window, only what began or ended in it."""
    wanted = sorted(set(divisions))
    found: list[FactSpan] = []
    for table in TABLES:
        query = _select_facts(table).where(table.division_id == func.any(wanted), is_current(table))
        if window is not None:
            query = query.where(has_edge(table, window))
        found.extend(fact for row in session.execute(query) for fact in _read(table, row))
    return found


def has_edge(table: Any, window: Period) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table
    """Say that a fact began or ended on a day of a window."""
    return or_(begins_in(table, window), ends_in(table, window))


def begins_in(table: Any, window: Period) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table
    """Say that a fact began on a day of a window."""
    return literal(to_range(window)).contains(func.lower(table.valid))


def ends_in(table: Any, window: Period) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table
    """Say that a fact ended on a day of a window."""
    return literal(to_range(window)).contains(func.upper(table.valid))


def to_range(period: Period) -> Range[Any]:
    """Write a period as the store keeps it."""
    return Range(period.start, period.end)


def _select_facts(table: Any) -> Select[Any]:  # noqa: ANN401 - any dated table
    own: dict[Any, tuple[Any, ...]] = {
        Standing: (Standing.level, Standing.parent_id),
        Name: (Name.language, Name.text, Name.official),
        Code: (Code.scheme, Code.version, Code.code),
        Boundary: (Boundary.digest, Boundary.area_m2),
        Position: (func.ST_X(Position.geom).label("x"), func.ST_Y(Position.geom).label("y")),
    }
    return select(table.division_id, table.valid, table.change_id, table.import_id, *own[table]).order_by(table.id)


def _read(table: Any, row: Any) -> Iterator[FactSpan]:  # noqa: ANN401 - a row of any dated table
    common = {
        "division": row.division_id,
        "period": to_period(row.valid),
        "change": row.change_id,
        "source": row.import_id,
    }
    if table is Standing:
        yield FactSpan(aspect=Aspect.LEVEL, what="", value=row.level, **common)
        if row.parent_id is not None:
            yield FactSpan(aspect=Aspect.PARENT, what="", value=str(row.parent_id), **common)
    elif table is Name:
        aspect = Aspect.NAME if row.official else Aspect.VARIANT
        yield FactSpan(aspect=aspect, what=row.language, value=row.text, **common)
    elif table is Code:
        yield FactSpan(aspect=Aspect.CODE, what=f"{row.scheme}/{row.version}", value=row.code, **common)
    elif table is Boundary:
        yield FactSpan(aspect=Aspect.BOUNDARY, what="", value=row.digest, area_m2=row.area_m2, **common)
    else:
        yield FactSpan(aspect=Aspect.POSITION, what="", value=f"{row.x:.7f} {row.y:.7f}", **common)


def select_edges(register: RegisterState, window: Period, within: Collection[int] | None) -> Select[Any]:
    """Select each day of a window on which something of a division began or ended, with the division and what."""
    parts = [part for table in TABLES for part in _select_table_edges(table, register, window, within)]
    edges = union_all(*parts).subquery("edges")
    return select(edges.c.day, edges.c.division_id, edges.c.fact, edges.c.kind)


def _select_table_edges(
    table: Any,  # noqa: ANN401 - any dated table
    register: RegisterState,
    window: Period,
    within: Collection[int] | None,
) -> Iterator[Select[Any]]:
    fact = literal(table.__tablename__).label("fact")
    for kind, side, holds in (
        ("begun", func.lower(table.valid), begins_in(table, window)),
        ("ended", func.upper(table.valid), ends_in(table, window)),
    ):
        columns = (side.label("day"), table.division_id, fact, literal(kind).label("kind"))
        query = select(*columns).where(is_current(table), holds)
        if within is None:
            yield query.join(Record, Record.id == table.division_id).where(Record.register_id == register.id)
        else:
            yield query.where(table.division_id == func.any(sorted(within)))


def list_ever_below(session: Session, division: int, window: Period) -> list[int]:
    """List a division with all that stood under it on some day of a window or on its eve, however deep.

    What leaves on the first day of the window stood there on the eve only.
    """
    eve = window.start - timedelta(days=1) if window.start else None
    days = literal(Range(eve, window.end))
    steps = select(literal(division, BigInteger).label("division_id")).cte("below", recursive=True)
    below = aliased(Standing)
    step = select(below.division_id).where(
        below.parent_id == steps.c.division_id, is_current(below), below.valid.overlaps(days)
    )
    # UNION, not UNION ALL: a circle of parents, which audits report, must not hang the walk
    return sorted(session.scalars(select(steps.union(step).c.division_id)))
