"""Answer from memory where somebody is and may vote: one version of a register, its coverages and its stations.

It answers as `find_branch` does for a point and today, or not at all; whoever asks turns to the store then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite

import numpy as np

from geo.coverage.edges import Floats
from geo.elections.distances import find_nearest
from geo.elections.stations import Sex, Visibility
from geo.locate import Stack
from geo.locate.grid import UNSURE
from geo.register.divisions import Division
from services.elections.answers import Basis, BranchAnswer, ChainLink, ConstituencyLine, Origin, StationLine
from services.elections.chains import follow_chain
from services.elections.closures import MOST_CLOSED, Status, reach_open
from services.lookups import sort_divisions
from services.queries import RegisterState

Ids = tuple[int, ...]
Lines = Mapping[int, StationLine]
Text = tuple[bytes, bytes]
"""What is written before and after the part that differs from answer to answer."""
Ranked = tuple[StationLine, float | None]
"""A station with its distance, as far as it has a site."""


@dataclass(frozen=True)
class Ground:
    """Hold the divisions of a day that have a boundary, with the coverages of their levels."""

    stack: Stack
    """The coverages; their keys are the ids of the divisions."""
    divisions: Mapping[int, Division]
    """The divisions by id."""
    parents: Mapping[int, int | None]
    """Under which division each of the register stands, places included."""


@dataclass(frozen=True)
class Sites:
    """Hold the stations of a register as the public may see them."""

    homes: Mapping[int, int | None]
    """The division that each station lies in, by the station's id."""
    lines: Mapping[Sex, Lines]
    """What may be shown of each station, for voters of each sex; who has no branch there sees none."""
    hidden: Mapping[Sex, frozenset[int]]
    """The stations that may not be shown but would fit."""
    catchments: Mapping[int, Ids]
    """The stations whose catchment holds a division."""


@dataclass(frozen=True)
class Seats:
    """Hold the constituencies."""

    lines: Mapping[int, ConstituencyLine]
    """The constituencies by id."""
    members: Mapping[int, Ids]
    """The divisions of each."""

    def list_holding(self, divisions: Iterable[int]) -> Ids:
        """List the constituencies that hold any of some divisions."""
        wanted = set(divisions)
        return tuple(key for key, held in sorted(self.members.items()) if wanted.intersection(held))


@dataclass(frozen=True)
class Candidates:
    """Hold the stations that one voter may be sent to, before it is known which are near."""

    public: tuple[StationLine, ...]
    """Those with a site, by code."""
    lons: Floats
    """Where they are."""
    lats: Floats
    """Where they are."""
    siteless: tuple[StationLine, ...]
    """Public ones without a site, by code."""
    named: tuple[StationLine, ...]
    """Those known by name only, by code."""
    withheld: int
    """How many more may not be shown."""
    texts: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)
    """What was written of each station already, by code."""


@dataclass(frozen=True)
class Spot:
    """Hold what is the same for all who are in the same divisions."""

    chain: tuple[ChainLink, ...]
    """The divisions."""
    constituencies: tuple[ConstituencyLine, ...]
    """The constituencies that hold them."""
    basis: Basis | None
    """Why the stations were chosen."""
    basis_division: Division | None
    """The division of the chain they belong to."""
    stations: Ids
    """All of them."""
    candidates: dict[Sex, Candidates] = field(default_factory=dict, compare=False, repr=False)
    """What voters of each sex may be sent to, as far as anybody has asked."""
    texts: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)
    """What was written of this already, for each kind of reader."""


@dataclass(frozen=True)
class Found:
    """Hold an answer before it is written."""

    spot: Spot
    """Where somebody is."""
    near: tuple[tuple[StationLine, float | None], ...]
    """The nearest public stations with their distances."""
    named: tuple[StationLine, ...]
    """Those known by name only."""
    withheld: int
    """How many may not be shown."""


