"""Give a defect a name that stays the same when the audit runs again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from math import hypot

import numpy as np
import shapely

from geo.coverage.edges import POLYGONAL
from geo.coverage.findings import Finding

_CELL_DIGITS = 5
"""Positions are compared on a grid of 0.00001 degrees, about a metre."""
_LENGTH = 16
_SAME_SHARE = 0.5
"""Ground is that of an earlier finding when more than this share of the smaller of both lies in the other."""
_SAME_SPOT = 3e-5
"""A spot is that of an earlier finding when it is no farther away than this, in degrees: some three metres."""


def make_fingerprint(kind: str, owners: Sequence[str], point: tuple[float, float] | None, *, nth: int = 0) -> str:
    """Hash what a defect is, whose it is and where it is; `nth` tells apart those that agree in all three.

    Examples
    --------
    >>> make_fingerprint("overlap", ["B", "A"], (1.0, 2.0)) == make_fingerprint("overlap", ["A", "B"], (1.0000001, 2.0))
    True
    """
    # Adding zero turns -0.0 into 0.0.
    cell = "" if point is None else ",".join(f"{round(value, _CELL_DIGITS) + 0.0:.{_CELL_DIGITS}f}" for value in point)
    text = "\x1f".join([kind, *sorted(owners), cell, *([str(nth)] if nth else [])])
    return sha256(text.encode("utf-8")).hexdigest()[:_LENGTH]


def name_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings and give each its fingerprint, no two the same."""
    named: list[Finding] = []
    taken: set[str] = set()
    for finding in sorted(findings, key=_order):
        nth = 0
        while (name := make_fingerprint(_theme(finding), finding.divisions, finding.point, nth=nth)) in taken:
            nth += 1
        taken.add(name)
        named.append(replace(finding, fingerprint=name))
    return tuple(named)


def _theme(finding: Finding) -> str:
    return f"{finding.kind.value}:{finding.detail.get('misfit', '')}"


def _order(finding: Finding) -> tuple[str, tuple[str, ...], tuple[float, float], float, str]:
    point = finding.point or (0.0, 0.0)
    return (finding.kind.value, finding.divisions, point, finding.area_m2 or 0.0, str(sorted(finding.detail.items())))


def keep_names(findings: Sequence[Finding], earlier: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give findings the names that the same cases had in an earlier audit.

    A position that moved over the edge of its cell flips the name. So findings of one kind and owner set are held
    against those of the earlier audit: who has most of whose ground keeps its name.

    Examples
    --------
    >>> from geo.coverage import FindingKind, Severity
    >>> gap = FindingKind.GAP, Severity.ERROR, ("A",)
    >>> before = Finding(*gap, shapely.box(0, 0, 2, 2), point=(1.0, 1.0), fingerprint="lasting")
    >>> after = Finding(*gap, shapely.box(0, 0, 2, 3), point=(1.0, 1.5), fingerprint="flipped")
    >>> keep_names([after], [before])[0].fingerprint
    'lasting'
    """
    kept = _match_names(findings, earlier)
    taken, named = set(kept.values()), []
    for row, finding in enumerate(findings):
        name, nth = kept.get(row, finding.fingerprint), 0
        while row not in kept and name in taken:
            nth += 1
            name = make_fingerprint(_theme(finding), finding.divisions, finding.point, nth=nth)
        taken.add(name)
        named.append(finding if name == finding.fingerprint else replace(finding, fingerprint=name))
    return tuple(named)


def _match_names(findings: Sequence[Finding], earlier: Sequence[Finding]) -> dict[int, str]:
    """Find the rows whose case an earlier finding was, with its name."""
    groups: dict[tuple[str, tuple[str, ...]], tuple[list[int], list[Finding]]] = defaultdict(lambda: ([], []))
    for row, finding in enumerate(findings):
        groups[_theme(finding), finding.divisions][0].append(row)
    for finding in earlier:
        groups[_theme(finding), finding.divisions][1].append(finding)
    kept: dict[int, str] = {}
    for rows, past in groups.values():
        kept |= _pair(rows, [findings[row] for row in rows], past)
    return kept


def _pair(rows: Sequence[int], now: Sequence[Finding], past: Sequence[Finding]) -> dict[int, str]:
    """Pair those that are most alike first; names that have not moved need no pairing."""
    known = {finding.fingerprint: finding for finding in past}
    if all(one.fingerprint in known and known[one.fingerprint].geometry == one.geometry for one in now):
        return {row: finding.fingerprint for row, finding in zip(rows, now, strict=True)}
    pairs = sorted(_list_alike(now, past), key=lambda pair: (-pair[0], pair[1], past[pair[2]].fingerprint))
    kept: dict[int, str] = {}
    used: set[int] = set()
    for _, row, place in pairs:
        if rows[row] not in kept and place not in used:
            kept[rows[row]] = past[place].fingerprint
            used.add(place)
    return kept


def _list_alike(now: Sequence[Finding], past: Sequence[Finding]) -> Iterator[tuple[float, int, int]]:
    """List the pairs that may be one case, with their likeness."""
    shapes, places = (np.array([one.geometry for one in group], dtype=object) for group in (now, past))
    near = shapely.STRtree(places).query(shapes, predicate="dwithin", distance=_SAME_SPOT)
    lone = [(row, place) for row, one in enumerate(now) if not one.geometry for place in range(len(past))]
    for row, place in [*near.T.tolist(), *lone]:
        likeness = _compare(now[row], past[place])
        if likeness > _SAME_SHARE:
            yield likeness, row, place


def _compare(one: Finding, other: Finding) -> float:
    """Tell how much two findings are one case: 1 for the same place, 0 for places apart."""
    if one.geometry is None or other.geometry is None:
        return float(one.geometry is other.geometry)
    if {shapely.get_type_id(one.geometry), shapely.get_type_id(other.geometry)} <= set(POLYGONAL):
        least = min(one.geometry.area, other.geometry.area)
        return float(one.geometry.intersection(other.geometry).area / least) if least else 0.0
    if one.point is None or other.point is None:
        return 0.0
    return 1 - hypot(one.point[0] - other.point[0], one.point[1] - other.point[1]) / _SAME_SPOT * _SAME_SHARE
