"""Find what needs no neighbour to be seen: the same ground twice, detached parts, keys used twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import shapely

from geo.coverage.edges import Floats, Shapes

OwnerSet = tuple[int, ...]
"""Sorted polygon rows."""


def find_twins(overlaps: Mapping[OwnerSet, float], areas: Floats) -> set[OwnerSet]:
    """Find the owner sets whose members all hold the same ground, from the area of each set's overlap."""
    shared: Counter[tuple[int, int]] = Counter()
    for owners, area in sorted(overlaps.items()):
        for pair in combinations(owners, 2):
            shared[pair] += area  # type: ignore[assignment]
    same = {pair for pair, area in shared.items() if all(abs(areas[row] - area) <= 1e-9 * area for row in pair)}
    return {owners for owners in overlaps if all(pair in same for pair in combinations(owners, 2))}


def list_detached(polygons: Shapes) -> Iterable[tuple[int, shapely.Polygon]]:
    """List every part of a multipolygon but its largest, with the polygon's row."""
    # Ties are broken by position, so that the same part is always the one that stays.
    for row in np.flatnonzero(shapely.get_num_geometries(polygons) > 1).tolist():
        parts = sorted(shapely.get_parts(polygons[row]), key=lambda part: (-part.area, part.bounds))
        for part in parts[1:]:
            yield row, part


def list_clashes(keys: Sequence[str]) -> list[str]:
    """List the keys that more than one row has, in order."""
    return sorted(key for key, count in Counter(keys).items() if count > 1)
