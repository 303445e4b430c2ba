"""Tell what became of a division, and what it came from: by which changes, and with which shares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, func, literal, select
from sqlalchemy.orm import Session, aliased

from geo.coverage import measure_area
from geo.register.divisions import Division
from geo.register.lineage import Descent, LineageStep, share_out, walk_back, walk_forward
from services.queries import RegisterState, count_people_in, holds_on, is_current, load_boundaries
from services.register.causes import load_changes, load_family
from services.register.labels import ChangeLine, find_holder, label_changes, load_labels
from services.tables.changes import Change
from services.tables.register import Population, Standing

SLIVER = 1e-9
"""A smaller share of the ground is what rounding leaves along a line, and no succession."""


@dataclass(frozen=True)
class Kin:
    """Hold a division that another became, or came from."""

    division: Division
    """The division as it stood on `day`, with its people."""
    day: date
    """The day it is told as of."""
    area_share: float | None
    """The share, from 0 to 1, of the asked division's ground that lies in it; None where a boundary is missing."""
    people_share: float | None
    """The share of the asked division's people whose places stand in it; None where none are counted by place."""


@dataclass(frozen=True)
class LineageAnswer:
    """Hold what became of a division and what it came from."""

    register: str
    """The register."""
    division: Division
    """The division as it stood on the day asked about."""
    day: date
    """That day, or the last one on which the code was held."""
    until: date
    """The day up to which is told what became of it."""
    successors: tuple[Kin, ...]
    """What it has become by then, the largest share first; empty where nothing followed."""
    later: tuple[ChangeLine, ...]
    """The changes on the way there, in the order of time."""
    origins: tuple[Kin, ...]
    """What it came from at the beginning of what is known, the largest share first."""
    earlier: tuple[ChangeLine, ...]
    """The changes on the way from there, the latest first."""


def trace_lineage(
    session: Session,
    register: RegisterState,
    code: str,
    *,
    day: date,
    until: date,
    level: str | None = None,
    last: bool = False,
) -> LineageAnswer:
    """Tell what the division with a code on `day` has become on `until`, and what it came from.

    With `last` a code that nobody has on `day` means the division that had it last.
    """
    division, held = find_holder(session, register, code, day=day, level=level, last=last)
    steps = load_family(session, register, division)
    asked = (division.id, held)
    ahead = walk_forward(division.id, steps, day=held, until=until)
    successors = _list_kin(session, register, asked, ahead, until)
    back = walk_back(division.id, steps, day=held)
    begin = min((step.effective_on for step in back.steps), default=held + timedelta(days=1)) - timedelta(days=1)
    origins = _list_kin(session, register, asked, back, begin)
    return LineageAnswer(
        register=register.name,
        division=division,
        day=held,
        until=until,
        successors=successors,
        later=_tell_way(
            session, register, walk_forward(division.id, _narrow(steps, division, successors), day=held, until=until)
        ),
        origins=origins,
        earlier=_tell_way(session, register, walk_back(division.id, _narrow(steps, division, origins), day=held)),
    )


def _narrow(steps: Sequence[LineageStep], division: Division, kin: Sequence[Kin]) -> list[LineageStep]:
    """Let ground pass only to those that were found to have some, so that their neighbours' changes are not told."""
    found = {division.id, *(one.division.id for one in kin)}
    return [replace(step, resized=step.resized & found) for step in steps]


def _tell_way(session: Session, register: RegisterState, descent: Descent) -> tuple[ChangeLine, ...]:
    keys = [step.change for step in descent.steps]
    found = {one.id: one for one in load_changes(session, register, Change.id.in_(keys))} if keys else {}
    return label_changes(session, register, [found[key] for key in keys])


def _list_kin(
    session: Session, register: RegisterState, asked: tuple[int, date], descent: Descent, day: date
) -> tuple[Kin, ...]:
    """Measure how much of the asked division lies in each that the walk has led to."""
    labels = load_labels(session, register, {(key, day) for key in descent.divisions})
    found = {key: labels[key, day] for key in descent.divisions if (key, day) in labels}
    areas = _share_ground(session, register, asked, found, day) if found else {}
    people = _share_people(session, asked, found, day) if found else {}
    counted = count_people_in(session, found, day) if found else {}
    kin = [
        Kin(replace(one, people=counted.get(key)), day, areas.get(key), people.get(key)) for key, one in found.items()
    ]
    # who only touches the asked ground took part in a change of another piece of it
    near = [one for one in kin if one.area_share is None or one.area_share > SLIVER or one.people_share]
    return tuple(sorted(near, key=lambda one: (-(one.area_share or 0.0), one.division.code, one.division.id)))


def _share_ground(
    session: Session, register: RegisterState, asked: tuple[int, date], kin: Collection[int], day: date
) -> dict[int, float]:
    own = load_boundaries(session, register, asked[1], Standing.division_id == asked[0]).get(asked[0])
    if own is None:
        return {}
    shapes = load_boundaries(session, register, day, Standing.division_id == func.any(sorted(kin)))
    return share_out(((key, _measure_common(own, shape)) for key, shape in shapes.items()), measure_area(own))


def _measure_common(one: BaseGeometry, other: BaseGeometry) -> float:
    if one.equals_exact(other):
        return measure_area(one)
    parts = shapely.get_parts(shapely.intersection(one, other))
    return sum(measure_area(part) for part in parts if part.area > 0)


def _share_people(session: Session, asked: tuple[int, date], kin: Collection[int], day: date) -> dict[int, float]:
    """Share out the people of the asked division by where its counted places stand."""
    own = set(_list_below(session, *asked)) - {asked[0]}
    figures = _load_leaves(session, own, asked[1])
    parts = {key: sum(figures.get(place, 0) for place in _list_below(session, key, day)) for key in kin}
    return share_out(((key, float(part)) for key, part in parts.items()), float(sum(figures.values())))


def _list_below(session: Session, division: int, day: date) -> list[int]:
    """List a division with all below it on a day."""
    steps = select(literal(division, BigInteger).label("division_id")).cte("below", recursive=True)
    below = aliased(Standing)
    step = select(below.division_id).where(below.parent_id == steps.c.division_id, holds_on(below, day))
    return list(session.scalars(select(steps.union(step).c.division_id)))


def _load_leaves(session: Session, divisions: Collection[int], day: date) -> dict[int, int]:
    """Load the latest figures of those divisions under which nothing stands."""
    if not divisions:
        return {}
    child = aliased(Standing)
    is_parent = select(child.id).where(child.parent_id == Population.division_id, holds_on(child, day)).exists()
    rows = session.execute(
        select(Population.division_id, Population.people)
        .where(Population.division_id == func.any(sorted(divisions)), is_current(Population), ~is_parent)
        .order_by(Population.division_id, Population.counted_on.nulls_first(), Population.source)
    )
    return {division: people for division, people in rows}
