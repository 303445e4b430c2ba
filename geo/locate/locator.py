"""Locate points in one published coverage, one or many millions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coverage.edges import Boundaries, Flags, Floats
from geo.errors import InvalidValue, because
from geo.locate.grid import MOST_CELLS, UNSURE
from geo.locate.index import Index, build_index
from geo.locate.intake import order_keys, take_polygons
from geo.locate.lookup import BESIDE, INSIDE, ON_BOUNDARY, SHARED, cast_west, find_rows, settle_rows
from geo.locate.segments import NOBODY, Rows, cut_segments

Texts = tuple[str, ...]
Parents = Mapping[str, Sequence[str | None]]
"""For each name of a column, such as a level, what it holds for each division."""


@dataclass(frozen=True)
class Locations:
    """Hold where many points lie."""

    rows: Rows
    """For each point the row of its division in `Locator.keys`; -1 where nobody's ground is."""
    on_boundary: Flags
    """Whether the point lies on an edge or vertex; the division is then the one with the smallest key."""
    is_overlap: Flags
    """Whether the point lies inside of one division and also in, or on the edge of, another."""


@dataclass(frozen=True)
class Place:
    """Say where one point lies."""

    candidates: Texts
    """The keys of all divisions that cover the point, edges included, sorted; the first is the answer."""
    on_boundary: bool
    """Whether it lies on an edge or vertex of one of them."""
    inside: Texts = ()
    """Those of them that it lies inside of, and not on their edge."""

    @property
    def key(self) -> str | None:
        """Give the smallest key; None on nobody's ground."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True)
class Locator:
    """Answer for one coverage in which division a point lies, exactly."""

    keys: Texts
    """The keys of the divisions, sorted."""
    parents: Mapping[str, tuple[str | None, ...]]
    """By name of a column, such as a level, what it holds for each key."""
    index: Index = field(repr=False)
    """The grid and the segments."""
    source: str = ""
    """What the coverage was read from, in words of whoever built it."""

    def locate(self, x: ArrayLike, y: ArrayLike) -> Locations:
        """Locate points by longitude and latitude; what is no number lies nowhere."""
        x, y = _to_floats(x), _to_floats(y)
        if x.shape != y.shape:
            raise InvalidValue(field="x, y", value=f"{x.size}, {y.size}", reason=because("locate_lengths"))
        rows = np.empty(x.size, dtype=np.int32)
        on_boundary, is_overlap = np.zeros((2, x.size), dtype=np.bool_)
        if find_rows(x, y, self.index, rows):
            unsure = np.flatnonzero(rows == UNSURE)
            marks = np.zeros(len(self.keys), dtype=np.uint8)
            rows[unsure], how = settle_rows(_to_floats(x[unsure]), _to_floats(y[unsure]), self.index, marks)
            on_boundary[unsure], is_overlap[unsure] = how & ON_BOUNDARY, how & SHARED
        return Locations(rows, on_boundary, is_overlap)

    def find_place(self, x: float, y: float) -> Place:
        """Find every division that covers one point."""
        marks = np.zeros(len(self.keys), dtype=np.uint8)
        touched = np.empty(len(self.keys), dtype=np.int32)
        count = cast_west(float(x), float(y), self.index, (marks, touched))
        rows = np.sort(touched[:count])
        covering = rows[(marks[rows] & (INSIDE | BESIDE)) > 0]
        is_beside = (marks[covering] & BESIDE) > 0
        keys, inside = ([self.keys[row] for row in some.tolist()] for some in (covering, covering[~is_beside]))
        return Place(tuple(keys), bool(is_beside.any()), tuple(inside))

    def list_candidates(self, x: float, y: float) -> Texts:
        """List the keys of all divisions that cover a point, edges included, the smallest first."""
        return self.find_place(x, y).candidates

    def list_keys(self, rows: Rows) -> NDArray[np.object_]:
        """Give the key of each row, None where nobody's ground is."""
        return _pick(self.keys, rows)

    def list_parents(self, rows: Rows) -> dict[str, NDArray[np.object_]]:
        """Give all levels of the chain for each row at once, by name."""
        return {name: _pick(texts, rows) for name, texts in self.parents.items()}


def build_locator(
    boundaries: Boundaries, keys: Sequence[str], *, parents: Parents | None = None, most_cells: int = MOST_CELLS
) -> Locator:
    """Build the index of a coverage in EPSG:4326, dirty or clean.

    Where divisions overlap the smallest key wins; gaps are nobody's. Raises InvalidGeometry for what is not a valid
    polygon on the globe, and InvalidValue for keys that are missing or used twice.

    >>> from shapely import box
    >>> locator = build_locator([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["0002", "0001"])
    >>> locator.list_candidates(1.0, 0.5)
    ('0001', '0002')
    """
    order = order_keys(keys)
    polygons = take_polygons(boundaries, keys)[order]
    named = {name: tuple(texts[row] or None for row in order) for name, texts in (parents or {}).items()}
    return Locator(tuple(keys[row] for row in order), named, build_index(cut_segments(polygons), most_cells=most_cells))


def _to_floats(values: ArrayLike) -> Floats:
    floats = np.ascontiguousarray(values, dtype=np.float64).reshape(-1).view()
    # Code is compiled once, for arrays that nobody writes to.
    floats.flags.writeable = False
    return floats


def _pick(texts: Sequence[str | None], rows: Rows) -> NDArray[np.object_]:
    known = np.array([*texts, None], dtype=object)
    # The last, which stands for -1, is nobody's.
    return np.asarray(known[np.where(rows == NOBODY, len(texts), rows)])