class Snapshot:
    """Answer for one register on one day, as it was when this was made."""

    def __init__(self, register: RegisterState, day: date, ground: Ground, sites: Sites, seats: Seats) -> None:
        self.register, self.day = register, day
        self.ground, self.sites, self.seats = ground, sites, seats
        self._below = _gather_below(ground.parents, sites.homes)
        self._spots: dict[tuple[int, ...], Spot] = {}

    def warm_up(self) -> None:
        """Have the code compiled that looks points up, so that nobody waits for it."""
        self.ground.stack.find_rows(0.0, 0.0)
        find_nearest(0.0, 0.0, np.zeros(2), np.zeros(2), count=1)

    def find(self, lon: float, lat: float, *, count: int, sex: Sex) -> Found | None:
        """Find the divisions and nearest stations of a point; None where the store must be asked."""
        spot = self._find_spot(lon, lat)
        if spot is None:
            return None
        if sex not in spot.candidates:
            spot.candidates[sex] = self._list_candidates(spot, sex)
        choice = spot.candidates[sex]
        near = _rank(choice, lon, lat, count)
        if (choice.siteless and len(near) < count) or any(line.status != Status.OPEN for line, _ in near):
            siteless = [(line, None) for line in choice.siteless]
            near = [*_rank(choice, lon, lat, MOST_CLOSED + count), *siteless]
            near = near[: reach_open([line.status for line, _ in near], count)]
        near.sort(key=lambda one: (one[1] or 0.0, one[0].code))
        return Found(spot, tuple(near), choice.named[:count], choice.withheld)

    def answer(self, lon: float, lat: float, *, count: int, sex: Sex) -> BranchAnswer | None:
        """Answer as `find_branch` does; None where the store must be asked."""
        found = self.find(lon, lat, count=count, sex=sex)
        if found is None:
            return None
        near = tuple(replace(line, distance_m=distance) for line, distance in found.near)
        origin = Origin.POINT if any(line.distance_m is not None for line in near) else None
        whole = self.describe(found.spot, withheld=found.withheld)
        return replace(whole, origin=origin, stations=(*near, *found.named))

    def describe(self, spot: Spot, *, withheld: int) -> BranchAnswer:
        """Say all of an answer but its stations."""
        return BranchAnswer(
            self.register.name,
            self.day,
            chain=spot.chain,
            constituencies=spot.constituencies,
            basis=spot.basis,
            basis_division=spot.basis_division,
            withheld=withheld,
        )

    def _find_spot(self, lon: float, lat: float) -> Spot | None:
        if not (isfinite(lon) and isfinite(lat)):
            return None
        rows = self.ground.stack.find_rows(lon, lat)
        if rows in self._spots:
            return self._spots[rows]
        covering = {int(key): inside for key, inside in self.ground.stack.list_covering(lon, lat)}
        if not covering:
            return None
        ordered = sort_divisions(self.register, [self.ground.divisions[key] for key in covering])
        spot = self._make_spot(follow_chain(self.register, [(one, covering[one.id]) for one in ordered]))
        # on an edge the same rows may mean other neighbours elsewhere
        if UNSURE not in rows:
            self._spots[rows] = spot
        return spot

    def _make_spot(self, chain: tuple[ChainLink, ...]) -> Spot:
        ids = [link.division.id for link in reversed(chain)]
        seats = self.seats.list_holding(ids)
        lines = sorted({self.seats.lines[key] for key in seats}, key=lambda line: (line.body, line.code))
        basis, division, stations = self._choose(ids, seats)
        named = next((link.division for link in chain if link.division.id == division), None)
        return Spot(chain, tuple(lines), basis, named, stations)

    def _choose(self, ids: Sequence[int], seats: Ids) -> tuple[Basis | None, int | None, Ids]:
        """Choose the stations by the first rule that gives any, as the store does."""
        for division in ids:
            if self.sites.catchments.get(division):
                return Basis.CATCHMENT, division, self.sites.catchments[division]
        held = {one for seat in seats for member in self.seats.members[seat] for one in self._below.get(member, ())}
        if held:
            return Basis.CONSTITUENCY, None, tuple(sorted(held))
        for division in ids:
            if self._below.get(division):
                return Basis.DIVISION, division, self._below[division]
        return None, None, ()

    def _list_candidates(self, spot: Spot, sex: Sex) -> Candidates:
        known, hidden = self.sites.lines[sex], self.sites.hidden[sex]
        lines = sorted((known[one] for one in spot.stations if one in known), key=lambda line: line.code)
        shown = [line for line in lines if line.visibility is Visibility.PUBLIC]
        public = tuple(line for line in shown if line.lon is not None and line.lat is not None)
        lons, lats = (np.array([getattr(line, name) for line in public], dtype=float) for name in ("lon", "lat"))
        siteless = tuple(line for line in shown if line.lon is None or line.lat is None)
        named = tuple(line for line in lines if line.visibility is not Visibility.PUBLIC)
        return Candidates(public, lons, lats, siteless, named, sum(one in hidden for one in spot.stations))


def _rank(choice: Candidates, lon: float, lat: float, count: int) -> list[Ranked]:
    """Rank the nearest stations by distance, then by code, in whose order they lie."""
    rows, metres = find_nearest(lon, lat, choice.lons, choice.lats, count=count)
    near = sorted(zip(metres.tolist(), rows.tolist(), strict=True))[:count]
    return [(choice.public[row], round(distance, 1)) for distance, row in near]


def _gather_below(parents: Mapping[int, int | None], homes: Mapping[int, int | None]) -> dict[int, Ids]:
    """Gather for each division the stations that stand in it or anything below it."""
    below: dict[int, set[int]] = {}
    for station, home in homes.items():
        seen: set[int] = set()
        while home is not None and home not in seen and home in parents:
            seen.add(home)
            below.setdefault(home, set()).add(station)
            home = parents[home]
    return {division: tuple(sorted(stations)) for division, stations in below.items()}
