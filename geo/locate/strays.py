"""Find the places that do not lie in the division their code says, exactly and in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.coverage.edges import Boundaries, Flags, Floats, Ints, Shapes, unfold_rings
from geo.coverage.findings import Finding, FindingKind, rank_kind
from geo.coverage.intake import take_in
from geo.coverage.measures import Earth
from geo.locate.intake import GLOBE
from geo.locate.membership import ON_EDGE, OUTSIDE, locate_points


@dataclass(frozen=True)
class Places:
    """Hold places, each with the division it should lie in."""

    keys: Sequence[str]
    """The key of each place."""
    lonlat: Floats
    """Longitude and latitude of each, one row a place; not-a-number where its position is not known."""
    homes: Sequence[str | None]
    """The key of the division each should lie in; None where nothing says so."""


@dataclass(frozen=True)
class Homes:
    """Hold the divisions that places should lie in."""

    keys: Sequence[str]
    """The key of each division, none twice."""
    boundaries: Boundaries
    """The boundary of each in EPSG:4326, broken or None as it may be."""

    @cached_property
    def ground(self) -> HomeGround:
        """Give the divisions whose ground is certain."""
        taken = take_in(self.boundaries, earth=Earth())
        sure = np.flatnonzero(_is_on_globe(taken.polygons) & ~taken.mended)
        return HomeGround([str(self.keys[row]) for row in taken.row[sure].tolist()], taken.polygons[sure])


@dataclass(frozen=True)
class HomeGround:
    """Hold divisions with certain ground."""

    keys: list[str]
    """Their keys."""
    polygons: Shapes
    """Their ground."""

    def find_holders(self, lonlat: Floats) -> tuple[Ints, Ints, Flags]:
        """Pair points with the divisions that hold them, and tell which lie on the edge, by one pass over the edges."""
        spots = shapely.points(lonlat)
        point, division = shapely.STRtree(self.polygons).query(np.asarray(spots))
        if not len(point):
            return point, division, np.zeros(0, dtype=np.bool_)
        rings = unfold_rings(self.polygons)
        first = np.searchsorted(rings.owner, np.arange(len(self.polygons) + 1))
        how = locate_points(lonlat[point], division, (first, rings.start, rings.xy))
        held = how > OUTSIDE
        return point[held], division[held], how[held] == ON_EDGE


def _is_on_globe(polygons: Shapes) -> Flags:
    return np.asarray((np.abs(shapely.bounds(polygons)) <= [*GLOBE, *GLOBE]).all(axis=1))


@dataclass(frozen=True)
class PlaceCount:
    """Say how many places were found where."""

    home: int
    """In their own division, its edge included, and inside of no other."""
    elsewhere: int
    """In another division alone."""
    several: int
    """In their own division and in another, where the two overlap."""
    nowhere: int
    """On nobody's ground."""
    unknown: int
    """Without a position on the globe, without a division, or in one whose ground nobody can tell."""


@dataclass(frozen=True)
class Strays:
    """Hold the places that are not where they should be, and the count of all."""

    findings: tuple[Finding, ...]
    """One for each stray, not named yet, in the order of the places."""
    count: PlaceCount
    """How many places were found where."""


def find_strays(places: Places, homes: Homes) -> Strays:
    """Find the places outside their coded division: in another, in none, or in several at once.

    A place on the edge of its own division lies in it, and in the neighbour beyond as well: it is no stray.

    Examples
    --------
    >>> homes = Homes(["A", "B"], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> places = Places(["inside", "edge", "stray"], np.array([[0.5, 0.5], [1.0, 0.5], [0.5, 0.5]]), ["A", "B", "B"])
    >>> [finding.divisions for finding in find_strays(places, homes).findings]
    [('A', 'B', 'stray')]
    """
    search = _Search(places, homes.ground)
    findings = tuple(search.report_strays())
    words = [finding.detail["where"] for finding in findings]
    elsewhere, several, nowhere = (words.count(word) for word in ("elsewhere", "several", "nowhere"))
    home = int(search.known.sum()) - len(findings)
    return Strays(findings, PlaceCount(home, elsewhere, several, nowhere, int((~search.known).sum())))


@dataclass(frozen=True)
class _Search:
    """Hold where places were found."""

    places: Places
    ground: HomeGround

    @cached_property
    def home(self) -> Ints:
        """Give the row of the division each place should lie in; -1 where it has none."""
        row = {key: place for place, key in enumerate(self.ground.keys)}
        return np.array([-1 if key is None else row.get(str(key), -1) for key in self.places.homes], dtype=np.int64)

    @cached_property
    def known(self) -> Flags:
        """Mark the places whose position and division are both known."""
        # Not-a-number is no less than anything.
        return np.asarray((np.abs(self.places.lonlat) <= GLOBE).all(axis=1) & (self.home >= 0))

    def report_strays(self) -> Iterator[Finding]:
        """Report each place that is not in its own division, or inside of more than one."""
        rows = np.flatnonzero(self.known)
        if not len(rows):
            return
        point, division, is_edge = self.ground.find_holders(self.places.lonlat[rows])
        count = len(rows)
        at_home = np.bincount(point[division == self.home[rows][point]], minlength=count) > 0
        inside = np.bincount(point[~is_edge], minlength=count) > 0
        is_shared = inside & (np.bincount(point, minlength=count) > 1)
        for row in np.flatnonzero(~at_home | is_shared).tolist():
            holders = sorted(self.ground.keys[place] for place in division[point == row].tolist())
            yield self._report(int(rows[row]), holders)

    def _report(self, place: int, holders: Sequence[str]) -> Finding:
        point = (float(self.places.lonlat[place, 0]), float(self.places.lonlat[place, 1]))
        key, home = str(self.places.keys[place]), str(self.places.homes[place])
        where = "nowhere" if not holders else "several" if home in holders else "elsewhere"
        return Finding(
            FindingKind.STRAY_PLACE,
            rank_kind(FindingKind.STRAY_PLACE),
            tuple(sorted({key, home, *holders})),
            shapely.Point(point),
            point=point,
            detail={"where": where, "place": key, "home": home},
        )
