"""Check that a settled face leaves no overlap and no gap, on any level."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from shapely import Polygon, box

from fixtures.sheets import apply_moves, audit_sheet, draw_sheet, list_vertices
from geo.coverage import (
    DisputedFace,
    MovedGround,
    Option,
    Sheet,
    adopt_line,
    audit_coverage,
    follow_medial,
    join_ground,
    lay_face,
    settle_face,
)
from geo.errors import GroundCutsChildren

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("ZZZZ", "PPQQ", "ABCD", cell=2.0, origin=(0.0, 0.0))
WAYS: list[tuple[Callable[[DisputedFace], Option], float]] = [
    (lambda face: adopt_line(face, A), 100.0),
    (lambda face: adopt_line(face, B), 90.0),
    (follow_medial, 95.0),
]


def with_shapes(**shapes: Polygon) -> Sheet:
    return SHEET.with_shapes({ord(letter): shape for letter, shape in shapes.items()})


def areas(moved: MovedGround) -> dict[int, float]:
    return {key: shape.area for key, shape in moved.shapes.items()}


@pytest.mark.parametrize(("way", "area"), WAYS, ids=["adopt A", "adopt B", "medial line"])
def test_overlap_is_gone_and_the_whole_ground_stays(way: Callable[[DisputedFace], Option], area: float) -> None:
    sheet = Sheet({A: box(0, 0, 10, 10), B: box(9, 0, 20, 10)}, {A: None, B: None}, {})
    face = lay_face(sheet, box(9, 0, 10, 10), [A, B])
    after = settle_face(face, way(face)).shapes
    assert (after[A].area, after[B].area) == (area, 200.0 - area)
    assert audit_coverage([after[A], after[B]], ["A", "B"]).counts == {}


@pytest.mark.parametrize(
    ("taker", "wanted"), [(B, {B: 4.5, C: 3.5, P: 8.5, Q: 7.5}), (C, {B: 4.0, C: 4.0, P: 8.0, Q: 8.0})]
)
def test_overlap_across_counties_moves_both_levels(taker: int, wanted: dict[int, float]) -> None:
    sheet = with_shapes(B=box(2, 0, 4, 2).union(box(4, 0.5, 4.5, 1.5)))
    face = lay_face(sheet, box(4, 0.5, 4.5, 1.5), [B, C])
    moved = settle_face(face, adopt_line(face, taker))
    after = apply_moves(sheet, moved, [None])
    assert {key: after.shapes[key].area for key in wanted} == wanted
    assert audit_sheet(after) == []


def test_gap_inside_a_county_is_filled_below_it_only() -> None:
    torn = with_shapes(B=box(2.25, 0, 4, 2))
    face = lay_face(torn, box(2, 0, 2.25, 2), [A, B])
    moved = settle_face(face, adopt_line(face, A))
    assert areas(moved)[A] == 4.5
    assert audit_sheet(apply_moves(torn, moved, [None])) == []


def test_gap_through_all_levels_is_filled_on_all() -> None:
    hole = box(3.5, 0.5, 4.5, 1.5)
    cut = {key: SHEET.shapes[key].difference(hole) for key in (B, C, P, Q, Z)}
    torn = SHEET.with_shapes(cut)
    face = lay_face(torn, hole, [B, C])
    moved = settle_face(face, adopt_line(face, C))
    assert areas(moved) == {C: 4.5, Q: 8.5, Z: 16.0}
    assert audit_sheet(apply_moves(torn, moved, [None])) == []


def test_three_way_overlap_goes_to_one() -> None:
    face_ground = box(3.5, 0.5, 4, 1)
    sheet = with_shapes(A=join_ground([box(0, 0, 2, 2), face_ground]), C=box(4, 0, 6, 2).union(face_ground))
    face = lay_face(sheet, face_ground, [A, B, C])
    moved = settle_face(face, adopt_line(face, B))
    assert audit_sheet(apply_moves(sheet, moved, [None])) == []


def test_divisions_below_are_settled_first() -> None:
    sheet = with_shapes(P=box(0, 0, 4.5, 2))
    face = lay_face(sheet, box(4, 0, 4.5, 2), [P, Q])
    with pytest.raises(GroundCutsChildren) as refused:
        settle_face(face, adopt_line(face, P))
    assert refused.value.params["divisions"] == (C,)


def test_other_vertices_stay_where_they_are() -> None:
    sheet = with_shapes(B=box(2, 0, 4, 2).union(box(4, 0.5, 4.5, 1.5)))
    face = lay_face(sheet, box(4, 0.5, 4.5, 1.5), [B, C])
    moved = settle_face(face, adopt_line(face, B))
    new = list_vertices(list(moved.shapes.values())) - list_vertices(list(sheet.shapes.values()))
    assert new <= list_vertices([face.ground])
