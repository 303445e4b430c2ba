"""Open the pages of names in a real browser, at the width of a desk and of a phone."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from fixtures.browser import DESKTOP, PHONE, Visit
from services.web.contexts import Choice, Context, DivisionLink, HitLine, SearchPage
from services.web.naming_contexts import NamesPage, NamingLine
from services.web.static_files import create_static_router, gather_assets
from services.web.templating import Pages, Reader

ABADAN = DivisionLink("0601", "آبادان", "شهرستان", "ir")
LINE = NamingLine(ABADAN, "حروف بیگانه", "آبادان", ("کشیده (تطویل) دارد.",), "آبادان")
HIT = HitLine(ABADAN, (DivisionLink("06", "خوزستان", "استان", "ir"),), 298_090, ("خود نام",), "عبادان")
CHOICES = (Choice("", "همه"), Choice("letters", "حروف بیگانه", True))


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """Serve both pages with invented contents."""
    assets = gather_assets()
    pages, app = Pages(assets), FastAPI(docs_url=None, redoc_url=None)
    app.include_router(create_static_router(assets))

    def send(request: Request, page: Context) -> HTMLResponse:
        rendered = pages.render(page, Reader("fa", False, request.url.path))
        return HTMLResponse(rendered.html, headers={"Content-Security-Policy": rendered.policy})

    @app.get("/search")
    def search(request: Request, text: str = "") -> HTMLResponse:
        return send(request, SearchPage(asked=text, hits=(HIT,) * 3, total=3, equal=2))

    @app.get("/names")
    def names(request: Request, text: str = "") -> HTMLResponse:
        counts, proposal = (("حروف بیگانه", 1_954),), "Khorram Ābād" if text else ""
        page = NamesPage((LINE,) * 3, 9, counts, asked=text, proposal=proposal, can_romanize=True, rules=CHOICES)
        return send(request, page)

    return app


Visitor = Callable[..., Visit]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/search?text=آبادان", "/names", "/names?text=خرم آباد"])
def test_a_page_asks_only_us_and_fits(visit: Visitor, path: str, size: tuple[int, int]) -> None:
    seen = visit(path, size)
    assert seen.refused == []
    assert seen.messages == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_name_that_answers_is_shown(visit: Visitor) -> None:
    page = visit("/search?text=عبادان").page
    assert "عبادان" in page.locator("tbody th").first.inner_text()
    assert "۲ مورد" in page.locator("p.note").first.inner_text()


def test_a_name_is_written_from_the_keyboard(visit: Visitor) -> None:
    page = visit("/names").page
    page.fill("[name=text]", "خرم آباد")
    page.press("[name=text]", "Enter")
    assert page.locator("p.good").inner_text() == "Khorram Ābād"
