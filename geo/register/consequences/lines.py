"""Measure the boundaries between divisions before and after a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.measures import GEOD
from geo.register.consequences.turns import Levels, Shift, States, Turn

Pair = tuple[int, int]
"""Two divisions, the smaller key first and new ones last."""

NOTHING = shapely.MultiLineString()
"""A boundary that is not there."""

LEAST_M = 0.1
"""Shorter stretches are no more than the rounding of lengths."""


@dataclass(frozen=True)
class LineChange:
    """Hold how the boundary between two divisions changes."""

    before_m: float
    """Its length before, 0 where there was none."""
    after_m: float
    """Its length afterwards, 0 where there is none."""
    kept_m: float
    """The length of what stays as it was."""


def measure_lines(turn: Turn, shifts: tuple[Shift, ...]) -> dict[Pair, LineChange]:
    """Measure the boundaries between divisions that are not where they were, by pair."""
    found: dict[Pair, LineChange] = {}
    for levels in dict.fromkeys(shift.levels for shift in shifts if shift.ground is not None):
        sides = (side for shift in shifts if shift.levels == levels for side in (shift.source, shift.target))
        moved = {side for side in sides if side is not None}
        before = _list_shared(turn.before, levels, moved)
        after = _list_shared(turn.after, levels, moved)
        for pair in sorted(before.keys() | after.keys()):
            change = _compare(before.get(pair, NOTHING), after.get(pair, NOTHING))
            if max(change.before_m, change.after_m) - change.kept_m >= LEAST_M:
                found[pair] = change
    return found


def _compare(before: BaseGeometry, after: BaseGeometry) -> LineChange:
    kept = _keep_lines(shapely.intersection(before, after))
    return LineChange(_measure(before), _measure(after), _measure(kept))


def _list_shared(states: States, levels: Levels, moved: set[int]) -> dict[Pair, BaseGeometry]:
    """List the lines that some divisions share with each other and with their neighbours."""
    grounds = {key: state.boundary for key, state in sorted(states.items()) if state.level in levels}
    drawn: Mapping[int, BaseGeometry] = {key: ground for key, ground in grounds.items() if ground is not None}
    keys, grid = list(drawn), shapely.STRtree(list(drawn.values()))
    found: dict[Pair, BaseGeometry] = {}
    for key in sorted(moved & drawn.keys()):
        for place in sorted(grid.query(drawn[key], "intersects").tolist()):
            pair = _order(key, keys[place])
            if keys[place] != key and pair not in found:
                edges = shapely.boundary(drawn[pair[0]]), shapely.boundary(drawn[pair[1]])
                found[pair] = _keep_lines(shapely.intersection(*edges))
    return {pair: line for pair, line in found.items() if not line.is_empty}


def _order(one: int, other: int) -> Pair:
    first, second = sorted((one, other), key=lambda key: (key < 0, abs(key)))
    return first, second


def _keep_lines(geometry: BaseGeometry) -> BaseGeometry:
    """Keep the lines of a geometry, not the points in which others touch."""
    lines = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString" and not part.is_empty]
    return shapely.MultiLineString(lines)


def _measure(line: BaseGeometry) -> float:
    return round(float(GEOD.geometry_length(line)), 1)
