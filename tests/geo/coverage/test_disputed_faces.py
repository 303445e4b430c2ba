"""Check that a face is laid into the boundaries around it."""

from __future__ import annotations

import pytest
from shapely import Polygon, box

from fixtures.sheets import list_vertices
from geo.coverage import Sheet, lay_face
from geo.errors import Infeasible, InvalidValue

A, B, C = 1, 2, 3
SHEET = Sheet({A: box(0, 0, 10, 10), B: box(9, 2, 20, 8), C: box(20, 0, 30, 10)}, {}, {})


def test_every_boundary_gets_the_vertices_of_the_face() -> None:
    face = lay_face(SHEET, box(9, 2, 10, 8), [A, B])
    assert {(10.0, 2.0), (10.0, 8.0)} <= list_vertices([face.sheet.shapes[A]]) & list_vertices([face.sheet.shapes[B]])
    assert face.added == 4


@pytest.mark.parametrize(("ground", "is_gap"), [(box(9, 2, 10, 8), False), (box(10, 8, 20, 10), True)])
def test_face_is_an_overlap_or_a_gap(ground: Polygon, is_gap: bool) -> None:
    assert lay_face(SHEET, ground, [B, A]).is_gap == is_gap


@pytest.mark.parametrize(
    ("ground", "candidates"),
    [(box(9, 2, 11, 8), [A, B]), (box(8, 2, 10, 8), [A, B]), (box(11, 2, 12, 3), [B])],
    ids=["beyond one", "beyond the other", "of one alone"],
)
def test_ground_that_is_no_face_is_refused(ground: Polygon, candidates: list[int]) -> None:
    with pytest.raises(Infeasible):
        lay_face(SHEET, ground, candidates)


def test_candidate_without_boundary_is_refused() -> None:
    with pytest.raises(InvalidValue):
        lay_face(SHEET, box(9, 2, 10, 8), [A, 99])
