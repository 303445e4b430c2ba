"""Check what holds for every page: offline, repeatable, safe against names that attack it."""

from collections.abc import Callable

import geopandas as gpd
import pytest

from maps import Assets, Delivery, Page, draw_branches, draw_density, draw_findings, draw_plan
from maps.offline import list_remote_addresses, list_script_hashes, write_policy

Drawn = Callable[[str], Page]


@pytest.fixture(params=["findings", "branches", "complaints", "plan"])
def drawn(
    request: pytest.FixtureRequest,
    divisions: gpd.GeoDataFrame,
    findings: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    density: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
) -> Drawn:
    draw: dict[str, Callable[..., Page]] = {
        "findings": lambda **about: draw_findings(divisions, findings, **about),
        "branches": lambda **about: draw_branches(divisions, stations, **about),
        "complaints": lambda **about: draw_density(density, **about),
        "plan": lambda **about: draw_plan(units, **about),
    }
    title = "<script>window.broken=1</script>"
    return lambda language: draw[request.param](language=language, title=title, attribution="© <b>ODbL</b>")


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("delivery", list(Delivery))
def test_a_page_asks_no_other_host(drawn: Drawn, delivery: Delivery, language: str) -> None:
    assert list_remote_addresses(drawn(language).html(delivery)) == []


def test_the_same_input_gives_the_same_bytes(drawn: Drawn) -> None:
    assert drawn("fa").html() == drawn("fa").html()


def test_a_sent_page_needs_no_file_beside_it(drawn: Drawn) -> None:
    html = drawn("fa").html(Delivery.INLINE)
    assert "asset:" not in html
    assert '<link rel="stylesheet"' not in html


def test_a_served_page_links_to_the_whitelist(drawn: Drawn) -> None:
    assert Assets().url("leaflet.js") in drawn("fa").html(Delivery.SERVED)


def test_no_text_of_strangers_becomes_markup(drawn: Drawn) -> None:
    html = drawn("fa").html(Delivery.SERVED)
    assert "<script>window.broken" not in html
    assert "<img src=x" not in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("language", "opening"), [("fa", '<html lang="fa" dir="rtl">'), ("en", '<html lang="en" dir="ltr">')]
)
def test_a_page_says_its_language_and_direction(drawn: Drawn, language: str, opening: str) -> None:
    assert opening in drawn(language).skeleton


def test_the_page_forbids_what_it_does_not_hold(drawn: Drawn) -> None:
    html = drawn("fa").html()
    assert f'<meta http-equiv="Content-Security-Policy" content="{write_policy(html)}">' in html
    assert len(list_script_hashes(html)) == 3
