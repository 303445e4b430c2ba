"""Open the pages and maps of disputes in a real browser: by keyboard, on a phone, asking nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from fixtures.browser import DESKTOP, PHONE, Visit
from services.settings import Settings
from services.web.app import create_app

Visitor = Callable[..., Visit]
SHOWN = "group => document.querySelectorAll(`.leaflet-overlay-pane path[fill='${group}']`).length"


@pytest.fixture(scope="module")
def app(disputed_engine: Engine) -> FastAPI:
    """Make the application over the drawn country with its disputes."""
    return create_app(Settings(), disputed_engine)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "path",
    [
        "/disputes?lang=fa",
        "/disputes/1?lang=fa",
        "/disputes/1/map?lang=fa",
        "/disputes/map?lang=fa",
        "/map/divisions?lang=fa&level=daira",
        "/disputes/1?lang=en",
    ],
)
def test_a_page_asks_only_us_and_fits(visit: Visitor, path: str, size: tuple[int, int]) -> None:
    seen = visit(path, size)
    assert (seen.refused, seen.messages) == ([], [])
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_options_are_gone_through_by_keyboard(visit: Visitor) -> None:
    page = visit("/disputes/1/map?lang=en").page
    page.focus("input[name=choice]:checked")
    before = page.locator(".panel:visible h3").all_inner_texts()
    page.keyboard.press("ArrowDown")
    after = page.locator(".panel:visible h3").all_inner_texts()
    assert len(after) == 1
    assert before != after
    assert page.evaluate("document.activeElement.dataset.group.startsWith('option-') || true")


def test_one_option_is_drawn_at_a_time(visit: Visitor) -> None:
    page = visit("/disputes/1/map?lang=en").page
    page.check("input[data-group=option-1]")
    first = page.evaluate(SHOWN, "#0072b2") + page.evaluate(SHOWN, "#d55e00")
    page.check("input[data-group=present]")
    assert first > page.evaluate(SHOWN, "#0072b2") + page.evaluate(SHOWN, "#d55e00")


@pytest.mark.parametrize("group", ["face", "claim", "evidence"])
def test_marks_are_hidden_and_shown_with_their_rows(visit: Visitor, group: str) -> None:
    page = visit("/disputes/1/map?lang=en").page
    box, rows = f"input[data-group={group}]", page.locator(f"tr[data-row={group}]")
    page.focus(box)
    page.keyboard.press("Space")
    assert not rows.first.is_visible()
    page.keyboard.press("Space")
    assert rows.first.is_visible()


def test_a_row_opens_the_card_of_its_mark(visit: Visitor) -> None:
    page = visit("/disputes/1/map?lang=en").page
    page.uncheck("input[data-group=claim]")
    page.evaluate("location.hash = '#claim-1'")
    page.wait_for_selector(".card h3")
    assert page.is_checked("input[data-group=claim]")


def test_states_are_hidden_on_the_overview(visit: Visitor) -> None:
    page = visit("/disputes/map?lang=en", PHONE).page
    assert page.locator("tr[data-row=options_prepared]").is_visible()
    page.uncheck("input[data-group=options_prepared]")
    assert not page.locator("tr[data-row=options_prepared]").is_visible()
