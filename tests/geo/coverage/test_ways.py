"""Check that every way to settle a face is told, with what it gives or why it is not open."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import LineString, MultiPolygon, Polygon, box

from geo.coverage import (
    DisputedFace,
    DrawnLine,
    Knowledge,
    OptionKind,
    ReferenceLine,
    Sheet,
    Way,
    audit_coverage,
    lay_face,
    list_ways,
    settle_face,
)

A, B, C = 1, 2, 3
OVERLAP = Sheet({A: box(0, 0, 10, 10), B: box(9, 0, 20, 10)}, {A: None, B: None}, {A: "district", B: "district"})
THREE = Sheet({A: box(0, 0, 10, 10), B: box(9, 0, 20, 10), C: box(9, 0, 10, 20)}, {}, {})
LINE = LineString([(9.25, -1), (9.25, 11)])
KNOWN = Knowledge(
    places={A: 2, B: 1},
    people={B: 40},
    decreed={A: date(1990, 1, 1), B: date(1980, 1, 1)},
    lines=(ReferenceLine(LINE), ReferenceLine(LineString([(0, 5), (20, 5)]))),
    drawn=LineString([(9.75, -1), (9.75, 11)]),
)


@pytest.fixture
def overlap() -> DisputedFace:
    return lay_face(OVERLAP, box(9, 0, 10, 10), [A, B])


def tell(way: Way) -> dict[int | None, float] | str:
    """Tell the areas of an open way, or the key of the reason."""
    if way.option is None:
        assert way.refused is not None
        return way.refused.key
    return {share.taker: share.ground.area for share in way.option.shares}


def test_all_ways_of_an_overlap(overlap: DisputedFace) -> None:
    assert [(way.kind.value, tell(way)) for way in list_ways(overlap, KNOWN)] == [
        ("adopt", {A: 10.0}),
        ("adopt", {B: 10.0}),
        ("medial_line", {A: 5.0, B: 5.0}),
        ("reference_line", {A: 2.5, B: 7.5}),
        ("reference_line", "option_line_stops"),
        ("majority_of_places", {A: 10.0}),
        ("majority_of_people", {B: 10.0}),
        ("older_decree", {B: 10.0}),
        ("undetermined", {None: 10.0}),
        ("void", {None: 10.0}),
        ("drawn", {A: 7.5, B: 2.5}),
    ]


def test_ways_of_which_nothing_is_known_tell_why(overlap: DisputedFace) -> None:
    refused = {way.kind.value: tell(way) for way in list_ways(overlap, Knowledge()) if way.option is None}
    assert refused == {
        "reference_line": "option_no_line",
        "majority_of_places": "option_nothing_counted",
        "majority_of_people": "option_nothing_counted",
        "older_decree": "option_no_decree",
        "drawn": "option_not_drawn",
    }


def test_three_may_have_the_face_but_no_line_parts_it() -> None:
    face = lay_face(THREE, box(9, 0, 10, 10), [A, B, C])
    ways = list_ways(face, Knowledge(places={C: 1}, lines=(ReferenceLine(LINE),)))
    assert [(way.kind.value, way.division) for way in ways if way.option][:3] == [
        ("adopt", A),
        ("adopt", B),
        ("adopt", C),
    ]
    assert {tell(way) for way in ways if way.kind.value.endswith("line")} == {"option_two_parties"}


@pytest.mark.parametrize("kind", ["adopt", "majority_of_places", "undetermined", "void"])
def test_three_have_no_overlap_left(kind: str) -> None:
    face = lay_face(THREE, box(9, 0, 10, 10), [A, B, C])
    way = next(way for way in list_ways(face, Knowledge(places={C: 1})) if way.kind == kind)
    assert way.option is not None
    after = {**THREE.shapes, **settle_face(face, way.option).shapes}
    assert "overlap" not in audit_coverage(list(after.values()), list("ABC")).counts


@pytest.mark.parametrize(("left", "right", "areas"), [(B, A, {A: 7.5, B: 2.5}), (None, A, {A: 7.5, None: 2.5})])
def test_a_drawn_line_gives_its_sides_away(
    overlap: DisputedFace, left: int | None, right: int | None, areas: dict[int | None, float]
) -> None:
    way = list_ways(overlap, Knowledge(drawn=DrawnLine(LINE, left, right)))[-1]
    assert (way.kind, tell(way)) == (OptionKind.DRAWN, areas)


def test_a_line_of_poor_accuracy_parts_no_narrow_ground() -> None:
    narrow = Sheet({A: box(0, 0, 1, 1), B: box(0.9999, 0, 2, 1)}, {}, {})
    face = lay_face(narrow, box(0.9999, 0, 1, 1), [A, B])
    line = ReferenceLine(LineString([(0.99995, -0.1), (0.99995, 1.1)]), accuracy_m=50.0)
    assert "option_accuracy" in {tell(way) for way in list_ways(face, Knowledge(lines=(line,))) if way.option is None}


WEST = Polygon([(10, 0), (11, 2.5), (10, 5), (11, 7.5), (10, 10), (0, 10), (0, 0)])
EAST = Polygon([(20, 0), (10, 0), (9, 2.5), (10, 5), (9, 7.5), (10, 10), (20, 10)])


@pytest.mark.parametrize("kind", ["medial_line", "reference_line"])
def test_several_strips_of_one_face_are_parted_each(kind: str) -> None:
    sheet = Sheet({A: WEST, B: EAST}, {}, {})
    face = lay_face(sheet, WEST.intersection(EAST), [A, B])
    line = ReferenceLine(LineString([(10, 0), (10, 10)]))
    way = next(way for way in list_ways(face, Knowledge(lines=(line,))) if way.kind == kind)
    assert len(face.ground.geoms) == 2
    assert tell(way) == {A: 5.0, B: 5.0}


def test_a_strip_that_both_ends_of_a_line_leave_on_one_side_is_refused() -> None:
    comb = MultiPolygon([box(9, 0, 10, 4), box(9, 6, 10, 10)])
    face = lay_face(Sheet({A: box(0, 0, 9, 10).union(comb), B: box(9, 0, 20, 10)}, {}, {}), comb, [A, B])
    way = next(way for way in list_ways(face, Knowledge(lines=(ReferenceLine(LINE),))) if way.line == 0)
    assert tell(way) == "option_line_stops"


def test_claimed_ground_is_parted_between_holder_and_claimant() -> None:
    sheet = Sheet({A: box(0, 0, 10, 10), B: box(10, 0, 20, 10)}, {}, {})
    face = lay_face(sheet, box(8, 0, 10, 10), [A, B])
    ways = {way.kind.value: tell(way) for way in list_ways(face, Knowledge(lines=(ReferenceLine(LINE),)))}
    assert face.holders == (A,)
    assert (ways["medial_line"], ways["reference_line"]) == ({A: 10.0, B: 10.0}, {A: 12.5, B: 7.5})
