"""Check where stations stand: in the division their code says, in none, in several, and which divisions have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.elections.stations import Station
from geo.register.problems import Problem


@dataclass(frozen=True)
class Stray:
    """Hold a station that stands outside the division of its code."""

    station: str
    """The station, by code."""
    coded: int
    """The division its code says."""
    found: tuple[int, ...]
    """The divisions it stands in: none, one, or several where they overlap or it stands on their border."""


@dataclass(frozen=True)
class LevelCheck:
    """Hold how the stations stand to the divisions of one level."""

    level: str
    """The level."""
    coded: int
    """How many stations have a position and a code of a division of this level with a boundary, or below it."""
    inside: int
    """How many of those stand in it, its border included."""
    strays: tuple[Stray, ...]
    """Those that do not, by code."""
    nowhere: tuple[str, ...]
    """The stations with a position that stand in no division of the level."""
    several: tuple[str, ...]
    """The stations that stand in several."""
    without: tuple[int, ...]
    """The divisions of the level in which no station stands and to which none is coded."""

    @property
    def share(self) -> float | None:
        """Give the share that stands where its code says; None when nothing can be compared."""
        return self.inside / self.coded if self.coded else None


def check_level(
    level: str, stations: Sequence[Station], coded: Mapping[str, int], boundaries: Mapping[int, BaseGeometry]
) -> LevelCheck:
    """Check stations against the divisions of one level; `coded` gives for a station its division of that level."""
    placed = [station for station in stations if not station.point.is_empty]
    found = _find_divisions(placed, boundaries)
    told = [station for station in placed if coded.get(station.code) in boundaries]
    strays = [
        Stray(station.code, coded[station.code], found[station.code])
        for station in told
        if coded[station.code] not in found[station.code]
    ]
    used = {key for keys in found.values() for key in keys} | set(coded.values())
    return LevelCheck(
        level=level,
        coded=len(told),
        inside=len(told) - len(strays),
        strays=tuple(sorted(strays, key=lambda stray: stray.station)),
        nowhere=tuple(sorted(code for code, keys in found.items() if not keys)),
        several=tuple(sorted(code for code, keys in found.items() if len(keys) > 1)),
        without=tuple(sorted(boundaries.keys() - used)),
    )


def _find_divisions(stations: Sequence[Station], boundaries: Mapping[int, BaseGeometry]) -> dict[str, tuple[int, ...]]:
    """Find the divisions that cover each station, edges included."""
    found: dict[str, list[int]] = {station.code: [] for station in stations}
    keys = sorted(boundaries)
    tree = shapely.STRtree([boundaries[key] for key in keys])
    points = np.array([station.point for station in stations], dtype=object)
    for station, row in zip(*tree.query(points, predicate="intersects").tolist(), strict=True) if keys else ():
        found[stations[station].code].append(keys[row])
    return {code: tuple(sorted(held)) for code, held in found.items()}


def list_shared_sites(stations: Sequence[Station]) -> tuple[tuple[str, ...], ...]:
    """List the stations that share one point, together."""
    sites: dict[tuple[float, float], list[str]] = {}
    for station in stations:
        if not station.point.is_empty:
            sites.setdefault((station.point.x, station.point.y), []).append(station.code)
    return tuple(sorted(tuple(sorted(codes)) for codes in sites.values() if len(codes) > 1))


def list_crowded(stations: Sequence[Station], most: int) -> tuple[str, ...]:
    """List the stations with more branches than a site may have."""
    return tuple(sorted(station.code for station in stations if len(station.branches) > most))


def count_rules(problems: Sequence[Problem]) -> dict[str, int]:
    """Count problems by the rule they break."""
    return dict(sorted(Counter(problem.rule for problem in problems).items()))
