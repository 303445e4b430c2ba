"""Check centres and boundary markers against the boundaries they belong to."""

from __future__ import annotations

import pytest
from pyproj import Geod
from shapely import Point, Polygon, box

from geo.coverage.spots import Marker, check_centres, check_markers, measure_distance

SHAPE = box(50, 30, 51, 31)
GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("centre", "kinds"),
    [
        ((50.5, 30.5), []),
        ((50.0, 30.5), []),
        ((50.0, 30.0), []),
        ((49.9, 30.5), ["stray_centre"]),
        ((float("nan"), 30.5), ["stray_centre"]),
    ],
)
def test_centre_lies_in_its_division(centre: tuple[float, float], kinds: list[str]) -> None:
    assert [one.kind for one in check_centres(["A"], [SHAPE], {"A": centre}, levels=["county"])] == kinds


@pytest.mark.parametrize("shape", [None, Point(0, 0), Polygon(), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
def test_nothing_is_said_of_a_centre_without_certain_ground(shape: object) -> None:
    assert check_centres(["A"], [shape], {"A": (9.0, 9.0)}, levels=["county"]) == []  # type: ignore[list-item]


@pytest.mark.parametrize(("level", "missing"), [("county", [("B",)]), ("bakhsh", [])])
def test_centre_is_missed_only_where_others_of_the_level_have_one(level: str, missing: list[tuple[str]]) -> None:
    found = check_centres(["A", "B"], [SHAPE, SHAPE], {"A": (50.5, 30.5)}, levels=["county", level])
    assert [one.divisions for one in found] == missing


@pytest.mark.parametrize(
    ("point", "other"),
    [((50.001, 30.5), (50.0, 30.5)), ((50.5, 29.9), (50.5, 30.0)), ((50.5, 31.05), (50.5, 31.0))],
)
def test_distance_is_that_of_the_ellipsoid(point: tuple[float, float], other: tuple[float, float]) -> None:
    assert measure_distance(point, SHAPE) == pytest.approx(GEOD.inv(*point, *other)[2], rel=2e-3)


@pytest.mark.parametrize(("longitude", "accuracy_m", "told"), [(50.001, 50.0, True), (50.001, 120.0, False)])
def test_marker_may_stray_as_far_as_it_is_accurate(longitude: float, accuracy_m: float, told: bool) -> None:
    marker = Marker("7", (longitude, 30.5), ("A",), accuracy_m)
    assert bool(list(check_markers([marker], {"A": SHAPE}))) == told


def test_marker_of_two_divisions_marks_both() -> None:
    marker = Marker("7", (51.0, 30.5), ("A", "B"), 1.0)
    found = list(check_markers([marker], {"A": SHAPE, "B": box(51.01, 30, 52, 31)}))
    assert [one.divisions for one in found] == [("A", "B")]
    assert found[0].detail["distance_m"] == pytest.approx(960, abs=10)


@pytest.mark.parametrize("point", [(float("nan"), 30.0), (float("inf"), 30.0)])
def test_marker_at_no_place_is_told(point: tuple[float, float]) -> None:
    found = list(check_markers([Marker("7", point, ("A",), 10.0)], {"A": SHAPE}))
    assert [(one.kind, one.geometry) for one in found] == [("stray_marker", None)]
