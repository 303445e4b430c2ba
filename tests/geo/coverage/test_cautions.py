"""Check what is told against settling a face without looking."""

from __future__ import annotations

import pytest
from shapely import Polygon, box

from geo.coverage import Sheet, lay_face, list_cautions

A, B, C, D = 1, 2, 3, 4
AROUND = Polygon(box(-1, -1, 3, 2).exterior, [box(0, 0, 2, 1).exterior])
SMALL = 0.0001


def keys(sheet: Sheet, ground: Polygon, parties: list[int], **known: int) -> list[str]:
    return [reason.key for reason in list_cautions(lay_face(sheet, ground, parties), **known)]


def test_a_small_face_inside_the_country_is_harmless() -> None:
    sheet = Sheet({A: box(0, 0, 1, 1), B: box(1 - SMALL, 0, 2, 1), C: AROUND}, {}, {})
    cut = Sheet({A: box(0, 0, 0.0005, 0.0005), B: box(0.0004, 0, 0.001, 0.0005), C: AROUND}, {}, {})
    assert keys(sheet, box(1 - SMALL, 0, 1, 1), [A, B]) == ["caution_large"]
    assert "caution_large" not in keys(cut, box(0.0004, 0, 0.0005, 0.0005), [A, B])


@pytest.mark.parametrize(
    ("known", "wanted"), [({"people": 3}, ["caution_people"]), ({"places": 1}, ["caution_places"]), ({"people": 0}, [])]
)
def test_people_and_places_want_a_look(known: dict[str, int], wanted: list[str]) -> None:
    sheet = Sheet({A: box(0, 0, 1, 1), B: box(1 - SMALL, 0, 2, 1), C: AROUND}, {}, {})
    assert keys(sheet, box(1 - SMALL, 0, 1, 1), [A, B], **known)[1:] == wanted


@pytest.mark.parametrize("claimed", [False, True])
def test_the_outer_border_is_seen(claimed: bool) -> None:
    sheet = Sheet({A: box(0, 0, 1, 1), B: box(1 if claimed else 0.5, 0, 2, 1)}, {}, {})
    assert "caution_outer_border" in keys(sheet, box(0.5, 0, 1, 1), [A, B])


def test_an_open_gap_is_on_the_outer_border() -> None:
    shapes = {A: box(0, 0, 1, 1), B: box(2, 0, 3, 1), C: box(0, 1, 3, 2)}
    assert "caution_outer_border" in keys(Sheet(shapes, {}, {}), box(1, 0, 2, 1), [A, B])
    closed = {**shapes, D: box(0, -1, 3, 0)}
    assert "caution_outer_border" not in keys(Sheet(closed, {}, {}), box(1, 0, 2, 1), [A, B])


@pytest.mark.parametrize(
    ("shapes", "ground", "caution"),
    [
        ({A: box(0, 0, 1, 1), B: box(0, 0, 1, 1)}, box(0, 0, 1, 1), "caution_twin"),
        ({A: box(0, 0, 2, 1), B: box(0.5, 0.2, 1, 0.8)}, box(0.5, 0.2, 1, 0.8), "caution_no_hole"),
    ],
)
def test_twins_and_exclaves_without_a_hole(shapes: dict[int, Polygon], ground: Polygon, caution: str) -> None:
    assert keys(Sheet(shapes, {}, {}), ground, [A, B])[-1] == caution
