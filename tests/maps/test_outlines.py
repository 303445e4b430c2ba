"""Check that outlines shrink without losing their neighbours."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from fixtures.letters import draw
from maps.outlines import Drawing, round_positions, thin_coverage, to_anchor, to_outlines, to_view


@pytest.fixture
def detailed() -> np.ndarray:
    ground = draw("""
        AAAB
        AACB
        DDCC
    """)
    return round_positions(shapely.segmentize(np.array(list(ground.values()), dtype=object), 0.02))


def test_outlines_fit_the_budget(detailed: np.ndarray) -> None:
    assert shapely.get_num_coordinates(thin_coverage(detailed, max_vertices=100)).sum() <= 100


def test_thinned_neighbours_stay_neighbours(detailed: np.ndarray) -> None:
    assert shapely.coverage_is_valid(thin_coverage(detailed, max_vertices=60))


def test_unmatched_neighbours_fit_the_budget_too() -> None:
    rng = np.random.default_rng(1)
    circles = shapely.buffer(shapely.points(rng.random((30, 2))), 0.2, quad_segs=64)
    assert shapely.get_num_coordinates(thin_coverage(circles, max_vertices=1000)).sum() <= 1000


def test_no_division_is_lost(detailed: np.ndarray) -> None:
    assert not shapely.is_empty(thin_coverage(detailed, max_vertices=1)).any()


def test_small_data_are_not_touched(detailed: np.ndarray) -> None:
    assert shapely.equals_identical(thin_coverage(detailed, max_vertices=10_000), detailed).all()


def test_rows_without_geometry_are_left_out(divisions: gpd.GeoDataFrame) -> None:
    divisions.loc[0, "geometry"] = None
    assert to_outlines(divisions)["code"].tolist() == ["0602", "0603"]


def test_the_data_given_stay_as_they_are(divisions: gpd.GeoDataFrame) -> None:
    before = divisions.copy(deep=True)
    to_outlines(divisions, max_vertices=4)
    assert divisions.geom_equals_exact(before, 0).all()


def test_a_self_crossing_outline_is_still_drawn() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    outlines = to_outlines(gpd.GeoDataFrame({"code": ["1"]}, geometry=[bow], crs=4326), max_vertices=3)
    assert not outlines.geometry.is_empty.any()


def test_positions_are_rounded_to_a_metre() -> None:
    [point] = round_positions([shapely.Point(51.123456789, 35.987654321)])
    assert (point.x, point.y) == (51.12346, 35.98765)


def test_an_anchor_lies_on_its_geometry() -> None:
    ring = shapely.Point(0, 0).buffer(1).difference(shapely.Point(0, 0).buffer(0.8))
    assert ring.contains(to_anchor(ring))


@pytest.mark.parametrize("geometries", [[], [shapely.Point()]])
def test_nothing_has_no_view(geometries: list[shapely.Point]) -> None:
    assert to_view(geometries) is None


def test_a_feature_carries_text_only() -> None:
    feature = Drawing("d-1", shapely.Point(1, 2), {}, "<b>", (("a", "b"),)).to_feature(7)
    assert feature["id"] == 7
    assert feature["properties"] == {"id": "d-1", "title": "<b>", "details": (("a", "b"),)}


@pytest.mark.parametrize(
    "geometries",
    [
        shapely.points([(0.1, 0.2), (0.3, 0.4)]),
        shapely.linestrings([[(0, 0), (1, 1), (2, 0)]]),
        np.array([shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (3, 3)])])]),
    ],
    ids=["points", "lines", "collection"],
)
def test_what_is_no_polygon_stays_as_it_is(geometries: np.ndarray) -> None:
    assert shapely.equals_identical(thin_coverage(geometries, max_vertices=1), geometries).all()
