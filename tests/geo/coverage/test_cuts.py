"""Check that a drawn line cuts a division into exact faces."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from fixtures.sheets import audit_sheet, draw_sheet, list_vertices
from geo.coverage import GroundMove, Side, cut_ground, move_ground
from geo.errors import GroundCutsChildren, InvalidGeometry, InvalidValue

A, B, C, D, P, Q, Z = map(ord, "ABCDPQZ")
SHEET = draw_sheet("ZZZZ\nZZZZ", "PPQQ\nPPQQ", "ABCD\nABCD", cell=1.0, origin=(0.0, 0.0))


@pytest.mark.parametrize(
    ("line", "areas", "sides"),
    [
        ([(1.5, -1), (1.5, 3)], [1.0, 1.0], [Side.LEFT, Side.RIGHT]),
        ([(1.5, 3), (1.5, -1)], [1.0, 1.0], [Side.RIGHT, Side.LEFT]),
        ([(1, 0), (2, 2)], [1.0, 1.0], [Side.RIGHT, Side.LEFT]),
        ([(1, 0), (1, 1), (2, 1), (2, 2)], [1.0, 1.0], [Side.RIGHT, Side.LEFT]),
        ([(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)], [1.5, 0.5], [Side.RIGHT, Side.LEFT]),
        ([(1, 0.5), (2, 0.5), (2, 1.5), (1, 1.5)], [0.5, 1.0, 0.5], [Side.RIGHT, Side.LEFT, Side.RIGHT]),
        ([(1.2, 1.2), (1.8, 1.2), (1.8, 1.8), (1.2, 1.8), (1.2, 1.2)], [1.64, 0.36], [Side.RIGHT, Side.LEFT]),
    ],
    ids=["straight", "backwards", "through corners", "along borders", "from beside", "twice", "ring"],
)
def test_line_cuts_a_division_into_faces(
    line: list[tuple[float, float]], areas: list[float], sides: list[Side]
) -> None:
    cut = cut_ground(SHEET, B, LineString(line))
    assert [face.area for face in cut.faces] == pytest.approx(areas)
    assert list(cut.sides) == sides


def test_line_sets_its_vertices_in_every_boundary_that_runs_there() -> None:
    cut = cut_ground(SHEET, B, LineString([(0.5, 0.3), (3, 0.3)]))
    owners = {key for key, shape in cut.sheet.shapes.items() if (2.0, 0.3) in list_vertices([shape])}
    assert owners == {B, C, P, Q}
    assert audit_sheet(cut.sheet) == []


@pytest.mark.parametrize("line", [[(0.2, 0.3), (3.8, 0.3)], [(1.4, 0.5), (1, 0.3), (2, 0.3), (1.7, 0.5)]])
def test_ends_beyond_the_faces_leave_no_vertex(line: list[tuple[float, float]]) -> None:
    cut = cut_ground(SHEET, B, LineString(line))
    before = list_vertices(list(SHEET.shapes.values()))
    assert list_vertices(list(cut.sheet.shapes.values())) - before == {(1.0, 0.3), (2.0, 0.3)}
    assert cut.vertices_added == 2


@pytest.mark.parametrize(
    "line", [[(1.2, 0.5), (1.8, 0.5)], [(3.2, 0), (3.2, 2)], [(1, 0), (1, 2)], [(1.2, -1), (1.2, 1)]]
)
def test_line_that_parts_nothing_is_refused(line: list[tuple[float, float]]) -> None:
    with pytest.raises(InvalidGeometry):
        cut_ground(SHEET, B, LineString(line))


@pytest.mark.parametrize(
    "line", [LineString(), shapely.Point(1, 1), LineString([(1, 0), (float("inf"), 2)]), LineString([(1, 0), (999, 2)])]
)
def test_what_is_no_line_is_refused(line: BaseGeometry) -> None:
    with pytest.raises(InvalidGeometry):
        cut_ground(SHEET, B, line)


def test_division_without_boundary_is_refused() -> None:
    with pytest.raises(InvalidValue):
        cut_ground(SHEET, 99, LineString([(1, 0), (2, 2)]))


def test_line_through_divisions_below_is_refused() -> None:
    with pytest.raises(GroundCutsChildren) as refused:
        cut_ground(SHEET, P, LineString([(1.5, -1), (1.5, 3)]))
    assert refused.value.params["divisions"] == (B,)


def test_line_along_divisions_below_cuts_their_parent() -> None:
    cut = cut_ground(SHEET, P, LineString([(1, -1), (1, 3)]))
    assert [face.area for face in cut.faces] == [2.0, 2.0]


def test_rough_line_is_pulled_to_the_corners() -> None:
    cut = cut_ground(SHEET, B, LineString([(1.002, 0.001), (1.999, 1.998)]), tolerance_m=500.0)
    assert [face.area for face in cut.faces] == [1.0, 1.0]


def test_face_can_be_moved_as_it_is() -> None:
    cut = cut_ground(SHEET, B, LineString([(1.1, -1), (1.7, 3)]))
    after = move_ground(cut.sheet, [GroundMove(cut.faces[1], B, C)])
    assert after.vertices_added == 0
    assert after.shapes[B].equals(cut.faces[0])
