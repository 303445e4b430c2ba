"""Check the page of polling stations."""

import geopandas as gpd
import pytest
import shapely

from maps.branches import draw_branches

HERE = shapely.Point(0.61, 0.61)


def test_the_nearest_station_comes_first(divisions: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> None:
    html = draw_branches(divisions, stations, asked=HERE, title="x").skeleton
    assert html.index('href="#s-s2"') < html.index('href="#s-s1"') < html.index('href="#s-s3"')


def test_the_voters_division_is_outlined(divisions: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> None:
    assert '"own-0601"' in draw_branches(divisions, stations, asked=HERE, title="x").skeleton


def test_without_a_point_nothing_is_called_nearest(divisions: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> None:
    assert "Nearest" not in draw_branches(divisions, stations, language="en", title="x").skeleton


@pytest.mark.parametrize("asked", [None, HERE, shapely.Point(50, 50)])
def test_no_station_is_said(
    divisions: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, asked: shapely.Point | None
) -> None:
    page = draw_branches(divisions, stations.iloc[:0], asked=asked, language="en", title="x")
    assert "There is no polling station" in page.skeleton


def test_distances_are_written_for_the_reader(divisions: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> None:
    html = draw_branches(divisions, stations, asked=HERE, title="x").skeleton
    assert "۲۴۰ متر" in html
    assert "۱٫۸ کیلومتر" in html
