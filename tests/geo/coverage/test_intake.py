"""Check how boundaries are sorted into those that can be audited and those that cannot."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage.intake import take_in
from geo.coverage.measures import Earth

BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


@pytest.mark.parametrize("shape", [box(0, 0, 1, 1), MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])])
def test_sound_boundaries_are_taken_as_they_are(shape: BaseGeometry) -> None:
    intake = take_in([shape], earth=Earth())
    assert intake.polygons[0] is shape
    assert intake.faults == ()


def test_rows_are_remembered() -> None:
    intake = take_in([None, box(0, 0, 1, 1), Point(0, 0), BOW], earth=Earth())
    assert intake.row.tolist() == [1, 3]
    assert intake.mended.tolist() == [False, True]
    assert [(fault.row, fault.handling) for fault in intake.faults] == [
        (0, "no_ground"),
        (2, "no_ground"),
        (3, "even_odd"),
    ]


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (BOW, 2.0),
        (MultiPolygon([box(0, 0, 4, 4), box(1, 1, 2, 2)]), 16.0),
        (MultiPolygon([box(0, 0, 2, 1), box(1, 0, 3, 1)]), 3.0),
        (GeometryCollection([box(0, 0, 1, 1), GeometryCollection([MultiPolygon([box(2, 0, 3, 1)])])]), 2.0),
    ],
)
def test_rings_are_read_by_even_odd_and_parts_joined(shape: BaseGeometry, area: float) -> None:
    assert shapely.area(take_in([shape], earth=Earth()).polygons[0]) == area


def test_world_may_be_split_at_the_antimeridian() -> None:
    shapes = [MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)]), box(-180, -90, 180, 90)]
    assert take_in(shapes, earth=Earth()).faults == ()


def test_globe_is_that_of_the_plane() -> None:
    earth = Earth(lambda xy: np.asarray(xy / 1e5))
    intake = take_in([box(51e5, 35e5, 52e5, 36e5), box(51e5, 95e5, 52e5, 96e5)], earth=earth)
    assert [(fault.row, fault.reason) for fault in intake.faults] == [(1, "off the globe")]
    assert intake.undecided == 1
