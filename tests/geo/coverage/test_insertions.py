"""Test that vertices are inserted where boundaries lack them, and nowhere else."""

from __future__ import annotations

import pytest
import shapely

from geo.coverage import Sheet, audit_coverage
from geo.coverage.insertions import Insertion, Spot, insert_vertices

METRE = 1 / 111_319.49


def lay(*shapes: shapely.Polygon, parents: dict[int, int | None] | None = None) -> Sheet:
    return Sheet(dict(enumerate(shapes, start=1)), parents or {}, {})


def junction(offset: float = 0.0) -> Sheet:
    """Lay a long box below two boxes that meet half-way, a little off its edge."""
    meet = (1.0, 1.0 + offset)
    left = shapely.Polygon([(0, 1), meet, (1, 2), (0, 2)])
    right = shapely.Polygon([meet, (2, 1), (2, 2), (1, 2)])
    return lay(shapely.box(0, 0, 2, 1), left, right)


def insert(sheet: Sheet, point: tuple[float, float], *divisions: int) -> Insertion:
    return insert_vertices(sheet, [Spot(point, divisions)], width_m=0.002)


def count_unmatched(sheet: Sheet) -> int:
    keys = [str(key) for key in sheet.shapes]
    return audit_coverage(list(sheet.shapes.values()), keys).counts.get("unmatched_vertex", 0)


@pytest.mark.parametrize("offset_m", [0.0, 0.001, -0.0015])
def test_a_lacking_vertex_is_inserted(offset_m: float):
    sheet = junction(offset_m * METRE)
    point = (1.0, 1.0 + offset_m * METRE)
    after = insert(sheet, point, 1, 2, 3)
    assert (count_unmatched(sheet), count_unmatched(after.sheet)) == (1, 0)
    assert list(after.shapes) == [1]
    assert point in after.shapes[1].exterior.coords


def test_it_says_how_far_an_edge_moves_and_how_much_ground_that_is():
    [vertex] = insert(junction(0.001 * METRE), (1.0, 1.0 + 0.001 * METRE), 1, 2, 3).vertices
    assert (vertex.edges, vertex.refused) == (1, None)
    assert vertex.displacement_m == pytest.approx(0.001, rel=0.02)
    assert vertex.area_m2 == pytest.approx(111, rel=0.02)


@pytest.mark.parametrize(
    ("point", "divisions"), [((1.0, 1.0 + 1e-4), (1,)), ((0.0, 0.0), (1,)), ((1.0, 1.0), (2, 3)), ((1.0, 1.0), (9,))]
)
def test_what_no_boundary_lacks_is_refused(point: tuple[float, float], divisions: tuple[int, ...]):
    after = insert(junction(), point, *divisions)
    assert after.shapes == {}
    assert after.vertices[0].refused is not None


def test_every_boundary_with_the_edge_gets_the_vertex():
    whole, part = shapely.box(0, 0, 2, 1), shapely.box(0, 0, 2, 1)
    sheet = lay(whole, part, shapely.box(0, 1, 1, 2))
    after = insert(sheet, (1.0, 1.0), 2, 3)
    assert sorted(after.shapes) == [1, 2]
    assert after.shapes[1].equals_exact(after.shapes[2], 0)


def test_vertices_of_one_edge_come_in_its_order():
    sheet = lay(shapely.box(0, 0, 4, 1))
    spots = [Spot((x, 1.0), (1,)) for x in (3.0, 1.0, 2.0)]
    after = insert_vertices(sheet, spots, width_m=0.002)
    assert [xy for xy in after.shapes[1].exterior.coords if xy[1] == 1.0 and 0 < xy[0] < 4] in (
        [(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)],
        [(3.0, 1.0), (2.0, 1.0), (1.0, 1.0)],
    )


def test_a_vertex_that_would_fold_a_boundary_is_left():
    notched = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0.502, 1), (0.5005, 5e-9), (0.501, 1), (0, 1)])
    after = insert(lay(notched), (0.5, 1e-8), 1)
    assert after.shapes == {}
    assert after.vertices[0].refused is not None
