"""Test that a coverage whose ground is not certain is refused."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.errors import InvalidGeometry, InvalidValue
from geo.locate.intake import order_keys, take_polygons

BOWTIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
FIJI = Polygon([(178, -19), (-178, -19), (-178, -16), (178, -16)])


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "locate_no_boundary"),
        (Polygon(), "locate_no_boundary"),
        (Point(0, 0), "locate_no_polygon"),
        (LineString([(0, 0), (1, 1)]), "locate_no_polygon"),
        (BOWTIE, "locate_invalid"),
        (MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]), "locate_invalid"),
        (box(179, 0, 181, 1), "locate_off_globe"),
        (box(0, 89, 1, 91), "locate_off_globe"),
        (FIJI, "locate_antimeridian"),
    ],
)
def test_uncertain_ground_is_refused_by_name(shape, reason):
    with pytest.raises(InvalidGeometry) as refusal:
        take_polygons([box(0, 0, 1, 1), shape], ["1", "2"])
    assert refusal.value.params["reason"].key == reason
    assert ("division", "2") in refusal.value.params["reason"].params


@pytest.mark.parametrize(
    "shape",
    [box(-180, -90, 180, 90), box(170, -19, 180, -16), MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)])],
)
def test_ground_up_to_the_antimeridian_is_taken(shape):
    assert take_polygons([shape], ["1"])[0].equals(shape)


def test_heights_are_dropped():
    assert not shapely.has_z(take_polygons([shapely.force_3d(box(0, 0, 1, 1), 5.0)], ["1"])).any()


@pytest.mark.parametrize(
    ("keys", "reason"),
    [([], "locate_no_divisions"), (["1", ""], "locate_key_missing"), (["2", "1", "2"], "locate_key_twice")],
)
def test_keys_that_do_not_name_are_refused(keys, reason):
    with pytest.raises(InvalidValue) as refusal:
        order_keys(keys)
    assert refusal.value.params["reason"].key == reason


def test_keys_are_ordered_as_texts():
    assert order_keys(["10", "9", "010"]) == [2, 0, 1]


def test_keys_and_boundaries_must_be_as_many():
    with pytest.raises(InvalidValue):
        take_polygons([box(0, 0, 1, 1)], ["1", "2"])
