"""Check centres against the boundaries they belong to."""

from __future__ import annotations

import pytest
from shapely import Point, Polygon, box

from geo.coverage.spots import check_centres

SHAPE = box(50, 30, 51, 31)


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
