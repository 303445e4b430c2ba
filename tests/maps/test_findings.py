"""Check the page of findings."""

import geopandas as gpd
import pytest

from maps.findings import draw_findings


def test_the_largest_finding_comes_first(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    html = draw_findings(divisions, findings, language="en", title="x").skeleton
    assert html.index('href="#f-aa02"') < html.index('href="#f-aa01"')


def test_a_finding_without_a_place_is_listed_without_a_link(
    divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame
) -> None:
    html = draw_findings(divisions, findings, language="en", title="x").skeleton
    assert "Code clash" in html
    assert "#f-aa03" not in html


def test_divisions_are_called_by_name(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    assert "<bdi>آبادان، بهبهان</bdi>" in draw_findings(divisions, findings, title="x").skeleton


def test_the_summary_counts(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    assert "3 findings in 3 divisions" in draw_findings(divisions, findings, language="en", title="x").skeleton


@pytest.mark.parametrize(("language", "sentence"), [("fa", "هیچ یافته‌ای نیست"), ("en", "There are no findings")])
def test_a_clean_coverage_is_called_so(
    divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, language: str, sentence: str
) -> None:
    assert sentence in draw_findings(divisions, findings.iloc[:0], language=language, title="x").skeleton


def test_a_kind_not_known_here_keeps_its_key(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    assert "unheard_of" in draw_findings(divisions, findings.assign(kind="unheard_of"), title="x").skeleton


def test_one_division_given_as_text_is_one_code(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    page = draw_findings(divisions, findings.assign(divisions="0601"), language="en", title="x")
    assert "3 findings in 1 divisions" in page.skeleton


def test_a_long_list_is_cut_and_says_so(divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> None:
    many = findings.iloc[[0] * 501].assign(fingerprint=[f"{at:04}" for at in range(501)])
    html = draw_findings(divisions, many, language="en", title="x").skeleton
    assert "The first 500 rows of 501" in html
    assert html.count("<tr>") == 501


def test_clashing_codes_and_fingerprints_are_still_drawn(
    divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame
) -> None:
    page = draw_findings(divisions.assign(code="0601"), findings.assign(fingerprint="aa01"), title="x")
    assert page.skeleton.count('"id": "d-0601"') == 3


@pytest.mark.parametrize(("status", "dashed"), [("new", False), ("still", False), ("gone", True), ("excepted", True)])
def test_cases_that_need_nobody_are_outlines(divisions, findings, status: str, dashed: bool) -> None:
    html = draw_findings(divisions, findings.assign(status=status), language="en", title="x").skeleton
    assert ('"4 3"' in html) is dashed
