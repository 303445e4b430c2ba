"""Find the chain of divisions, from the top to the lowest, that holds a point or stands above a division."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shapely import Point
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from geo.errors import DivisionNotFound, because
from geo.register.divisions import Division
from services.elections.answers import ChainLink, Tie
from services.lookups import list_ancestors, list_matching, sort_divisions
from services.queries import RegisterState, holds_on, select_divisions, to_division
from services.tables.register import Boundary, Standing
from services.tables.register import Division as Record

Covering = tuple[Division, bool]
"""A division that covers the point, and whether the point is in its interior."""


def climb_chain(session: Session, register: RegisterState, division: Division, *, day: date) -> tuple[ChainLink, ...]:
    """Give the chain of a known division: the divisions above it and itself."""
    return tuple(ChainLink(one) for one in list_ancestors(session, register, division, day=day))


def locate_chain(session: Session, register: RegisterState, point: Point, *, day: date) -> tuple[ChainLink, ...]:
    """Find the chain at a point: under each division the one below it that covers the point.

    Several on one step are told as a tie, which the smallest code wins. Raises DivisionNotFound outside all divisions.
    """
    covering = _list_covering(session, register, point, day)
    if not covering:
        raise DivisionNotFound(asked=_explain_outside(session, register, point, day))
    return follow_chain(register, covering)


def follow_chain(register: RegisterState, covering: list[Covering]) -> tuple[ChainLink, ...]:
    """Order what covers a point, sorted by level and code, into a chain with its ties."""
    chain: list[ChainLink] = []
    while covering:
        link, covering = _take_step(register, chain[-1].division if chain else None, covering)
        chain.append(link)
    return tuple(chain)


def _list_covering(session: Session, register: RegisterState, point: Point, day: date) -> list[Covering]:
    place, ground = to_sql(point), aliased(Boundary)
    rows = session.execute(
        select_divisions(register, day)
        .add_columns(func.ST_Contains(ground.geom, place).label("inside"))
        .join(ground, ground.division_id == Standing.division_id)
        .where(holds_on(ground, day), func.ST_Covers(ground.geom, place))
    )
    inside = {row.division_id: (to_division(row), row.inside) for row in rows}
    ordered = sort_divisions(register, [division for division, _ in inside.values()])
    return [inside[division.id] for division in ordered]


def to_sql(point: Point) -> ColumnElement[Any]:
    """Write a point as a constant, since only for a constant point indexes give the nearest."""
    return func.ST_SetSRID(func.ST_MakePoint(point.x, point.y), 4326)


def _take_step(
    register: RegisterState, above: Division | None, covering: list[Covering]
) -> tuple[ChainLink, list[Covering]]:
    """Choose the next division of the chain and give what may still follow."""
    below = [one for one in covering if above is not None and one[0].parent_id == above.id]
    fitting = below or [one for one in covering if one[0].level == covering[0][0].level]
    fitting.sort(key=lambda one: (one[0].code, one[0].id))
    chosen, *others = (division for division, _ in fitting)
    link = ChainLink(chosen, _tell_tie(fitting, misfit=above is not None and not below), tuple(others))
    rank = register.pack.level(chosen.level).rank
    used = {division.id for division, _ in fitting}
    rest = [one for one in covering if one[0].id not in used and register.pack.level(one[0].level).rank > rank]
    return link, _prefer_children(rest, chosen, others)


def _prefer_children(rest: list[Covering], chosen: Division, others: Sequence[Division]) -> list[Covering]:
    """Drop what stands anywhere under a division that lost a tie, unless nothing stands under the one that won."""
    lost = {other.id for other in others}
    for division, _ in rest:
        if division.parent_id in lost:
            lost.add(division.id)
    kept = [one for one in rest if one[0].id not in lost]
    return kept if any(one[0].parent_id == chosen.id for one in kept) else rest


def _tell_tie(fitting: list[Covering], *, misfit: bool) -> Tie | None:
    if len(fitting) > 1:
        return Tie.OVERLAP if sum(inside for _, inside in fitting) else Tie.EDGE
    return Tie.MISFIT if misfit else None


def _explain_outside(session: Session, register: RegisterState, point: Point, day: date) -> object:
    """Say that a point is outside all divisions and which of the top level is nearest, without repeating the point."""
    place = to_sql(point)
    tops = [level.key for level in register.pack.children_of(None)]
    nearest = session.execute(
        select(Boundary.division_id, func.ST_Distance(func.geography(Boundary.geom), func.geography(place)))
        .join(Standing, Standing.division_id == Boundary.division_id)
        .join(Record, Record.id == Boundary.division_id)
        .where(Record.register_id == register.id, Standing.level.in_(tops))
        .where(holds_on(Standing, day), holds_on(Boundary, day))
        .order_by(Boundary.geom.op("<->")(place), Boundary.division_id)
        .limit(1)
    ).one_or_none()
    if nearest is None:
        return because("register_without_boundaries", register=register.name)
    division = list_matching(session, register, day, Standing.division_id == nearest[0])[0]
    name = division.name_in(*register.pack.languages)
    return because("point_outside", nearest=name, code=division.code, distance_km=round(nearest[1] / 1000, 1))
