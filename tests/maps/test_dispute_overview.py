"""Check the overview of disputes: by state, with those without a place listed only."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from maps import DisputePoint, draw_disputes


def make(key: int, state: str, *, area: float | None = 10.0, place: shapely.Geometry | None = None) -> DisputePoint:
    return DisputePoint(key, f"<b>{key}", state, f"«{state}»", ("آبادان", "بهبهان"), area, place)


@pytest.fixture
def disputes() -> list[DisputePoint]:
    """Give one applied and three open disputes, one of them without a place and one of an unknown state."""
    return [
        make(1, "applied", area=99.0, place=shapely.Point(1, 1)),
        make(2, "open", area=None),
        make(3, "open", place=shapely.box(0, 0, 1, 1)),
        make(4, "unheard_of", area=50.0, place=shapely.Point(2, 2)),
    ]


def draw(divisions: gpd.GeoDataFrame, disputes: list[DisputePoint], language: str = "fa") -> str:
    return draw_disputes(divisions, disputes, language=language, title="اختلاف‌ها").skeleton


@pytest.mark.parametrize("state", ["open", "applied", "unheard_of"])
def test_each_state_can_be_hidden(divisions: gpd.GeoDataFrame, disputes: list[DisputePoint], state: str) -> None:
    skeleton = draw(divisions, disputes)
    assert f'checked data-group="{state}"' in skeleton
    assert f'data-row="{state}"' in skeleton


def test_what_is_to_be_decided_comes_first_and_the_largest_of_it(
    divisions: gpd.GeoDataFrame, disputes: list[DisputePoint]
) -> None:
    rows = draw(divisions, disputes).split("<tbody>")[1]
    order = [rows.index(f"&lt;b&gt;{key}") for key in (4, 3, 2, 1)]
    assert order == sorted(order)


def test_a_dispute_without_a_place_is_listed_without_a_link(
    divisions: gpd.GeoDataFrame, disputes: list[DisputePoint]
) -> None:
    skeleton = draw(divisions, disputes)
    assert "#dispute-2" not in skeleton
    assert "#dispute-3" in skeleton


@pytest.mark.parametrize(
    ("language", "sentence"), [("fa", "۴ اختلاف، ۳ تا هنوز حل نشده"), ("en", "4 disputes, 3 of them not settled")]
)
def test_the_summary_counts(
    divisions: gpd.GeoDataFrame, disputes: list[DisputePoint], language: str, sentence: str
) -> None:
    assert sentence in draw(divisions, disputes, language)


@pytest.mark.parametrize(("language", "sentence"), [("fa", "هیچ اختلافی نیست"), ("en", "There are no disputes")])
def test_no_dispute_is_said(divisions: gpd.GeoDataFrame, language: str, sentence: str) -> None:
    assert sentence in draw(divisions, [], language)


def test_points_are_counted_together(divisions: gpd.GeoDataFrame, disputes: list[DisputePoint]) -> None:
    assert '"grouping": "clustered"' in draw(divisions, disputes)
