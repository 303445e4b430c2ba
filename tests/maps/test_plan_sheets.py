"""Check the picture of a plan for paper."""

from __future__ import annotations

from xml.etree import ElementTree

import geopandas as gpd
import pytest

from maps import draw_plan_sheet

HOSTILE = "</svg><script>window.broken=1</script>"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def seated(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a plan of two districts, of one and of four members."""
    return units.assign(seats=[1, 4, 4])


def read_texts(sheet: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(sheet).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "District 1: 1 seats, 100 people, -16.7%"),
        ("en", "District 2: 4 seats, 500 people, +4.2%"),
        ("en", "120 people stand behind one seat on average."),
        ("fa", "به طور میانگین هر کرسی ۱۲۰ نفر دارد."),
    ],
)
def test_districts_are_told_with_their_seats(seated: gpd.GeoDataFrame, language: str, told: str) -> None:
    assert told in read_texts(draw_plan_sheet(seated, language=language, title="x"))


def test_no_text_of_strangers_becomes_markup(seated: gpd.GeoDataFrame) -> None:
    sheet = draw_plan_sheet(seated, title=HOSTILE, attribution=HOSTILE)
    assert list(ElementTree.fromstring(sheet).iter(f"{SVG}script")) == []
    assert HOSTILE in read_texts(sheet)


def test_the_same_plan_gives_the_same_bytes(seated: gpd.GeoDataFrame) -> None:
    assert draw_plan_sheet(seated, title="x") == draw_plan_sheet(seated, title="x")


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_a_sheet_says_its_direction(seated: gpd.GeoDataFrame, language: str, direction: str) -> None:
    assert f'direction="{direction}"' in draw_plan_sheet(seated, language=language, title="x")


def test_everything_lies_on_the_sheet(seated: gpd.GeoDataFrame) -> None:
    root = ElementTree.fromstring(draw_plan_sheet(seated, title="x"))
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    assert all(0 <= float(node.attrib["x"]) <= width for node in root.iter(f"{SVG}text"))
    assert all(0 <= float(node.attrib["y"]) <= height for node in root.iter(f"{SVG}text"))


def test_a_plan_without_districts_says_so(units: gpd.GeoDataFrame) -> None:
    assert "This plan has no districts." in draw_plan_sheet(units.assign(district=None), language="en", title="x")


def test_units_without_a_district_are_left_white(seated: gpd.GeoDataFrame) -> None:
    sheet = draw_plan_sheet(seated.assign(district=[1, 2, None]), language="en", title="x")
    assert any("4 seats, 200 people" in text for text in read_texts(sheet))
