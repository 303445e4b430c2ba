"""Test maps for paper: what they show, at what scale, and that nothing breaks them."""

from __future__ import annotations

import re

import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from maps.prints import Ground, Mark, draw_case, draw_overview

SIZE = {"width": 200.0, "height": 100.0, "language": "fa"}
LAND = [Ground(box(50, 30, 51, 31), "الف"), Ground(box(51, 30, 52, 31), "ب")]


def list_points(svg: str) -> list[tuple[float, float]]:
    paths = re.findall(r' d="([^"]*)"', svg)
    return [(float(x), float(y)) for path in paths for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_overview_numbers_the_cases_that_have_a_label():
    drawn = draw_overview(LAND, [Mark(box(50.4, 30.4, 50.6, 30.6), "gap", "۱"), Mark(Point(51, 30.5), "twin")], **SIZE)
    assert drawn is not None
    assert [label.text for label in drawn.labels if label.is_beside] == ["۱"]
    assert drawn.svg.count("<circle") == 2


def test_overview_without_ground_is_none():
    assert draw_overview([Ground(Polygon())], [], **SIZE) is None


def test_drawing_stays_on_its_paper():
    drawn = draw_case(LAND, Mark(box(50.99, 30.49, 51.01, 30.51), "overlap"), **SIZE)
    assert (drawn.width, drawn.height) == (200, 100)
    assert all(-1 <= x <= 201 and -1 <= y <= 101 for x, y in list_points(drawn.svg))


def test_case_names_those_around_it_and_its_scale():
    drawn = draw_case(LAND, Mark(box(50.99, 30.49, 51.01, 30.51), "overlap"), **SIZE)
    first, second, scale = drawn.labels
    assert (first.text, second.text) == ("الف", "ب")
    assert first.x < 100 < second.x
    assert "کیلومتر" in scale.text


def test_division_out_of_sight_is_neither_drawn_nor_named():
    drawn = draw_case([*LAND, Ground(box(60, 30, 61, 31), "دور")], Mark(box(50.4, 30.4, 50.5, 30.5), "gap"), **SIZE)
    assert "دور" not in {label.text for label in drawn.labels}


@pytest.mark.parametrize(
    "shape",
    [
        Point(51, 30.5),
        LineString([(51, 30.5), (51, 30.5000001)]),
        box(51, 30.5, 51.00000001, 30.50000001),
        Polygon([(50.9, 30.4), (51.1, 30.6), (51.1, 30.4), (50.9, 30.6)]),
        MultiPolygon([box(50.1, 30.1, 50.2, 30.2), box(51.8, 30.8, 51.9, 30.9)]),
        box(-180, -90, 180, 90),
        box(179.9, 89.99, 180, 90),
    ],
    ids=["point", "line", "grain", "bow tie", "parts", "globe", "pole"],
)
def test_odd_cases_are_drawn(shape):
    drawn = draw_case(LAND, Mark(shape, "invalid"), **SIZE)
    assert drawn.svg.startswith("<svg") and "nan" not in drawn.svg and "inf" not in drawn.svg


def test_broken_boundaries_are_drawn():
    broken = Ground(Polygon([(50, 30), (52, 31), (52, 30), (50, 31)]), "شکسته")
    assert "<path" in draw_case([broken], Mark(box(50.9, 30.4, 51.1, 30.6), "invalid"), **SIZE).svg


def test_kind_that_is_lawful_is_fainter():
    shape = box(50.4, 30.4, 50.6, 30.6)
    plain, faint = (draw_overview(LAND, [Mark(shape, "gap", is_faint=faint)], **SIZE) for faint in (False, True))
    assert plain is not None and faint is not None
    assert 'fill-opacity="0.55"' in plain.svg and 'fill-opacity="0.2"' in faint.svg
