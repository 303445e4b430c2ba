"""Check how divisions are called, also where the data say little."""

import geopandas as gpd
import pytest
import shapely

from maps.divisions import draw_ground, to_name, write_names


@pytest.mark.parametrize(
    ("name", "called"), [("ری", "ری"), ("", "0602"), (None, "0602"), (float("nan"), "0602")], ids=str
)
def test_a_division_without_a_name_is_called_by_its_code(name: object, called: str) -> None:
    assert to_name(name, "0602") == called


@pytest.mark.parametrize(
    ("codes", "language", "written"), [(["1", "9"], "fa", "ری، 9"), (["1", "9"], "en", "ری, 9"), ([], "fa", "—")]
)
def test_divisions_are_listed(codes: list[str], language: str, written: str) -> None:
    assert write_names(codes, {"1": "ری"}, language=language) == written


def test_two_divisions_of_one_code_are_both_drawn() -> None:
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    divisions = gpd.GeoDataFrame({"code": ["1", "1"], "name": ["a", "b"]}, geometry=boxes, crs=4326)
    assert [drawing.title for drawing in draw_ground(divisions, language="fa")] == ["a", "b"]


def test_a_division_of_which_nothing_is_known_is_a_dash() -> None:
    assert to_name(float("nan"), None) == "—"
