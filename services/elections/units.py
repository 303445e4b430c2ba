"""Find the units that a plan gathers: the divisions inside another, with their ground and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from geo.errors import Infeasible, InvalidValue, because
from geo.register.divisions import Division
from services.lookups import get_coded
from services.queries import RegisterState, count_people, holds_on, select_divisions, to_division
from services.tables.register import Boundary, Standing


@dataclass(frozen=True)
class PlanGround:
    """Hold what a plan is drawn over."""

    day: date
    """The day on which the units stand as they are taken."""
    within: Division | None
    """The division around them; None for the whole register."""
    levels: tuple[str, ...]
    """The levels of the units."""
    units: tuple[Division, ...]
    """The units by code, with their people."""
    grounds: tuple[MultiPolygon, ...]
    """The boundary of each."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """By code, the units that stay together as what is left of a division when others are taken out of it."""


@dataclass(frozen=True)
class UnitWish:
    """Say which units a plan is to gather."""

    within: str | None = None
    """The code of the division around them; None for the whole register."""
    level: str | None = None
    """The level whose divisions they are; the lowest with boundaries by default."""
    split: tuple[str, ...] = ()
    """Codes of units that give way to the divisions right below them."""
    apart: tuple[str, ...] = ()
    """Codes of divisions that are taken out of the unit around them; the rest of it stays one unit."""
    bridges: tuple[tuple[str, str], ...] = ()
    """Pairs of units that count as neighbours though they share no boundary."""


def find_ground(session: Session, register: RegisterState, day: date, wish: UnitWish) -> PlanGround:
    """Find the units of a level inside a division, or else the lowest divisions with a boundary in it.

    Raises Infeasible when there are no units, and InvalidValue when one that is to be split is none of them or has
    nothing below it, or when one that is to stand apart lies in no unit.
    """
    within, unit_level = wish.within, wish.level
    around = get_coded(session, register, within, day=day) if within is not None else None
    level = register.pack.level(unit_level).key if unit_level is not None else None
    inside = _list_inside(session, register, around.id if around else None, day)
    chosen = [one for one in inside if one.level == level] if level else _keep_lowest(inside)
    if not chosen:
        raise Infeasible(reason=because("no_units", unit_level=level or "-"))
    for code in wish.split:
        chosen = _split_unit(chosen, inside, code)
    groups: dict[int, str] = {}
    for code in wish.apart:
        chosen = _set_apart(chosen, inside, code, groups)
    ground = gather_ground(session, register, day, around=around, units=chosen)
    return replace(ground, groups={one.code: groups[one.id] for one in ground.units if one.id in groups})


def gather_ground(
    session: Session, register: RegisterState, day: date, *, around: Division | None, units: Sequence[Division]
) -> PlanGround:
    """Give units their people and boundaries, sorted by code."""
    chosen = sorted(units, key=lambda division: (division.code, division.id))
    people = count_people(session, register, day)
    counted = tuple(replace(unit, people=people.get(unit.id)) for unit in chosen)
    levels = tuple(one for one in register.pack.level_keys if one in {unit.level for unit in counted})
    grounds = load_grounds(session, counted, day)
    return PlanGround(day, around, levels, counted, grounds)


def _split_unit(chosen: Sequence[Division], inside: Sequence[Division], code: str) -> list[Division]:
    parts = [one for one in chosen if one.code == code]
    if len(parts) != 1:
        raise InvalidValue(field="split", value=code, reason=because("split_no_unit"))
    below = [one for one in inside if one.parent_id == parts[0].id]
    if not below:
        raise InvalidValue(field="split", value=code, reason=because("split_nothing_below"))
    return [*(one for one in chosen if one.id != parts[0].id), *below]


def _set_apart(
    chosen: Sequence[Division], inside: Sequence[Division], code: str, groups: dict[int, str]
) -> list[Division]:
    """Take a division out of the unit around it; what else stands in that unit keeps together, as `groups` says."""
    known, own = {one.id: one for one in inside}, {one.id for one in chosen}
    found = [one for one in inside if one.code == code]
    if len(found) != 1:
        raise InvalidValue(field="except", value=code, reason=because("plan_code_unknown"))
    path = [found[0]]
    while path[-1].id not in own:
        parent = known.get(path[-1].parent_id or 0)
        if parent is None or len(path) > len(known):
            raise InvalidValue(field="except", value=code, reason=because("apart_in_no_unit"))
        path.append(parent)
    name, kept = groups.pop(path[-1].id, path[-1].code), [one for one in chosen if one.id != path[-1].id]
    for step in path[1:]:
        rest = [one for one in inside if one.parent_id == step.id and one not in path]
        groups.update({one.id: name for one in rest})
        kept += rest
    return [*kept, found[0]]


def list_units(session: Session, register: RegisterState, day: date, *, ids: Sequence[int]) -> list[Division]:
    """List divisions by id as they stand on `day`, sorted by code."""
    rows = session.execute(select_divisions(register, day).where(Standing.division_id == func.any(list(ids))))
    return sorted((to_division(row) for row in rows), key=lambda division: (division.code, division.id))


def _list_inside(session: Session, register: RegisterState, around: int | None, day: date) -> list[Division]:
    """List the divisions with a boundary in a division, itself included, or in the whole register."""
    ground = aliased(Boundary)
    bounded = select(ground.division_id).where(holds_on(ground, day))
    statement = select_divisions(register, day).where(Standing.division_id.in_(bounded))
    if around is not None:
        statement = statement.where(Standing.division_id.in_(select_below(around, day)))
    found = (to_division(row) for row in session.execute(statement))
    return sorted(found, key=lambda division: (division.code, division.id))


def select_below(around: int, day: date) -> Select[Any]:
    """Select a division and all that stand under it, at any depth."""
    below = select(Standing.division_id).where(Standing.division_id == around, holds_on(Standing, day))
    steps = below.cte("inside", recursive=True)
    lower = aliased(Standing)
    children = select(lower.division_id).where(lower.parent_id == steps.c.division_id, holds_on(lower, day))
    return select(steps.union(children).c.division_id)


def _keep_lowest(divisions: Sequence[Division]) -> list[Division]:
    parents = {division.parent_id for division in divisions}
    return [division for division in divisions if division.id not in parents]


def load_grounds(session: Session, units: Sequence[Division], day: date) -> tuple[MultiPolygon, ...]:
    """Load the boundary of each unit as it was on `day`."""
    ids = [unit.id for unit in units]
    rows = session.execute(
        select(Boundary.division_id, Boundary.geom).where(
            Boundary.division_id == func.any(ids), holds_on(Boundary, day)
        )
    )
    grounds = {division: MultiPolygon(shapely.get_parts(to_shape(geom)).tolist()) for division, geom in rows}
    for unit in units:
        if unit.id not in grounds:
            raise InvalidValue(field="unit", value=unit.code, reason=because("unit_without_boundary", day=day))
    return tuple(grounds[division] for division in ids)
