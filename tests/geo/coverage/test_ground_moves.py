"""Check that ground moves between divisions of all levels without any other coordinate moving."""

from __future__ import annotations

import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from fixtures.sheets import apply_moves, audit_sheet, draw_sheet, list_vertices
from geo.coverage import GroundMove, Sheet, measure_area, measure_many, move_ground
from geo.errors import GroundCutsChildren, GroundNotExact, GroundOutside, InvalidGeometry, InvalidValue

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("Z" * 8, "PPPPQQQQ", "AABBCCDD", cell=1.0, origin=(0.0, 0.0))
TALL = draw_sheet("ZZZZ\nZZZZ", "PPQQ\nPPQQ", "ABCD\nABCD", cell=1.0, origin=(0.0, 0.0))


def area_of(shape: BaseGeometry) -> float:
    return float(shape.area)


def test_drawn_ground_leaves_one_division_and_enters_another() -> None:
    after = move_ground(SHEET, [GroundMove(box(3.5, 0, 4, 1), B, C)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == {B: 1.5, C: 2.5, P: 3.5, Q: 4.5, Z: 8.0}


def test_vertices_on_a_border_enter_every_boundary_that_runs_there() -> None:
    after = move_ground(SHEET, [GroundMove(box(3.5, 0, 4, 1), B, C)])
    assert all((3.5, 0.0) in list_vertices([after.shapes[key]]) for key in (B, C, P, Q, Z))
    assert after.vertices_added == 2


def test_neighbour_on_the_other_side_of_the_line_only_gets_the_vertex() -> None:
    after = move_ground(TALL, [GroundMove(box(1, 0.5, 2, 1), B, A)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == {A: 2.5, B: 1.5, C: 2.0, P: 4.0, Q: 4.0}


@pytest.mark.parametrize(("target", "areas"), [(Q, {P: 2.0, Q: 6.0}), (P, None)])
def test_division_goes_over_with_its_exact_ground(target: int, areas: dict[int, float] | None) -> None:
    if areas is None:
        with pytest.raises(InvalidValue):
            move_ground(SHEET, [GroundMove(SHEET.shapes[B], P, target)])
        return
    after = move_ground(SHEET, [GroundMove(SHEET.shapes[B], P, target)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == areas
    assert (after.moved[0].children, after.vertices_added) == ((B,), 0)


def test_result_has_no_finding_on_any_level() -> None:
    after = move_ground(TALL, [GroundMove(Polygon([(1, 0.2), (1.9, 0.1), (2, 1), (1.3, 1.7)]), B, C)])
    assert audit_sheet(apply_moves(TALL, after, [C])) == []


def test_source_without_ground_left_is_empty() -> None:
    after = move_ground(SHEET, [GroundMove(SHEET.shapes[B], B, A)])
    assert after.shapes[B].is_empty
    assert area_of(after.shapes[A]) == 4.0


def test_hole_stays_where_ground_inside_goes() -> None:
    after = move_ground(SHEET, [GroundMove(box(2.5, 0.25, 3.5, 0.75), B, D)])
    assert (area_of(after.shapes[B]), len(after.shapes[B].interiors)) == (1.5, 1)
    assert shapely.get_num_geometries(after.shapes[D]) == 2


def test_ground_with_a_hole_and_two_parts_moves_as_one() -> None:
    ring = Polygon(box(2.2, 0.2, 2.8, 0.8).exterior, [box(2.4, 0.4, 2.6, 0.6).exterior])
    after = move_ground(SHEET, [GroundMove(MultiPolygon([ring, box(3, 0.2, 3.2, 0.4)]), B, C)])
    assert area_of(after.shapes[C]) == pytest.approx(2 + 0.32 + 0.04, abs=1e-12)
    assert audit_sheet(apply_moves(SHEET, after, [C])) == []


def test_new_division_gets_its_ground() -> None:
    sheet = Sheet(SHEET.shapes, {**SHEET.parents, -1: Q}, {**SHEET.levels, -1: "district"})
    after = move_ground(sheet, [GroundMove(box(2, 0, 3, 1), B, -1)])
    assert {key: area_of(after.shapes[key]) for key in (-1, B, P, Q)} == {-1: 1.0, B: 1.0, P: 3.0, Q: 5.0}


def test_new_parent_above_a_new_division_gets_it_too() -> None:
    sheet = Sheet(SHEET.shapes, {**SHEET.parents, -1: -2, -2: Z}, {**SHEET.levels, -1: "district", -2: "county"})
    after = move_ground(sheet, [GroundMove(SHEET.shapes[B], B, -1)])
    assert {key: area_of(after.shapes[key]) for key in (-2, -1, B, P)} == {-2: 2.0, -1: 2.0, B: 0.0, P: 2.0}


def test_county_is_split_by_its_districts() -> None:
    sheet = Sheet(SHEET.shapes, {**SHEET.parents, -1: Z, -2: Z}, {**SHEET.levels, -1: "county", -2: "county"})
    moves = [GroundMove(SHEET.shapes[A], P, -1), GroundMove(SHEET.shapes[B], P, -2)]
    after = move_ground(sheet, moves)
    assert after.shapes[P].is_empty
    assert [piece.children for piece in after.moved] == [(A,), (B,)]


def test_ground_of_nobody_is_annexed_on_every_level() -> None:
    after = move_ground(SHEET, [GroundMove(box(8, 0, 9, 1), None, D)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == {D: 3.0, Q: 5.0, Z: 9.0}


def test_gap_below_a_parent_that_has_the_ground_is_filled_below_only() -> None:
    shapes = {**SHEET.shapes, D: box(6, 0, 7, 1)}
    gap = Sheet(shapes, SHEET.parents, SHEET.levels)
    after = move_ground(gap, [GroundMove(box(7, 0, 8, 1), None, D)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == {D: 2.0}


def test_ground_is_left_to_nobody_on_every_level() -> None:
    after = move_ground(SHEET, [GroundMove(box(7, 0, 8, 1), D, None)])
    assert {key: area_of(shape) for key, shape in after.shapes.items()} == {D: 1.0, Q: 3.0, Z: 7.0}


def test_later_moves_start_from_where_earlier_ones_ended() -> None:
    ground = box(3, 0, 4, 1)
    after = move_ground(SHEET, [GroundMove(ground, B, C), GroundMove(ground, C, D)])
    assert {key: area_of(after.shapes[key]) for key in (B, C, D)} == {B: 1.0, C: 2.0, D: 3.0}


@pytest.mark.parametrize(
    ("ground", "source", "target", "area_deg"),
    [
        (box(3, 0, 5, 1), B, A, 1.0),
        (box(3, 0, 4, 1), None, C, 1.0),
        (box(3, -1, 4, 1), B, C, 1.0),
        (box(8, 0, 9, 1), D, C, 1.0),
    ],
)
def test_ground_elsewhere_is_refused_with_its_area(
    ground: Polygon, source: int | None, target: int, area_deg: float
) -> None:
    with pytest.raises(GroundOutside) as refused:
        move_ground(SHEET, [GroundMove(ground, source, target)])
    assert refused.value.params["area_m2"] == pytest.approx(12.3e9 * area_deg, rel=1e-2)


@pytest.mark.parametrize(
    ("move", "divisions"),
    [
        (GroundMove(box(3, 0, 4, 1), P, Q), (B,)),
        (GroundMove(box(1, 0, 3, 1), P, Q), (A, B)),
        (GroundMove(box(2, 0, 4, 1), P, None), (B,)),
        (GroundMove(box(2, 0, 4, 1), B, Q), (C, D)),
        (GroundMove(box(8, 0, 9, 1), None, Q), (C, D)),
    ],
)
def test_divisions_below_are_never_cut_or_left_behind(move: GroundMove, divisions: tuple[int, ...]) -> None:
    with pytest.raises(GroundCutsChildren) as refused:
        move_ground(SHEET, [move])
    assert refused.value.params["divisions"] == divisions


def test_ground_does_not_leave_its_level() -> None:
    parents = {P: Z, Q: Z, Z: None, -1: P}
    bare = Sheet({key: SHEET.shapes[key] for key in (P, Q, Z)}, parents, {**SHEET.levels, -1: "district"})
    with pytest.raises(GroundNotExact):
        move_ground(bare, [GroundMove(box(3, 0, 4, 1), P, -1)])


@pytest.mark.parametrize(
    "ground",
    [
        Polygon(),
        shapely.Point(3, 0),
        Polygon([(2, 0), (4, 1), (4, 0), (2, 1)]),
        box(2, 0, 400, 1),
        Polygon([(2, 0), (float("inf"), 1), (3, 1)]),
        box(2.5, 0.5, 2.5000000004, 0.5000000004),
    ],
    ids=["empty", "point", "bow tie", "off the globe", "endless", "smaller than the grid"],
)
def test_unusable_ground_is_refused(ground: BaseGeometry) -> None:
    with pytest.raises(InvalidGeometry):
        move_ground(SHEET, [GroundMove(ground, B, C)])


@pytest.mark.parametrize(("source", "target"), [(B, B), (None, None), (99, B), (B, 99)])
def test_ends_that_mean_nothing_are_refused(source: int | None, target: int | None) -> None:
    with pytest.raises(InvalidValue):
        move_ground(SHEET, [GroundMove(box(3, 0, 4, 1), source, target)])


def test_no_moves_change_nothing() -> None:
    assert move_ground(SHEET, []).shapes == {}


@pytest.mark.parametrize(("tolerance_m", "exact"), [(500.0, True), (0.0, False)])
def test_drawn_vertices_near_a_border_are_pulled_to_it(tolerance_m: float, exact: bool) -> None:
    rough = Polygon([(3, 0.002), (4.003, -0.001), (3.999, 0.998), (3, 1.004)])
    inside = shapely.intersection(rough, SHEET.shapes[B])
    after = move_ground(SHEET, [GroundMove(rough if exact else inside, B, C)], tolerance_m=tolerance_m)
    assert (area_of(after.shapes[C]) == 3.0) == exact


def test_missing_vertex_of_a_neighbour_on_the_touched_line_is_set() -> None:
    lost = Sheet({**TALL.shapes, C: Polygon([(2, 0), (3, 0), (3, 1), (3, 2), (2, 2)])}, TALL.parents, TALL.levels)
    after = move_ground(lost, [GroundMove(box(1.5, 0, 2, 2), B, C)])
    assert audit_sheet(apply_moves(lost, after, [C])) == []


def test_defects_elsewhere_stay_as_they_are() -> None:
    torn = Sheet({**SHEET.shapes, D: box(6.5, 0, 8, 1)}, SHEET.parents, SHEET.levels)
    after = move_ground(torn, [GroundMove(box(1, 0, 2, 1), A, B)])
    known = {finding.fingerprint for finding in audit_sheet(torn)}
    assert {finding.fingerprint for finding in audit_sheet(apply_moves(torn, after, [B]))} == known


def test_untouched_rings_and_vertices_are_bit_identical() -> None:
    after = move_ground(SHEET, [GroundMove(box(3.1, 0.1, 3.9, 0.7), B, C)])
    ground = list_vertices([after.moved[0].ground])
    for key, shape in after.shapes.items():
        assert list_vertices([shape]) - ground == list_vertices([SHEET.shapes[key]])


def test_same_moves_give_the_same_bytes() -> None:
    move = GroundMove(Polygon([(2.3, 0), (3.7, 0), (3.1, 1)]), B, C)
    first, second = (move_ground(SHEET, [move]).shapes for _ in range(2))
    assert [shape.wkb for shape in first.values()] == [shape.wkb for shape in second.values()]


def test_geodesic_areas_are_kept_on_every_level() -> None:
    move = GroundMove(Polygon([(51.02, 35.002), (51.02, 35.008), (51.015, 35.005)]), B, C)
    sheet = draw_sheet("ZZZZ", "PPQQ", "ABCD")
    after = move_ground(sheet, [move])
    changes = {key: measure_area(after.shapes[key]) - measure_area(sheet.shapes[key]) for key in (B, C, P, Q)}
    area_m2 = after.moved[0].area_m2
    assert changes == pytest.approx({B: -area_m2, C: area_m2, P: -area_m2, Q: area_m2}, abs=1e-5)


def test_pieces_measure_what_the_register_measures() -> None:
    after = move_ground(SHEET, [GroundMove(box(3.5, 0, 4, 1), B, C)])
    assert after.moved[0].area_m2 == pytest.approx(measure_many([after.moved[0].ground])[0], rel=1e-4)
