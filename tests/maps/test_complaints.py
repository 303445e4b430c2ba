"""Check the page of complaint density, and that withheld counts stay withheld."""

import geopandas as gpd
import pytest

from maps.complaints import draw_density, find_breaks


def test_a_withheld_count_is_nowhere_in_the_page(density: gpd.GeoDataFrame) -> None:
    html = draw_density(density.assign(count=[10, 3333, 1], rate=[1.0, 44.44, 2.0]), language="en", title="x").skeleton
    assert "3,333" not in html
    assert "44.44" not in html


@pytest.mark.parametrize(
    ("language", "sentence"), [("fa", "پنهان برای حفظ حریم خصوصی"), ("en", "Withheld for privacy")]
)
def test_what_is_withheld_is_said(density: gpd.GeoDataFrame, language: str, sentence: str) -> None:
    assert sentence in draw_density(density, language=language, title="x").skeleton


def test_a_withheld_division_is_hatched(density: gpd.GeoDataFrame) -> None:
    assert draw_density(density, title="x").skeleton.count('"fillColor": "url(#hatch)"') == 1


def test_the_council_stands_beside_its_count(density: gpd.GeoDataFrame) -> None:
    assert "<bdi>شورای آبادان</bdi>" in draw_density(density, title="x").skeleton


def test_counts_are_shown_where_no_population_is_known(density: gpd.GeoDataFrame) -> None:
    assert "Number of complaints" in draw_density(density.assign(rate=None), language="en", title="x").skeleton


def test_divisions_without_complaints_have_an_answer(density: gpd.GeoDataFrame) -> None:
    empty = density.assign(count=0, rate=0.0, suppressed=False)
    assert "No complaints are recorded." in draw_density(empty, language="en", title="x").skeleton


def test_a_page_without_councils_is_drawn(density: gpd.GeoDataFrame) -> None:
    assert draw_density(density.drop(columns=["council", "category"]), title="x").skeleton


def test_nothing_at_all_is_drawn(density: gpd.GeoDataFrame) -> None:
    assert "هیچ شکایتی" in draw_density(density.iloc[:0], title="x").skeleton


@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        ([], ()),
        ([2.0, 2.0], ()),
        ([0.0, 1.0], (0.5,)),
        ([float(value) for value in range(101)], (20.0, 40.0, 60.0, 80.0)),
        ([0.0] * 90 + [1.2345], ()),
    ],
)
def test_breaks_split_evenly_at_round_numbers(values: list[float], breaks: tuple[float, ...]) -> None:
    assert find_breaks(values) == breaks
