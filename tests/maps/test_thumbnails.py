"""Test the small outlines of boundaries."""

from __future__ import annotations

import re

import pytest
import shapely

from maps.thumbnails import MOST_VERTICES, draw_thumbnails


def read(path: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"[\d.]+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_shapes_share_one_box_with_north_up():
    south, north = (
        read(draw_thumbnails([shapely.box(0, 0, 1, 1)])[0]),
        draw_thumbnails([shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2)]),
    )
    assert all(0 <= x <= 1 and 0 <= y <= 1 for path in north for x, y in read(path))
    assert min(y for _, y in read(north[0])) >= max(y for _, y in read(north[1])) - 0.001
    assert len(south) == 5


def test_degrees_of_longitude_are_shorter_in_the_north():
    (path,) = draw_thumbnails([shapely.box(10, 59.5, 11, 60.5)])
    xs, ys = zip(*read(path), strict=True)
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(0.5, abs=0.01)


def test_holes_and_parts_are_drawn():
    ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    (path,) = draw_thumbnails([shapely.MultiPolygon([*shapely.get_parts(ring), shapely.box(5, 5, 6, 6)])])
    assert path.count("M") == path.count("Z") == 3


def test_fine_outlines_are_thinned():
    (path,) = draw_thumbnails([shapely.Point(0, 0).buffer(1, quad_segs=2000)])
    assert 4 < len(read(path)) <= MOST_VERTICES


@pytest.mark.parametrize("shapes", [[], [shapely.Polygon()]])
def test_nothing_is_drawn_as_nothing(shapes: list[shapely.Polygon]):
    assert draw_thumbnails(shapes) == ("",) * len(shapes)
