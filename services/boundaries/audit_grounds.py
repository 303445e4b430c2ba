"""Load what an audit looks at: the divisions of some levels, those above them, and the places on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from sqlalchemy import BigInteger, ColumnElement, and_, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from geo.coverage import Parents
from services.queries import RegisterState, count_people_in, holds_on, select_divisions
from services.tables.register import Boundary, Division, Position, Standing


@dataclass(frozen=True)
class Ground:
    """Hold the boundaries of some levels by division."""

    divisions: tuple[int, ...]
    """The divisions, in order."""
    parents: tuple[int | None, ...]
    """Under which division each stands."""
    polygons: np.ndarray
    """The boundary of each, or None."""

    @property
    def is_bare(self) -> bool:
        """Tell whether no division has a boundary."""
        return all(polygon is None for polygon in self.polygons)


@dataclass(frozen=True)
class Settlements:
    """Hold the places of a register with their points and people."""

    points: np.ndarray
    """Where each is."""
    people: tuple[int | None, ...]
    """How many live there, where that is known."""


@dataclass(frozen=True)
class AuditScope:
    """Say which divisions are audited as one coverage, and on which day."""

    levels: tuple[str, ...]
    """The levels that tile their parents together."""
    day: date
    """The day whose boundaries are audited."""
    within: int | None = None
    """The division under which they stand; None means the whole register."""


def load_ground(session: Session, register: RegisterState, scope: AuditScope) -> Ground:
    """Load the divisions of a scope with their boundaries as they are, broken ones included."""
    inside = true() if scope.within is None else is_below(scope.within, scope.day)
    return _load(session, register, scope.day, and_(Standing.level.in_(scope.levels), inside))


def is_below(division: int, day: date) -> ColumnElement[bool]:
    """Say that a standing is of a division below one, however deep; beside its own kin it would seem uncovered."""
    first = select(literal(division, BigInteger).label("division_id")).cte("inside", recursive=True)
    below = aliased(Standing)
    step = select(below.division_id).where(below.parent_id == first.c.division_id, holds_on(below, day))
    # UNION, not UNION ALL: a circle of parents, which audits report, must not hang the walk
    inside = select(first.union(step).c.division_id)
    return and_(Standing.division_id.in_(inside), Standing.division_id != division)


def load_parents(session: Session, register: RegisterState, ground: Ground, day: date) -> Parents | None:
    """Load the divisions the audited ones stand under; None when no boundary is known of any."""
    wanted = sorted({parent for parent in ground.parents if parent is not None})
    above = _load(session, register, day, Standing.division_id.in_(wanted))
    if above.is_bare:
        return None
    parent_of = [None if parent is None else str(parent) for parent in ground.parents]
    return Parents([str(division) for division in above.divisions], above.polygons, parent_of)


def load_codes(session: Session, register: RegisterState, ground: Ground, day: date) -> dict[str, str]:
    """Load the codes of the parents, by the key under which the audit knew them."""
    parents = {parent for parent in ground.parents if parent is not None}
    rows = session.execute(select_divisions(register, day).where(Standing.division_id.in_(parents)))
    return {str(row.division_id): row.code for row in rows}


def load_settlements(session: Session, register: RegisterState, day: date) -> Settlements | None:
    """Load the places of a register with their people; None when it keeps no places."""
    levels = [level.key for level in register.pack.levels if level.is_place]
    rows = session.execute(
        select(Position.division_id, func.ST_X(Position.geom), func.ST_Y(Position.geom))
        .join(Standing, and_(Standing.division_id == Position.division_id, holds_on(Standing, day)))
        .join(Division, Division.id == Position.division_id)
        .where(Division.register_id == register.id, holds_on(Position, day), Standing.level.in_(levels))
        .order_by(Position.division_id)
    ).all()
    if not rows:
        return None
    people = count_people_in(session, [row[0] for row in rows], day)
    points = shapely.points([row[1] for row in rows], [row[2] for row in rows])
    return Settlements(np.asarray(points, dtype=object), tuple(people.get(row[0]) for row in rows))


def list_parts(session: Session, register: RegisterState, day: date) -> list[tuple[str, ...]]:
    """List what of the whole country is audited as one coverage each: partitions, and levels that are in none.

    Levels without a boundary on the day are left out; partitions come from the top.
    """
    drawn = set(
        session.scalars(
            select(Standing.level)
            .join(Division, Division.id == Standing.division_id)
            .join(Boundary, and_(Boundary.division_id == Standing.division_id, holds_on(Boundary, day)))
            .where(Division.register_id == register.id, holds_on(Standing, day))
            .distinct()
        )
    )
    ranks = {level.key: level.rank for level in register.pack.levels}
    partitions = [_sort(partition.levels, ranks, drawn) for partition in register.pack.partitions]
    held = {level for levels in partitions for level in levels}
    parts = {*(levels for levels in partitions if levels), *((level,) for level in drawn - held)}
    return sorted(parts, key=lambda levels: [ranks[level] for level in levels])


def _sort(levels: Sequence[str], ranks: dict[str, int], drawn: set[str]) -> tuple[str, ...]:
    return tuple(sorted((level for level in levels if level in drawn), key=lambda level: ranks[level]))


def _load(session: Session, register: RegisterState, day: date, condition: ColumnElement[bool]) -> Ground:
    rows = session.execute(
        select(Standing.division_id, Standing.parent_id, func.ST_AsBinary(Boundary.geom))
        .join(Division, Division.id == Standing.division_id)
        .join(Boundary, (Boundary.division_id == Standing.division_id) & holds_on(Boundary, day), isouter=True)
        .where(Division.register_id == register.id, holds_on(Standing, day), condition)
        .order_by(Standing.division_id)
    ).all()
    polygons = np.array([None if wkb is None else bytes(wkb) for _, _, wkb in rows], dtype=object)
    return Ground(
        tuple(division for division, _, _ in rows),
        tuple(parent for _, parent, _ in rows),
        np.asarray(shapely.from_wkb(polygons), dtype=object),
    )
