"""Check geometries before they enter the register."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import box, wkt

from geo.register import load_pack
from geo.register.ground import check_ground, digest_bytes, digest_grounds, lay_ground
from geo.register.rows import Rows

IRAN = load_pack("ir")
PROVINCE, VILLAGE = IRAN.level("province"), IRAN.level("village")
INSIDE = box(51, 35, 52, 36)


def spoil(number: float) -> shapely.Geometry:
    """Put a number that is none into a square."""
    return shapely.transform(INSIDE, lambda xy: np.where(xy == 36, number, xy))


def check(*shapes: shapely.Geometry | None, level=PROVINCE, most=1000, broken=None, heights=0):
    """List row, rule and weight of what is wrong."""
    rows = Rows(range(1, len(shapes) + 1), {}, np.array(shapes, dtype=object), broken or {}, heights)
    ground = lay_ground(rows, [level] * len(shapes), pack=IRAN, most_vertices=most)
    return [(problem.row, problem.rule, str(problem.weight)) for problem in check_ground(ground, "layer")]


@pytest.mark.parametrize(
    ("shape", "rule"),
    [
        (box(2, 48, 3, 49), "geometry_abroad"),
        (box(35, 51, 36, 52), "geometry_swapped"),
        (box(500_000, 3_000_000, 500_100, 3_000_100), "geometry_off_globe"),
        (wkt.loads("POLYGON ((51 35, 52 36, 52 35, 51 36, 51 35))"), "geometry_invalid"),
        (spoil(float("nan")), "geometry_numbers"),
        (spoil(float("inf")), "geometry_numbers"),
        (wkt.loads("POLYGON EMPTY"), "geometry_empty"),
        (wkt.loads("LINESTRING (51 35, 52 36)"), "geometry_kind"),
        (wkt.loads("MULTIPOINT (51 35, 52 36)"), "geometry_kind"),
        (shapely.GeometryCollection([INSIDE]), "geometry_kind"),
        (shapely.segmentize(INSIDE, 0.001), "geometry_vertices"),
    ],
)
def test_bad_ground_is_refused_once(shape, rule):
    assert check(INSIDE, shape) == [(2, rule, "refused")]


@pytest.mark.parametrize("shape", [INSIDE, shapely.MultiPolygon([INSIDE, box(53, 35, 54, 36)]), shapely.Point(51, 35)])
def test_good_ground_of_a_division_stands(shape):
    assert check(shape) == []


@pytest.mark.parametrize(("shape", "found"), [(shapely.Point(51, 35), []), (INSIDE, [(1, "geometry_kind", "refused")])])
def test_places_are_points(shape, found):
    assert check(shape, level=VILLAGE) == found


def test_missing_ground_is_noted():
    assert check(INSIDE, None) == [(2, "geometry_missing", "noted")]


def test_unreadable_ground_is_refused():
    assert check(None, INSIDE, broken={0: "open ring"}) == [(1, "geometry_unreadable", "refused")]


def test_heights_are_noted_for_the_layer():
    assert check(INSIDE, heights=1) == [(0, "geometry_heights", "noted")]


def test_layer_without_ground_has_no_problems():
    ground = lay_ground(Rows([1], {}), [PROVINCE], pack=IRAN, most_vertices=9)
    assert (check_ground(ground, "layer"), ground.shapes.tolist()) == ([], [None])


def test_ground_is_laid_flat_on_the_grid_as_a_collection():
    rows = Rows(
        [1], {}, np.array([wkt.loads("POLYGON Z ((51.0000000004 35 1, 52 35 1, 52 36 1, 51.0000000004 35 1))")])
    )
    [laid] = lay_ground(rows, [PROVINCE], pack=IRAN, most_vertices=9).shapes
    assert laid.wkt == "MULTIPOLYGON (((51 35, 52 35, 52 36, 51 35)))"


def test_ground_that_falls_together_on_the_grid_is_refused():
    assert check(box(51, 35, 51 + 1e-10, 35 + 1e-10)) == [(1, "geometry_invalid", "refused")]


@pytest.mark.parametrize("turn", [shapely.reverse, shapely.orient_polygons, lambda shape: shape])
def test_digest_does_not_see_which_way_rings_run(turn):
    shape = shapely.MultiPolygon([INSIDE.difference(box(51.2, 35.2, 51.4, 35.4))])
    assert digest_grounds(np.array([turn(shape)])) == digest_grounds(np.array([shape]))


def test_digest_sees_every_vertex():
    assert digest_grounds(np.array([INSIDE])) != digest_grounds(np.array([shapely.segmentize(INSIDE, 0.5)]))


def test_digest_of_a_point_is_that_of_its_bytes():
    point = shapely.Point(51, 35)
    assert digest_grounds(np.array([point, None])) == [digest_bytes(shapely.to_wkb(point, byte_order=1)), ""]
