"""Check that every face has one set of owners."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from geo.coverage.cover import Cover
from geo.coverage.faces import Doubt, enclose_faces, split_faces
from geo.coverage.labels import Ground


def ground_of(*polygons: Polygon) -> Ground:
    return Ground(np.array(polygons, dtype=object))


def list_sets(ground: Ground, faces: list[Polygon]) -> list[tuple[int, ...]]:
    return ground.find_owners(np.array(faces, dtype=object)).find_sets(len(faces))


@pytest.mark.parametrize(
    ("face", "owners"),
    [(box(0, 0, 1, 1), (0,)), (box(1, 1, 2, 2), (0, 1)), (box(2, 2, 3, 3), (1,)), (box(5, 5, 6, 6), ())],
)
def test_owners_are_those_around_a_point_inside(face: Polygon, owners: tuple[int, ...]) -> None:
    assert list_sets(ground_of(box(0, 0, 2, 2), box(1, 1, 3, 3)), [face]) == [owners]


def test_point_on_a_border_is_not_asked() -> None:
    halves = ground_of(box(0, 0, 2, 1), box(0, 1, 2, 2))
    assert len(list_sets(halves, [box(0, 0, 2, 2)])[0]) == 1


def test_face_that_is_all_border_stays_undecided() -> None:
    line = Polygon([(0, 0), (1, 1), (2, 2)])
    owners = ground_of(box(0, 0, 2, 2), Polygon([(0, 0), (2, 0), (2, 2)])).find_owners(np.array([line], dtype=object))
    assert owners.undecided.tolist() == [0]


def test_crowded_polygons_answer_as_others_do() -> None:
    faces = [box(place, 0, place + 1, 1) for place in range(20)]
    assert list_sets(ground_of(box(0, 0, 20, 1)), faces) == [(0,)] * 20


def test_face_with_a_shared_border_through_it_is_split() -> None:
    ground = ground_of(box(0, 0, 2, 1), box(2, 0, 4, 1), box(0, 0, 4, 1))
    cover = Cover(ground.polygons)
    faces = enclose_faces(shapely.boundary(ground.polygons[2:]), ground)
    split = split_faces(faces, cover.find_doubt(faces), ground)
    assert sorted(split.owners.find_sets(split.count)) == [(0, 2), (1, 2)]


@pytest.mark.parametrize(("losses", "sets"), [(False, [(0, 1)]), (True, [(0,), (0, 1)])])
def test_owner_may_end_without_another_beginning(losses: bool, sets: list[tuple[int, ...]]) -> None:
    ground = ground_of(box(0, 0, 4, 1), box(0, 0, 3, 1))
    faces = enclose_faces(shapely.boundary(ground.polygons[:1]), ground)
    split = split_faces(faces, Doubt(np.array([True]), np.array([losses])), ground)
    assert sorted(split.owners.find_sets(split.count)) == sets


def test_faces_left_alone_keep_their_owners() -> None:
    ground = ground_of(box(0, 0, 2, 1), box(2, 0, 4, 1), box(0, 0, 4, 1), box(9, 0, 10, 1))
    faces = enclose_faces(shapely.boundary(ground.polygons[2:]), ground)
    split = split_faces(faces, Cover(ground.polygons).find_doubt(faces), ground)
    assert sorted(split.owners.find_sets(split.count)) == [(0, 2), (1, 2), (3,)]


def test_grid_joins_what_nearly_meets() -> None:
    ground = ground_of(box(0, 0, 1, 1))
    open_ring = np.array([shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 1), (0, 1e-7)])], dtype=object)
    assert enclose_faces(open_ring, ground).count == 0
    assert enclose_faces(open_ring, ground, grid=1e-6).count == 1
