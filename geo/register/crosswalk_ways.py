"""Make crosswalks: from the ground two sets share, from the units they are made of, or from lineage alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import measure_many
from geo.errors import InvalidValue, because
from geo.register.crosswalks import CLOSE, Crosswalk, make_crosswalk


@dataclass(frozen=True)
class GroundSet:
    """Hold the ground of a set of divisions."""

    codes: Sequence[str]
    """Their codes, each once."""
    shapes: NDArray[np.object_]
    """Their polygons, EPSG:4326, in the same order."""


@dataclass(frozen=True)
class Unit:
    """Hold a piece that is never cut: a place, or a division with people."""

    source: str | None
    """The source it lies in; None when in none."""
    target: str | None
    """The target it lies in; None when in none."""
    weight: float
    """Its people, or 1 where places are counted."""


@dataclass(frozen=True)
class Descent:
    """Say that some divisions went into others."""

    predecessors: tuple[str, ...]
    """Those that were."""
    successors: tuple[str, ...]
    """Those that came of them; a predecessor that stayed is among them."""


def cross_areas(sources: GroundSet, targets: GroundSet) -> Crosswalk:
    """Weigh by the ground that sources and targets share, in square metres on the ellipsoid.

    Examples
    --------
    >>> west = GroundSet(["W"], np.array([shapely.box(0, 0, 2, 1)]))
    >>> halves = GroundSet(["A", "B"], np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    >>> crosswalk = cross_areas(west, halves)
    >>> [(cell.target, round(crosswalk.share(cell), 6)) for cell in crosswalk.cells]
    [('A', 0.5), ('B', 0.5)]
    """
    for grounds in (sources, targets):
        _check_grounds(grounds)
    own, other = measure_many(sources.shapes), measure_many(targets.shapes)
    left, right, shared = measure_shared(sources.shapes, targets.shapes)
    # neighbours touch along lines that rounding makes into slivers
    real = shared > CLOSE * np.minimum(own[left], other[right])
    found = zip(left[real].tolist(), right[real].tolist(), shared[real].tolist(), strict=True)
    cells = [(sources.codes[one], targets.codes[two], area) for one, two, area in found]
    sizes = (
        dict(zip(grounds.codes, area.tolist(), strict=True)) for grounds, area in ((sources, own), (targets, other))
    )
    return make_crosswalk(cells, *sizes)


def _check_grounds(grounds: GroundSet) -> None:
    """Refuse codes that stand twice and shapes that cannot be measured."""
    twice = sorted(code for code, count in Counter(grounds.codes).items() if count > 1)
    if twice:
        raise InvalidValue(field="code", value=twice[:5], reason=because("crosswalk_twice"))
    bad = np.flatnonzero(~shapely.is_valid(grounds.shapes) | ~np.isin(shapely.get_type_id(grounds.shapes), (3, 6)))
    if len(bad):
        codes = [grounds.codes[index] for index in bad[:5].tolist()]
        raise InvalidValue(field="geometry", value=codes, reason=because("crosswalk_ground"))


def measure_shared(
    left: NDArray[np.object_], right: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Measure the ground that each pair of polygons shares, in square metres: places on the left, the right, area."""
    one, two = shapely.STRtree(right).query(left, predicate="intersects")
    order = np.lexsort((two, one))
    one, two = one[order], two[order]
    shared = np.array(left[one])
    cut = ~_holds(right, two, left[one])
    around = cut & _holds(left, one, right[two])
    shared[around] = right[two[around]]
    cut &= ~around
    shared[cut] = shapely.intersection(left[one[cut]], right[two[cut]])
    return one, two, measure_many(shared)


def _holds(outer: NDArray[np.object_], places: NDArray[np.intp], inner: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which pairs have the one polygon in the middle of the other, so that nothing needs to be cut."""
    shapely.prepare(outer)
    return np.asarray(shapely.contains_properly(outer[places], inner))


def cross_units(units: Iterable[Unit], sources: Iterable[str] = (), targets: Iterable[str] = ()) -> Crosswalk:
    """Weigh by units; one that lies in no target is remainder of its source.

    Examples
    --------
    >>> cross_units([Unit("X", "A", 30), Unit("X", None, 10)]).unmatched
    {'X': 0.25}
    """
    cells: list[tuple[str, str, float]] = []
    own, other = dict.fromkeys(sources, 0.0), dict.fromkeys(targets, 0.0)
    for unit in units:
        for sizes, code in ((own, unit.source), (other, unit.target)):
            if code is not None:
                sizes[code] = sizes.get(code, 0.0) + unit.weight
        if unit.source is not None and unit.target is not None:
            cells.append((unit.source, unit.target, unit.weight))
    return make_crosswalk(cells, own, other)


def cross_lineage(
    sources: Mapping[str, float], targets: Mapping[str, float | None], descents: Sequence[Descent]
) -> Crosswalk:
    """Weigh by lineage, for divisions without boundaries: successors share by their sizes, else alike.

    `descents` come in the order of their dates; what descends into nothing that stands in the end is remainder.

    Examples
    --------
    >>> split = Descent(("X",), ("X", "Y"))
    >>> cross_lineage({"X": 8.0}, {"X": 30.0, "Y": 10.0}, [split]).cells
    (Cell(source='X', target='X', weight=6.0), Cell(source='X', target='Y', weight=2.0))
    """
    held = {source: {source: size} for source, size in sources.items()}
    for descent, shares in zip(descents, _list_shares(targets, descents), strict=True):
        for source, parts in held.items():
            held[source] = _pass_on(parts, set(descent.predecessors), shares)
    cells = [
        (source, heir, weight) for source, parts in held.items() for heir, weight in parts.items() if heir in targets
    ]
    return make_crosswalk(cells, sources, dict.fromkeys(targets, 0.0))


def _list_shares(targets: Mapping[str, float | None], descents: Sequence[Descent]) -> list[dict[str, float]]:
    """Give the shares of the successors of each descent, by their sizes right after it.

    Sizes are known in the end only. Going back in time, what went out of a division was in it before.
    """
    sizes, shares = dict(targets), []
    for descent in reversed(descents):
        shares.append(_share_descent(descent, sizes))
        whole = [sizes.get(heir) for heir in sorted(set(descent.successors))]
        size = fsum(part for part in whole if part) if all(whole) else None
        for gone in descent.predecessors:
            sizes[gone] = size / len(descent.predecessors) if size else None
    return shares[::-1]


def _share_descent(descent: Descent, sizes: Mapping[str, float | None]) -> dict[str, float]:
    """Give the share of each successor; a size that is not known makes all of them alike."""
    heirs = {heir: sizes.get(heir) for heir in sorted(set(descent.successors))}
    known = [size for size in heirs.values() if size]
    if len(known) < len(heirs):
        return {heir: 1 / len(heirs) for heir in heirs}
    return {heir: size / fsum(known) for heir, size in heirs.items() if size}


def _pass_on(parts: Mapping[str, float], gone: set[str], shares: Mapping[str, float]) -> dict[str, float]:
    passed = {heir: weight for heir, weight in parts.items() if heir not in gone}
    moved = sum(weight for heir, weight in sorted(parts.items()) if heir in gone)
    for heir, share in shares.items() if moved else ():
        passed[heir] = passed.get(heir, 0.0) + moved * share
    return passed
