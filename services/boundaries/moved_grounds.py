"""Load what an audit run saw and what is there now, as far as the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.coverage.alterations import Former
from geo.coverage.renewals import LevelGround
from services.access.roles import Action
from services.queries import RegisterState, holds_on
from services.tables.access import AuditLog
from services.tables.boundaries import AuditRun
from services.tables.changes import Change
from services.tables.register import Boundary, Division, ImportRun, Standing


@dataclass(frozen=True)
class _Drawn:
    """Hold which boundary a division has and under whom it stands."""

    parent: int | None
    boundary: int | None
    digest: str | None
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class MovedGround:
    """Hold the levels of a run as they are now, and what of them has changed since."""

    children: LevelGround
    """The audited levels."""
    parents: LevelGround | None
    """The divisions they stand under; None when none of these has a boundary."""
    is_alike: bool
    """Whether the divisions above had boundaries then if they have some now, so that the runs can be compared."""


def load_moved(session: Session, register: RegisterState, run: AuditRun, *, day: date) -> MovedGround:
    """Load the levels of a run as of a day, with what each changed division was when the run looked at it."""
    was = _say_was(run.as_of, _find_next_moment(session, register, run))
    now = partial(holds_on, day=day)
    levels = Standing.level.in_(run.levels)
    before, after = (_load_drawn(session, register, levels, held) for held in (was, now))
    above = [_list_above(one) for one in (before, after)]
    old = _load_drawn(session, register, Standing.division_id.in_(above[0]), was)
    new = _load_drawn(session, register, Standing.division_id.in_(above[1]), now)
    had, has = (any(one.boundary is not None for one in drawn.values()) for drawn in (old, new))
    parents = _compare(session, old, new) if has else None
    return MovedGround(_compare(session, before, after), parents, had == has)


def _find_next_moment(session: Session, register: RegisterState, run: AuditRun) -> datetime | None:
    """Find when the first write that the run did not see was recorded; None when it saw everything.

    The clock will not do: a write that was under way when the run began is recorded before it and was not seen.
    """
    version = AuditLog.detail["version"].as_integer()
    applied = select(AuditLog.detail["change"].as_integer()).where(
        AuditLog.action == Action.APPROVE_CHANGE, AuditLog.subject == register.name, version > run.based_on
    )
    later_import = select(ImportRun.id).where(ImportRun.register_id == register.id, ImportRun.based_on >= run.based_on)
    moments = [
        session.scalar(select(func.min(Change.applied_at)).where(Change.id.in_(applied))),
        *(
            session.scalar(select(func.min(func.lower(table.recorded))).where(table.import_id.in_(later_import)))
            for table in (Standing, Boundary)
        ),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _say_was(day: date, moment: datetime | None) -> Any:  # noqa: ANN401 - a condition on any dated table
    """Say that a fact held on a day, as far as was recorded before a moment."""

    def held(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table
        if moment is None:
            return holds_on(table, day)
        still = or_(func.upper_inf(table.recorded), func.upper(table.recorded) >= literal(moment))
        return and_(table.valid.contains(literal(day)), func.lower(table.recorded) < literal(moment), still)

    return held


def _load_drawn(
    session: Session,
    register: RegisterState,
    condition: ColumnElement[bool],
    held: Any,  # noqa: ANN401
) -> dict[int, _Drawn]:
    sides = [side(Boundary.geom) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)]
    rows = session.execute(
        select(Standing.division_id, Standing.parent_id, Boundary.id, Boundary.digest, *sides)
        .join(Division, Division.id == Standing.division_id)
        .join(Boundary, and_(Boundary.division_id == Standing.division_id, held(Boundary)), isouter=True)
        .where(Division.register_id == register.id, held(Standing), condition)
        .order_by(Standing.division_id)
    )
    nowhere = float("nan")
    return {
        row[0]: _Drawn(row[1], row[2], row[3], tuple(nowhere if side is None else side for side in row[4:]))  # type: ignore[arg-type]
        for row in rows
    }


def _list_above(drawn: Mapping[int, _Drawn]) -> list[int]:
    return sorted({one.parent for one in drawn.values() if one.parent is not None})


def _compare(session: Session, before: Mapping[int, _Drawn], after: Mapping[int, _Drawn]) -> LevelGround:
    """Describe a level as it is now, with what was otherwise before."""
    divisions = sorted(after)
    changed = [
        division for division in sorted({*before, *after}) if _tell(before.get(division)) != _tell(after.get(division))
    ]
    shapes = _read_shapes(session, [before[one].boundary for one in changed if one in before])
    former = {}
    for division in changed:
        was = before.get(division)
        shape = None if was is None or was.boundary is None else shapes[was.boundary]
        former[str(division)] = Former(shape, None if was is None else _write(was.parent))
    return LevelGround(
        [str(division) for division in divisions],
        np.array([after[division].box for division in divisions], dtype=np.float64).reshape(-1, 4),
        partial(_read_rows, session, [after[division].boundary for division in divisions]),
        former,
        [_write(after[division].parent) for division in divisions],
    )


def _tell(drawn: _Drawn | None) -> tuple[bool, str | None, int | None]:
    """Tell what an audit knows of a division."""
    return (False, None, None) if drawn is None else (True, drawn.digest, drawn.parent)


def _write(division: int | None) -> str | None:
    return None if division is None else str(division)


def _read_rows(session: Session, boundaries: Sequence[int | None], rows: Sequence[int]) -> list[BaseGeometry | None]:
    wanted = [boundaries[row] for row in rows]
    shapes = _read_shapes(session, wanted)
    return [None if one is None else shapes[one] for one in wanted]


def _read_shapes(session: Session, boundaries: Iterable[int | None]) -> dict[int, BaseGeometry]:
    keys = sorted({one for one in boundaries if one is not None})
    rows = session.execute(select(Boundary.id, func.ST_AsBinary(Boundary.geom)).where(Boundary.id.in_(keys)))
    return {key: shapely.from_wkb(bytes(wkb)) for key, wkb in rows}
