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


@pytest.fixture
def seated(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a plan in which the second district returns four members."""
    return units.assign(seats=[1, 4, 4])


@pytest.mark.parametrize("figure", ["-16.7%", "+4.2%", "Seats"])
def test_people_are_shared_by_seats(seated: gpd.GeoDataFrame, figure: str) -> None:
    assert figure in draw_plan(seated, language="en", title="x").skeleton


@pytest.mark.parametrize("seats", [None, [1, 1, 1]])
def test_single_seats_have_no_column(units: gpd.GeoDataFrame, seats: list[int] | None) -> None:
    plain = units if seats is None else units.assign(seats=seats)
    assert "Seats" not in draw_plan(plain, language="en", title="x").skeleton
