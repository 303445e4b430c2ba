"""Place complaints in divisions: by their point, else by the division they were filed for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from services.queries import holds_on
from services.tables.civic import Complaint
from services.tables.register import Boundary, Standing

Own = dict[int | None, dict[str, int]]
"""Counts by column of what lies in a division and in none below it; under None what lies in no division."""


def count_own(session: Session, divisions: Sequence[int], is_counted: ColumnElement[bool], *, day: date) -> Own:
    """Count complaints by division, once as `category.…` and once as `status.…`.

    Of several divisions that cover a point, the first in `divisions` has the complaint.
    """
    rows = session.execute(_select_counts(divisions, is_counted, day)).all()
    filed = {row.division_id for row in rows if row.place is None and row.division_id is not None}
    homes = _find_homes(session, filed, divisions, day=day)
    own: Own = defaultdict(lambda: defaultdict(int))
    for row in rows:
        counts = own[homes.get(row.division_id) if row.place is None else divisions[row.place - 1]]
        for name in (f"category.{row.category}", f"status.{row.status}"):
            counts[name] += row.number
    return own


def _select_counts(divisions: Sequence[int], is_counted: ColumnElement[bool], day: date) -> Select[Any]:
    """Select numbers of complaints by the place of their division in `divisions`, category and status.

    Where no division covers the point, the place is missing and the division they were filed for is given.
    """
    covering = _select_covering(divisions, is_counted, day).subquery()
    filed = case((covering.c.place.is_(None), Complaint.division_id)).label("division_id")
    columns: tuple[Any, ...] = (covering.c.place, filed, Complaint.category, Complaint.status)
    joined = select(*columns, func.count().label("number")).join(covering, covering.c.id == Complaint.id, isouter=True)
    return joined.where(is_counted).group_by(*columns)


def _select_covering(divisions: Sequence[int], is_counted: ColumnElement[bool], day: date) -> Select[Any]:
    """Select for each complaint the first place whose division covers its point."""
    order: Any = func.unnest(literal(list(divisions), ARRAY(BigInteger)))
    order = order.table_valued("division_id", with_ordinality="place", name="ordered").render_derived()
    # the polygons lead: PostGIS prepares each once and asks the index for its points
    statement: Select[Any] = (
        select(Complaint.id, func.min(order.c.place).label("place"))
        .select_from(order)
        .join(Boundary, and_(Boundary.division_id == order.c.division_id, holds_on(Boundary, day)))
        .join(Complaint, func.ST_Covers(Boundary.geom, Complaint.geom))
    )
    return statement.where(is_counted).group_by(Complaint.id)


def _find_homes(session: Session, filed: set[int], divisions: Sequence[int], *, day: date) -> dict[int, int | None]:
    """Find the counted division that each one is or stands under: places stand under one, others may have gone."""
    first = select(Standing.division_id, Standing.parent_id).where(
        Standing.division_id == func.any(sorted(filed)), holds_on(Standing, day)
    )
    steps = first.cte("steps", recursive=True)
    higher = aliased(Standing)
    above = select(steps.c.division_id, higher.parent_id).where(
        higher.division_id == steps.c.parent_id, holds_on(higher, day)
    )
    steps = steps.union(above)
    chains: dict[int, set[int]] = {division: {division} for division in filed}
    for division, parent in session.execute(select(steps.c.division_id, steps.c.parent_id)):
        chains[division].add(parent)
    order = {division: place for place, division in enumerate(divisions)}
    return {
        division: min(chain & order.keys(), key=order.__getitem__, default=None) for division, chain in chains.items()
    }
