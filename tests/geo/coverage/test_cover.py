"""Check how a coverage counts what covers a face, and that hair-thin cracks mislead nobody."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from geo.coverage import audit_coverage
from geo.coverage.cover import Cover
from geo.coverage.edges import measure_plane
from geo.coverage.faces import Doubt, enclose_faces, mark_mixed

# Corners that would meet but for the last digit of a coordinate.
NEARLY = [
    [(51.15085678900001, 35.779132099999984), (51.15085678900001, 35.792832099999984), (51.137156788999995, 35.7928321),
     (51.13715678899998, 35.779132100000005)],
    [(51.16455678900001, 35.77913209999998), (51.16455678900002, 35.792832100000005), (51.150856789, 35.7928321),
     (51.15085678900002, 35.779132100000005)],
    [(51.12345678899998, 35.80653209999999), (51.13715678900002, 35.79283210000001),
     (51.15085678899998, 35.76543209999998), (51.150856788999995, 35.792832100000005),
     (51.150856788999995, 35.79283210000003)],
    [(51.164556789, 35.76543210000001), (51.164556789000024, 35.80653210000001), (51.15085678900003, 35.80653209999999),
     (51.150856788999995, 35.765432099999984)],
]  # fmt: skip


def cover_of(*polygons: Polygon) -> Cover:
    return Cover(np.array(polygons, dtype=object))


def test_faces_are_grouped_by_owners_and_gaps_listed() -> None:
    cover = cover_of(box(0, 0, 3, 3).difference(box(1, 1, 2, 2)), box(2, 0, 4, 3))
    faces = enclose_faces(np.asarray(shapely.boundary(cover.polygons)), cover.ground)
    assert {owners: len(rows) for owners, rows in cover.group_overlaps(faces).items()} == {(0, 1): 1}
    assert faces.shapes[cover.list_gaps(faces)][0].equals(box(1, 1, 2, 2))
    assert cover.find_difference(faces, measure_plane(faces.shapes)) == pytest.approx(0)


def test_borders_nearer_than_numbers_can_tell_keep_their_owners() -> None:
    shapes = [Polygon(corners) for corners in NEARLY]
    audit = audit_coverage(shapes, list("ABCD"))
    assert audit.certified
    for left, right in combinations(range(4), 2):
        shared = [finding for finding in audit.findings if {"ABCD"[left], "ABCD"[right]} <= set(finding.divisions)]
        found = sum(finding.geometry.area for finding in shared if finding.kind == "overlap" and finding.geometry)
        assert found == pytest.approx(shapes[left].intersection(shapes[right]).area, abs=1e-12)


@pytest.mark.parametrize(("floor", "undecided"), [(0.1, [0]), (9.0, [])])
def test_face_that_should_have_been_split_stays_undecided(floor: float, undecided: list[int]) -> None:
    cover = cover_of(box(0, 0, 4, 1), box(0, 0, 1, 1))
    faces = enclose_faces(np.asarray(shapely.boundary(cover.polygons[:1])), cover.ground)
    doubt = Doubt(np.array([True]), np.array([True]))
    assert mark_mixed(faces, doubt, cover.ground, floor=floor).owners.undecided.tolist() == undecided


def test_long_borders_are_summed_without_rounding() -> None:
    circle = shapely.Point(51, 35).buffer(8, quad_segs=20_000)
    holed = circle.difference(shapely.Point(51, 35).buffer(1, quad_segs=20_000))
    assert measure_plane(np.array([circle, holed])) == pytest.approx([np.pi * 64, np.pi * 63], rel=1e-8)
