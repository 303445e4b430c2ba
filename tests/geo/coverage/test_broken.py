"""Check that broken boundaries are reported and hide nothing of the others."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage import Parents, audit_coverage, guess_parents

SOUND = [box(10, 10, 12, 12), box(11, 11, 13, 13)]


def bend(corner: tuple[float, float]) -> BaseGeometry:
    """Move one corner of a square to where no constructor would put it."""
    return shapely.transform(box(0, 0, 1, 1), lambda xy: np.where((xy == [1, 1]).all(axis=1)[:, None], corner, xy))


UNUSABLE = {
    "none": (None, "missing_boundary", True),
    "empty": (Polygon(), "missing_boundary", True),
    "text": ("POLYGON", "missing_boundary", True),
    "point": (Point(0, 0), "invalid", True),
    "line": (LineString([(0, 0), (1, 1)]), "invalid", True),
    "no area": (Polygon([(0, 0), (1, 1), (2, 2)]), "invalid", True),
    "one place": (Polygon([(0, 0)] * 4), "invalid", True),
    "no number": (bend((math.nan, 1)), "invalid", False),
    "infinite": (bend((math.inf, 1)), "invalid", False),
    "enormous": (box(1e300, 1e300, 1.1e300, 1.1e300), "invalid", False),
    "off the globe": (box(1e6, 1e6, 2e6, 2e6), "invalid", False),
    "swapped": (box(35, 100, 36, 101), "invalid", False),
    "over the antimeridian": (Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)]), "invalid", False),
}


@pytest.mark.parametrize(("shape", "kind", "certified"), UNUSABLE.values(), ids=UNUSABLE)
def test_boundary_without_ground_is_reported(shape: object, kind: str, certified: bool) -> None:
    audit = audit_coverage([*SOUND, shape], list("ABX"))  # type: ignore[list-item]
    assert audit.counts == {kind: 1, "overlap": 1}
    assert audit.certified is certified
    assert not audit.is_clean


READABLE = {
    "bow tie": Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]),
    "self-crossing": Polygon([(0, 0), (4, 0), (4, 1), (1, -1), (1, 3), (0, 3)]),
    "spike": Polygon([(0, 0), (1, 0), (1, 1), (1, 3), (1, 1), (0, 1)]),
    "nested shells": MultiPolygon([box(0, 0, 4, 4), box(1, 1, 2, 2)]),
    "overlapping parts": MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]),
    "part twice": MultiPolygon([box(0, 0, 2, 2), box(0, 0, 2, 2)]),
    "hole outside": Polygon(box(0, 0, 2, 2).exterior, [[(3, 3), (4, 3), (4, 4)]]),
    "collection": GeometryCollection([box(0, 0, 1, 1), Point(3, 3)]),
    "ring touches itself": Polygon([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]),
}


@pytest.mark.parametrize("shape", READABLE.values(), ids=READABLE)
def test_broken_rings_are_read_and_reported(shape: BaseGeometry) -> None:
    audit = audit_coverage([*SOUND, shape], list("ABX"))
    assert audit.counts == {"invalid": 1, "overlap": 1}
    assert audit.certified


@pytest.mark.parametrize("shape", READABLE.values(), ids=READABLE)
def test_broken_rings_do_not_hide_what_lies_over_them(shape: BaseGeometry) -> None:
    over = box(-9, -9, 9, 9)
    assert audit_coverage([shape, over], list("XA")).counts["overlap"] >= 1


def test_crossing_is_pointed_at() -> None:
    finding = audit_coverage([READABLE["bow tie"]], ["X"]).findings[0]
    assert finding.point == (1, 1)
    assert finding.detail == {"reason": "Self-intersection", "handling": "even_odd", "level": "child"}


def test_crossing_of_broken_rings_is_no_unmatched_vertex() -> None:
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    beside = Polygon([(0, 0), (2, 2), (3, 3), (0, 3), (0, 2), (1, 1)])
    assert "unmatched_vertex" not in audit_coverage([bow, beside], list("XA")).counts


def test_heights_are_no_defect() -> None:
    flat, high = box(0, 0, 1, 1), shapely.force_3d(box(1, 0, 2, 1), z=7.0)
    assert audit_coverage([flat, high], list("AB")).is_clean


@pytest.mark.parametrize("shape", [shape for shape, _, _ in UNUSABLE.values()] + list(READABLE.values()))
def test_anything_may_be_a_parent(shape: object) -> None:
    parents = Parents(["P", "Q"], [shape, box(0, 0, 20, 20)], ["P", "Q"])  # type: ignore[list-item]
    audit = audit_coverage(SOUND, list("AB"), parents=parents)
    assert audit.counts["overlap"] == 1
    assert not audit.is_clean


@pytest.mark.parametrize("shape", [shape for shape, _, _ in UNUSABLE.values()])
def test_ground_that_is_not_there_has_no_parent(shape: object) -> None:
    best, share = guess_parents([shape], [box(-90, -90, 90, 90)])  # type: ignore[list-item]
    assert (best.tolist(), share.tolist()) == ([-1], [0])
