"""Check which faces are told to stand in each other's way."""

from __future__ import annotations

import pytest
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage import find_conflicts

BOWTIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (box(1, 0, 3, 2), "overlap"),
        (box(0.5, 0.5, 1, 1), "overlap"),
        (box(0, 0, 2, 2), "overlap"),
        (box(2, 0, 3, 2), "boundary"),
        (box(2, 1, 3, 5), "boundary"),
        (LineString([(2, 0), (2, 1)]), "boundary"),
        (LineString([(-1, 1), (3, 1)]), "boundary"),
        (BOWTIE, "overlap"),
        (box(2, 2, 3, 3), None),
        (box(5, 5, 6, 6), None),
    ],
    ids=[
        "part",
        "inside",
        "twin",
        "side",
        "part of a side",
        "line on it",
        "line through it",
        "bow tie",
        "corner",
        "far",
    ],
)
def test_two_faces_are_related(other: BaseGeometry, kind: str | None) -> None:
    found = find_conflicts([box(0, 0, 2, 2), other])
    assert [(one.first, one.second, one.kind) for one in found] == ([] if kind is None else [(0, 1, kind)])


def test_what_is_common_is_told() -> None:
    (found,) = find_conflicts([box(0, 0, 2, 2), box(1, 0, 3, 2)])
    assert found.common.equals(box(1, 0, 2, 2))


@pytest.mark.parametrize("faces", [[], [box(0, 0, 1, 1)]])
def test_few_faces_have_no_conflict(faces: list[BaseGeometry]) -> None:
    assert find_conflicts(faces) == ()


def test_conflicts_of_many_are_told_in_order() -> None:
    faces = [box(x, 0, x + 1.5, 1) for x in range(4)]
    assert [(one.first, one.second) for one in find_conflicts(faces)] == [(0, 1), (1, 2), (2, 3)]
