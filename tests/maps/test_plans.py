"""Check the page of a district plan."""

import geopandas as gpd
import pytest

from fixtures.letters import draw
from maps.plans import choose_colours, draw_plan


@pytest.mark.parametrize("figure", ["+66.7%", "-66.7%", "500", "2 districts of 3 units"])
def test_the_balance_is_listed(units: gpd.GeoDataFrame, figure: str) -> None:
    assert figure in draw_plan(units, language="en", title="x").skeleton


def test_neighbours_differ_in_colour() -> None:
    ground = draw("""
        ABC
        DEF
        GHI
    """)
    colours = dict(zip(ground, choose_colours(list(ground.values())), strict=True))
    neighbours = [
        (one, other) for one in ground for other in ground if one < other and ground[one].touches(ground[other])
    ]
    assert all(colours[one] != colours[other] for one, other in neighbours)


def test_districts_are_in_the_order_of_their_numbers(units: gpd.GeoDataFrame) -> None:
    html = draw_plan(units.assign(district=[10, 9, 9]), language="en", title="x").skeleton
    assert html.index("District 9") < html.index("District 10")


def test_a_unit_without_a_district_is_told_apart(units: gpd.GeoDataFrame) -> None:
    html = draw_plan(units.assign(district=[1, 1, None]), language="en", title="x").skeleton
    assert "No district" in html
    assert "1 districts of 2 units" in html


def test_a_plan_without_districts_says_so(units: gpd.GeoDataFrame) -> None:
    assert "This plan has no districts." in draw_plan(units.assign(district=None), language="en", title="x").skeleton


def test_unknown_populations_do_not_break_the_balance(units: gpd.GeoDataFrame) -> None:
    assert "0.0%" not in draw_plan(units.assign(population=None), language="fa", title="x").skeleton
