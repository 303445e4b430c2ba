"""Hold moved, cut and joined ground against what must always be true, on sheets of three levels dealt at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from fixtures.sheets import CELL, ORIGIN, apply_moves, audit_sheet, draw_sheet, list_vertices
from geo.coverage import GroundMove, Sheet, cut_ground, join_ground, move_ground
from geo.errors import InvalidGeometry

SIDE = 4
DISTRICTS, COUNTIES, PROVINCES = "ABCDEF", "PQR", "YZ"
# To draw a sheet takes its time, the more so on a busy machine.
SLOW = (HealthCheck.too_slow,)
LEAST = 1e-12

owners = st.lists(st.integers(0, 5), min_size=SIDE * SIDE, max_size=SIDE * SIDE)
tilts = st.lists(st.integers(-200_000, 200_000), min_size=4, max_size=4)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Deal cells to districts, districts to counties, counties to provinces, and tilt the grid off its axes."""
    dealt, county = draw(owners), draw(st.lists(st.integers(0, 2), min_size=6, max_size=6))
    province = draw(st.lists(st.integers(0, 1), min_size=3, max_size=3))
    rows = [dealt[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    districts = ["".join(DISTRICTS[owner] for owner in row) for row in rows]
    counties = ["".join(COUNTIES[county[owner]] for owner in row) for row in rows]
    provinces = ["".join(PROVINCES[province[county[owner]]] for owner in row) for row in rows]
    sheet = draw_sheet(*("\n".join(level) for level in (provinces, counties, districts)))
    return tilt_sheet(sheet, np.array(draw(tilts)).reshape(2, 2) / 1e6)


def tilt_sheet(sheet: Sheet, tilt: np.ndarray) -> Sheet:
    def move(xy: np.ndarray) -> np.ndarray:
        away = xy - ORIGIN
        return np.asarray(np.round(xy + away @ tilt + 30 * (away**2) @ tilt, 9))

    return Sheet(
        {key: shapely.transform(shape, move) for key, shape in sheet.shapes.items()}, sheet.parents, sheet.levels
    )


def list_districts(sheet: Sheet) -> list[int]:
    return sorted(key for key, level in sheet.levels.items() if level == "district")


spots = st.tuples(st.floats(-0.3, SIDE + 0.3), st.floats(-0.3, SIDE + 0.3)).map(
    lambda spot: (ORIGIN[0] + spot[0] * CELL, ORIGIN[1] + spot[1] * CELL)
)


def corners(sheet: Sheet) -> st.SearchStrategy[tuple[float, ...]]:
    """Draw spots anywhere, on vertices, and a hair beside them."""
    known = sorted(list_vertices(list(sheet.shapes.values())))
    hairs = st.sampled_from([0.0, 4e-10, -1e-9, 3e-9])
    near = st.tuples(st.sampled_from(known), hairs, hairs).map(lambda one: (one[0][0] + one[1], one[0][1] + one[2]))
    return st.one_of(spots, st.sampled_from(known), near)


def clip(ground: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """Take what somebody drew only as far as the division goes, as a drawing tool would."""
    parts = shapely.get_parts(shapely.intersection(ground, whole))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > LEAST])


@dataclass(frozen=True)
class Case:
    """Hold a sheet and a move on it."""

    sheet: Sheet
    move: GroundMove


@st.composite
def grounds(draw: st.DrawFn, sheet: Sheet, source: int) -> BaseGeometry:
    """Draw ground of a division, with holes and in parts; a corner of its own keeps it from missing the division."""
    corner = draw(st.sampled_from(sorted(list_vertices([sheet.shapes[source]]))))
    drawn: BaseGeometry = Polygon([*draw(st.lists(corners(sheet), min_size=2, max_size=5, unique=True)), corner])
    drawn = drawn if drawn.is_valid else shapely.convex_hull(drawn)
    assume(drawn.area > LEAST)
    if draw(st.booleans()):
        drawn = drawn.difference(shapely.affinity.scale(drawn, 0.4, 0.4))
    ground = clip(drawn, sheet.shapes[source])
    assume(not ground.is_empty)
    return ground


@st.composite
def moves(draw: st.DrawFn, sheet: Sheet) -> GroundMove:
    """Draw a move of a whole division, of one under another parent, or of drawn ground."""
    source, target = draw(st.permutations(list_districts(sheet)))[:2]
    kind = draw(st.sampled_from(["drawn", "drawn", "whole", "child"]))
    if kind == "child" and sheet.parents[source] != sheet.parents[target]:
        return GroundMove(sheet.shapes[source], sheet.parents[source], sheet.parents[target])
    ground = draw(grounds(sheet, source)) if kind == "drawn" else sheet.shapes[source]
    return GroundMove(ground, source, target)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sheet = draw(sheets().filter(lambda sheet: len(list_districts(sheet)) > 1))
    return Case(sheet, draw(moves(sheet)))


def run(case: Case) -> tuple[Sheet, GroundMove]:
    """Make the move; give the sheet after it and the move back."""
    try:
        moved = move_ground(case.sheet, [case.move])
    except InvalidGeometry:
        # Ground no wider than a hair folds together.
        assume(False)
    after = apply_moves(case.sheet, moved, [case.move.target])
    return after, GroundMove(moved.moved[0].ground, case.move.target, case.move.source)


@settings(max_examples=30, suppress_health_check=SLOW)
@given(cases())
def test_every_level_is_tiled_after_a_move(case: Case) -> None:
    assert audit_sheet(run(case)[0]) == []


@settings(max_examples=30, suppress_health_check=SLOW)
@given(cases())
def test_vertices_come_and_go_only_along_the_ground(case: Case) -> None:
    after, back = run(case)
    changed = list_vertices(list(after.shapes.values())) ^ list_vertices(list(case.sheet.shapes.values()))
    assert changed <= list_vertices([back.ground])


@settings(max_examples=30, suppress_health_check=SLOW)
@given(cases())
def test_ground_that_comes_back_leaves_only_vertices(case: Case) -> None:
    after, back = run(case)
    again = move_ground(after, [back])
    assert again.vertices_added == 0
    extra = list_vertices([back.ground])
    for key, shape in case.sheet.shapes.items():
        restored = apply_moves(after, again, [back.target]).shapes[key]
        assert list_vertices([restored]) - list_vertices([shape]) <= extra
        assert list_vertices([shape]) <= list_vertices([restored])
        assert math.isclose(restored.area, shape.area, abs_tol=1e-10)


@settings(max_examples=30, suppress_health_check=SLOW)
@given(sheets().filter(lambda sheet: len(list_districts(sheet)) > 2), st.data())
def test_order_of_disjoint_moves_changes_nothing(sheet: Sheet, data: st.DataObject) -> None:
    first, second, target = data.draw(st.permutations(list_districts(sheet)))[:3]
    one, other = (GroundMove(data.draw(grounds(sheet, source)), source, target) for source in (first, second))
    try:
        after = [move_ground(sheet, order).shapes for order in ([one, other], [other, one])]
    except InvalidGeometry:
        assume(False)
    assert {key: shape.wkb for key, shape in after[0].items()} == {key: shape.wkb for key, shape in after[1].items()}


@settings(max_examples=30, suppress_health_check=SLOW)
@given(sheets(), st.data())
def test_faces_of_a_cut_are_the_division(sheet: Sheet, data: st.DataObject) -> None:
    division = data.draw(st.sampled_from(list_districts(sheet)))
    line = LineString(data.draw(st.lists(corners(sheet), min_size=2, max_size=5, unique=True)))
    try:
        cut = cut_ground(sheet, division, line)
    except InvalidGeometry:
        assume(False)
    assert audit_sheet(cut.sheet) == []
    whole = join_ground(cut.faces)
    assert list_vertices([whole]) == list_vertices([cut.sheet.shapes[division]])
    assert math.isclose(whole.area, cut.sheet.shapes[division].area, rel_tol=1e-12)


@settings(max_examples=30, suppress_health_check=SLOW)
@given(sheets(), st.sampled_from(["county", "province"]))
def test_divisions_join_into_the_one_above(sheet: Sheet, level: str) -> None:
    for key in (key for key, name in sheet.levels.items() if name == level):
        below = [shape for child, shape in sheet.shapes.items() if sheet.parents[child] == key]
        assert join_ground(below).equals(sheet.shapes[key])
