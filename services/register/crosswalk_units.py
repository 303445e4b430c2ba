"""Weigh two sides of a crosswalk by what is never cut: places and divisions with people, or lineage alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.crosswalk_ways import Unit, cross_lineage, cross_units
from geo.register.crosswalks import Crosswalk
from services.queries import RegisterState, holds_on, load_boundaries
from services.register.crosswalk_sides import (
    FileSide,
    RegisterSide,
    Side,
    Tree,
    load_areas,
    load_codes,
    load_descents,
    load_figures,
    load_tree,
    read_ground,
)
from services.tables.register import Division as Record
from services.tables.register import Position, Standing


@dataclass(frozen=True)
class _Whole:
    """Hold which division of a side each unit lies in, with a share where it lies in several."""

    holders: Mapping[int, Mapping[str, float]]
    """The shares by code, for each unit that lies in some."""
    codes: tuple[str, ...]
    """All codes of the side."""


def weigh_people(session: Session, register: RegisterState, source: RegisterSide, target: Side) -> Crosswalk:
    """Weigh by the people of the smallest divisions that were counted."""
    tree = load_tree(session, register, source.day)
    figures = load_figures(session, register)
    counted = {unit: float(figures[unit]) for unit in _find_smallest(tree, figures)}
    return _weigh(session, register, (source, target), weights=counted)


def weigh_places(session: Session, register: RegisterState, source: RegisterSide, target: Side) -> Crosswalk:
    """Weigh by the number of places, each of which counts one."""
    tree = load_tree(session, register, source.day)
    places = {level.key for level in register.pack.levels if level.is_place}
    counted = {unit: 1.0 for unit, level in sorted(tree.levels.items()) if level in places}
    return _weigh(session, register, (source, target), weights=counted)


def weigh_lineage(session: Session, register: RegisterState, source: RegisterSide, target: RegisterSide) -> Crosswalk:
    """Weigh by lineage alone: successors share by their ground, or else alike."""
    ours, theirs = (load_codes(session, register, side) for side in (source, target))
    areas = load_areas(session, register, target)
    drawn = cross_lineage(
        {str(division): 1.0 for division in sorted(ours)},
        {str(division): areas.get(division) for division in sorted(theirs)},
        load_descents(session, register, source.day, target.day),
    )
    cells = [Unit(ours[int(one)], theirs[int(other)], weight) for one, other, weight in drawn.cells]
    left = [Unit(ours[int(one)], None, drawn.remainder(one)) for one in drawn.sources]
    return cross_units([*cells, *left], sorted(ours.values()), sorted(theirs.values()))


def _find_smallest(tree: Tree, figures: Mapping[int, int]) -> list[int]:
    """Find the divisions with a count below which nothing was counted."""
    above: set[int] = set()
    for division in figures:
        parent = tree.parents.get(division)
        while parent is not None and parent not in above:
            above.add(parent)
            parent = tree.parents.get(parent)
    return [division for division in sorted(figures) if division in tree.levels and division not in above]


def _weigh(
    session: Session, register: RegisterState, sides: tuple[RegisterSide, Side], *, weights: Mapping[int, float]
) -> Crosswalk:
    source, target = sides
    ours = _hold_standing(session, register, source, units=weights)
    if isinstance(target, FileSide):
        theirs = _hold_ground(session, register, target, units=weights, source=source)
    else:
        theirs = _hold_heirs(session, register, (source, target), units=weights)
    return cross_units(_pair(ours, theirs, weights), ours.codes, theirs.codes)


def _pair(ours: _Whole, theirs: _Whole, weights: Mapping[int, float]) -> Iterator[Unit]:
    for unit, weight in sorted(weights.items()):
        own = next(iter(ours.holders.get(unit, {})), None)
        heirs = theirs.holders.get(unit, {})
        for code, share in heirs.items():
            yield Unit(own, code, weight * share)
        yield Unit(own, None, weight * max(1 - sum(heirs.values()), 0.0))


def _hold_standing(session: Session, register: RegisterState, side: RegisterSide, *, units: Iterable[int]) -> _Whole:
    codes, tree = load_codes(session, register, side), load_tree(session, register, side.day)
    holders = {unit: tree.climb(unit, side.level) for unit in units}
    found = {unit: {codes[holder]: 1.0} for unit, holder in holders.items() if holder in codes}
    return _Whole(found, tuple(sorted(codes.values())))


def _hold_heirs(
    session: Session, register: RegisterState, sides: tuple[RegisterSide, RegisterSide], *, units: Iterable[int]
) -> _Whole:
    """Find where units lie on the other day; what is no part of a source is looked for in what it went into."""
    source, target = sides
    codes, tree = load_codes(session, register, target), load_tree(session, register, target.day)
    before, areas = load_tree(session, register, source.day), load_areas(session, register, target)
    kept = [unit for unit in units if unit in tree.levels and before.levels[unit] != source.level]
    direct = _hold_standing(session, register, target, units=kept)
    lost = dict.fromkeys(map(str, sorted(set(units) - set(kept))), 1.0)
    descents = load_descents(session, register, source.day, target.day) if lost else []
    heirs = cross_lineage(lost, {str(unit): areas.get(unit) for unit in sorted(tree.levels)}, descents)
    found = {unit: dict(shares) for unit, shares in direct.holders.items()}
    for cell in heirs.cells:
        holder = tree.climb(int(cell.target), target.level)
        if holder in codes:
            shares = found.setdefault(int(cell.source), {})
            shares[codes[holder]] = shares.get(codes[holder], 0.0) + cell.weight
    return _Whole(found, direct.codes)


def _hold_ground(
    session: Session, register: RegisterState, side: FileSide, *, units: Iterable[int], source: RegisterSide
) -> _Whole:
    """Find in which polygon of a file each unit's point lies."""
    ground = read_ground(side)
    points = _load_points(session, register, source)
    placed = [unit for unit in units if unit in points]
    found: dict[int, dict[str, float]] = {}
    pairs = shapely.STRtree(ground.shapes).query(
        np.array([points[unit] for unit in placed], dtype=object), predicate="intersects"
    )
    for one, other in sorted(pairs.T.tolist()):
        found.setdefault(placed[one], {ground.codes[other]: 1.0})
    return _Whole(found, tuple(sorted(ground.codes)))


def _load_points(session: Session, register: RegisterState, side: RegisterSide) -> dict[int, shapely.Geometry]:
    """Load a point of every division: its position, else one inside its boundary."""
    rows = session.execute(
        select(Position.division_id, func.ST_AsBinary(Position.geom))
        .join(Record, Record.id == Position.division_id)
        .where(Record.register_id == register.id, holds_on(Position, side.day))
    )
    drawn = load_boundaries(session, register, side.day, Standing.division_id.is_not(None))
    inside = {division: shapely.point_on_surface(shape) for division, shape in drawn.items()}
    return {**inside, **{division: shapely.from_wkb(bytes(wkb)) for division, wkb in rows}}
