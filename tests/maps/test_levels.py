"""Check the map of a level as of a day."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from maps import draw_level


@pytest.fixture
def counted(divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give three divisions, the people of one of them unknown."""
    return divisions.assign(population=[1000, None, 2500])


@pytest.mark.parametrize(
    ("language", "told"), [("fa", "۳ واحد در ۱ فروردین ۱۴۰۴"), ("en", "3 divisions on ۱ فروردین ۱۴۰۴")]
)
def test_the_summary_says_the_day(counted: gpd.GeoDataFrame, language: str, told: str) -> None:
    assert told in draw_level(counted, day="۱ فروردین ۱۴۰۴", language=language, title="x").skeleton


@pytest.mark.parametrize("people", ["1,000", "2,500", "—"])
def test_people_are_told_where_they_are_known(counted: gpd.GeoDataFrame, people: str) -> None:
    assert f"<bdi>{people}</bdi>" in draw_level(counted, day="today", language="en", title="x").skeleton


def test_a_division_without_a_boundary_is_left_out(counted: gpd.GeoDataFrame) -> None:
    bare = counted.set_geometry([shapely.Polygon(), *counted.geometry.to_list()[1:]], crs=4326)
    page = draw_level(bare, day="today", language="en", title="x")
    assert "2 divisions on today" in page.skeleton
    assert "آبادان" not in page.skeleton


def test_an_empty_level_is_said(counted: gpd.GeoDataFrame) -> None:
    page = draw_level(counted.iloc[:0], day="today", language="en", title="x")
    assert "No division of this level has a boundary on this day." in page.skeleton


def test_neighbours_differ_in_colour(counted: gpd.GeoDataFrame) -> None:
    skeleton = draw_level(counted, day="today", language="en", title="x").skeleton
    assert len({part[:9] for part in skeleton.split('<circle cx="6" cy="6" r="5" fill="')[1:]}) == 3
