"""Draw where a plan stands among many."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from geo.districting import place_plan
from maps.ensembles import draw_ensemble

SVG = "{http://www.w3.org/2000/svg}"
STANDINGS = [
    place_plan("cut_edges", 9, [3, 4, 4, 5]),
    place_plan("deviation", 0.013, [0.01, 0.02, 0.04]),
    place_plan("cut_m", 12_000.0, [9_000.0, 15_000.0]),
    place_plan("split_county", 2, [0, 1, 2]),
    place_plan("polsby_popper", 0.2, [0.2, 0.2]),
]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_measure_has_bars_and_a_line(language: str):
    drawn = ElementTree.fromstring(draw_ensemble(STANDINGS, language=language, title="A & B"))
    assert drawn.get("direction") == ("rtl" if language == "fa" else "ltr")
    groups = drawn.findall(f"{SVG}g")
    assert [len(group.findall(f"{SVG}line")) for group in groups] == [1] * 5
    assert [len(group.findall(f"{SVG}rect")) for group in groups] == [len(one.counts) for one in STANDINGS]


def test_the_plan_lies_inside_the_picture():
    drawn = ElementTree.fromstring(draw_ensemble(STANDINGS))
    assert all(0 <= float(line.get("x1") or -1) <= 360 for line in drawn.iter(f"{SVG}line"))


def test_persian_has_its_own_digits():
    assert "۹" in draw_ensemble(STANDINGS[:1], language="fa") and "9" in draw_ensemble(STANDINGS[:1], language="en")
